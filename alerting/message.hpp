// What a person reads: the same words at every target, cut to what each one takes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/cut.hpp"
#include "alerting/json.hpp"
#include "alerting/message_words.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

// "T1 Acme: 12 critics in 40 min"; "cooling: ..." and, for a resolve, "over: ...". An incident that
// cools is never called clear: it may flare up.
std::string headline(const Page& page, std::string_view language = "en");

// The incident's page in this daemon's API; empty without external_url.
std::string incident_link(const Incident& incident, std::string_view external_url);

// `url` if it is one that vendors take (http or https, printable ASCII), else empty: what a
// platform calls a URL must not cost the page.
std::string_view web_url(std::string_view url) noexcept;

// "critical" T1, "error" T2, "warning" below.
std::string_view severity(Tier tier) noexcept;

// Somebody may still take it: a trigger that does not say that it cools.
bool can_be_acknowledged(const Page& page) noexcept;

// How much of an incident goes into a message. Lengths in code points.
struct Detail {
  std::size_t posts, post_length, reasons, reason_length;
  std::size_t advice, advice_length, title_length;
};

// The first result of `build` that has at most `limit` bytes, from everything down to the bare
// figures: posts go first, then reasons, then advice, then the title is cut. The last one if none
// fits. For bodies that programs read.
std::string shrink_to(std::size_t limit, const std::function<std::string(const Detail&)>& build);

// "reasons":[...],"posts":[...] and, where there is any, "advice":{...} into an open object.
void write_details(JsonWriter& json, const Incident& incident, const Detail& detail);

// In whose name and language a message speaks.
struct Voice {
  std::string external_url;     // of this daemon's API; empty: no link to it
  std::string language = "en";  // "nl", "en"
  bool posts = true;
};

// One line of a message, valid UTF-8, without its mark.
struct Line {
  enum class Part : std::uint8_t { note, advice, playbook, reason, post };
  Part part = Part::reason;
  std::string text;
};

// A message as people see it, before a vendor's markup.
struct Shown {
  std::string headline;
  std::vector<Line> lines;       // most needed first
  std::string thread, incident;  // links; empty: none
};

Shown show(const Page& page, const Voice& voice, const Detail& detail);

// With its mark: "- " before a reason, "> " before a post.
std::string plain(const Line& line);
std::string to_text(const Shown& shown, bool with_headline = true);

// The first result of `build` for which `fits` is true, as shrink_to(), but from what people read
// at a glance. The last one if none fits.
std::string shrink_shown(const std::function<bool(const std::string&)>& fits,
                         const std::function<std::string(const Detail&)>& build);

// The fullest message whose to_text() fits. Links stay whole; only one that takes more than half of
// the room by itself is left out. With room for less than two links of ours, nothing is promised.
Shown fit(const Page& page, const Voice& voice, Room room, bool with_headline = true);

// The text that reaches a phone: headline, what to do, reasons, posts, links. Several lines, no
// newline at the end.
std::string phone_text(const Page& page, std::string_view external_url, bool with_posts = true,
                       std::string_view language = "en");

}  // namespace brandwacht::alerting
