// What the daemon does with the body of POST /v1/mentions: one mention as JSON (also over several
// lines), or NDJSON.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/mention_json.hpp"
#include "monitor/sink.hpp"

namespace brandwacht::connectors {

struct IngestFault {
  std::size_t line = 0;  // from 1
  LineFault fault = LineFault::none;
};

struct IngestResult {
  static constexpr std::size_t kFaultsShown = 10;

  bool supported = true;  // false: the content type is none of ours, and nothing was read (415)
  std::uint64_t accepted = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(LineFault::count_)> by_fault{};  // rejected
  std::vector<IngestFault> faults;  // the first kFaultsShown

  std::uint64_t rejected() const;
};

// {"accepted":2,"rejected":1,"by_fault":{"bad_json":1},"faults":[{"line":3,"fault":"bad_json"}]}
std::string to_json(const IngestResult& result);

// Each mention is given to `sink` at once, a refused line does not hold up the others, and rejects
// are told to it as of the source "http". Blocks for as long as the parsing takes, so the server
// bounds the body; await sink.ready() afterwards. Content types: application/json,
// application/x-ndjson, application/ndjson, application/jsonl, application/x-jsonlines, text/plain,
// or none. Parameters (charset) are ignored.
IngestResult ingest_body(std::string_view body, std::string_view content_type, Time now,
                         MentionSink& sink);

}  // namespace brandwacht::connectors
