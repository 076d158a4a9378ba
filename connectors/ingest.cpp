#include "connectors/ingest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "connectors/ndjson_line.hpp"

namespace brandwacht::connectors {
namespace {

enum class Form : std::uint8_t { lines, any, unknown };

Form form_of(std::string_view content_type) {
  std::string type(trim_line(content_type.substr(0, content_type.find(';'))));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const std::string_view name : {"application/x-ndjson", "application/ndjson",
                                      "application/jsonl", "application/x-jsonlines"})
    if (type == name) return Form::lines;
  return type.empty() || type == "application/json" || type == "text/plain" ? Form::any
                                                                            : Form::unknown;
}

// A first line that is a whole object begins NDJSON; one that is not begins an object over several
// lines.
bool begins_with_whole_line(std::string_view body) {
  body = trim_line(body);
  const auto first = trim_line(body.substr(0, body.find('\n')));
  return first.size() == body.size() || first.ends_with('}');
}

class Ingest {
 public:
  Ingest(Time now, MentionSink& sink, IngestResult& result)
      : now_(now), sink_(sink), result_(result) {}

  void take(std::string_view json, std::size_t line) {
    json = trim_line(json);
    if (json.empty()) return;
    MentionView mention;
    const LineFault fault = parser_.parse(json, now_, mention);
    if (fault == LineFault::none) {
      ++result_.accepted;
      sink_.accept(mention);
      return;
    }
    ++result_.by_fault[static_cast<std::size_t>(fault)];
    if (result_.faults.size() < IngestResult::kFaultsShown) result_.faults.push_back({line, fault});
    sink_.reject("http", fault);
  }

 private:
  MentionParser parser_;
  Time now_;
  MentionSink& sink_;
  IngestResult& result_;
};

}  // namespace

std::uint64_t IngestResult::rejected() const {
  return std::accumulate(by_fault.begin(), by_fault.end(), std::uint64_t{0});
}

std::string to_json(const IngestResult& result) {
  std::string out = fmt::format(R"({{"accepted":{},"rejected":{},"by_fault":{{)", result.accepted,
                                result.rejected());
  std::string_view comma;
  for (std::size_t i = 0; i < result.by_fault.size(); ++i) {
    if (result.by_fault[i] == 0) continue;
    fmt::format_to(std::back_inserter(out), R"({}"{}":{})", comma,
                   to_string(static_cast<LineFault>(i)), result.by_fault[i]);
    comma = ",";
  }
  out += R"(},"faults":[)";
  comma = {};
  for (const auto& [line, fault] : result.faults) {
    fmt::format_to(std::back_inserter(out), R"({}{{"line":{},"fault":"{}"}})", comma, line,
                   to_string(fault));
    comma = ",";
  }
  out += "]}";
  return out;
}

IngestResult ingest_body(std::string_view body, std::string_view content_type, Time now,
                         MentionSink& sink) {
  IngestResult result;
  const Form form = form_of(content_type);
  if (form == Form::unknown) {
    result.supported = false;
    return result;
  }
  std::string padded;  // the parser reads a little past each line
  padded.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  padded.append(body).append(simdjson::SIMDJSON_PADDING, '\0');
  std::string_view rest(padded.data(), body.size());

  Ingest ingest(now, sink, result);
  if (form == Form::any && !begins_with_whole_line(rest)) {
    ingest.take(rest, 1);
    return result;
  }
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const auto end = std::min(rest.find('\n'), rest.size());
    ingest.take(rest.substr(0, end), line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

}  // namespace brandwacht::connectors
