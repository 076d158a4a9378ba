// One event of Bluesky's Jetstream (version 1 wire) read into a mention. Pure: no I/O, no clock.
//
//   commit of app.bsky.feed.post   create -> create, update -> edit, delete -> remove
//   account with active:false      author_gone, unless the status is one that says nothing about
//   the wish of the author
//                                  or of the network (desynchronized, throttled)
//   everything else                ignored, but it moves the cursor
//
// Ids are AT-URIs (at://{did}/{collection}/{rkey}); the thread is record.reply.root.uri, else the
// post itself. Both times of order, created_at and the cursor, are the server's time_us: a record's
// own createdAt is set by the client and may be any date. Keys may come in any order (production
// sorts them, other servers keep that of DAG-CBOR).
//
// What the line cannot do without (did, time_us, operation, collection, rkey, text, reply) must be
// right, else the event is a fault. What only helps (langs, tags, facets, embed) is left out where
// it is not: a record is whatever its author's program wrote, and a critic with a malformed facet
// is still a critic.
#pragma once
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "monitor/mention.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht::connectors {

inline constexpr std::string_view kPostCollection = "app.bsky.feed.post";
// Bounds of time_us. Below, version 2 of the wire would take it for a sequence number; above, the
// year is past 9999.
inline constexpr std::int64_t kEarliestTimeUs = 1'000'000'000'000'000;
inline constexpr std::int64_t kLatestTimeUs = 253'402'300'799'999'999;

struct JetstreamEvent {
  enum class Kind : std::uint8_t { mention, ignored, fault };
  Kind kind = Kind::ignored;
  LineFault fault = LineFault::none;  // with Kind::fault
  std::int64_t time_us = 0;           // the cursor after this event; 0: the event did not say
  MentionView mention;                // with Kind::mention
};

// Reused from event to event; not for two threads at once.
class JetstreamParser {
 public:
  JetstreamParser();

  // Parses in place. `json` must be followed by at least simdjson::SIMDJSON_PADDING readable bytes.
  // The result's views point into `json` and into this parser, until the next call.
  const JetstreamEvent& parse(std::string_view json, Time now);

 private:
  LineFault read(std::string_view json, Time now);
  LineFault finish_commit(Time now);
  LineFault finish_account(Time now);

  // The parts of an event as they come by, in any order.
  struct Post {
    std::string_view text, root, parent;
    bool has_text = false, has_reply = false;
  };
  struct Parts {
    std::string_view did, kind;
    bool has_commit = false, has_account = false, has_record = false;
    std::string_view operation, collection, rkey;
    LineFault record_fault = LineFault::none;  // counts only if the record turns out to be a post
    Post post;
    bool active = true;
    std::string_view status;
  };
  friend struct JetstreamReader;

  simdjson::ondemand::parser parser_;
  Parts parts_;
  JetstreamEvent event_;
  std::string uri_, url_;  // reused, so that an event costs no allocation
};

}  // namespace brandwacht::connectors
