// The common NDJSON of a mention: one JSON object a line, the same in files, on stdin, over HTTP
// and in recordings.
//
//   {"platform","id","kind","thread","parent","quoted","author","author_name","created_at" (RFC
//   3339),
//    "received_at","lang" (string or
//    array),"text","url","accounts":[...],"tags":[...],"official":bool}
//
// Required: platform, id (not for author_gone), author (not for delete). Absent: `kind` is create,
// `thread` is `id`, `received_at` is now, `created_at` is received_at. null is absent. Unknown keys
// are ignored, and errors inside their values may go unseen; a key written with escapes is unknown;
// of a key given twice the last counts.
#pragma once
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "monitor/mention.hpp"

namespace brandwacht {

// Why a line was refused. Counted by kind; the rest of the stream goes on.
enum class LineFault : std::uint8_t {
  none,
  too_long,   // over the line cap
  truncated,  // JSON that ends too early
  bad_json,   // any other syntax error, including bytes behind the document
  bad_utf8,
  too_deep,  // an ignored value with more than 64 levels
  not_an_object,
  missing_field,  // a required field is absent or empty
  wrong_type,     // a field has the wrong type, or a lone surrogate escape
  bad_time,
  bad_kind,
  embedded_nul,  // U+0000 in an identifier or the text
  count_,
};
std::string_view to_string(LineFault fault) noexcept;

inline constexpr std::size_t kMaxLineBytes = 1 << 20;
inline constexpr std::size_t kMaxDepth = 64;

// Reused from line to line; not for two threads at once.
class MentionParser {
 public:
  MentionParser();

  // Parses one line in place. `line` must be followed by at least simdjson::SIMDJSON_PADDING
  // readable bytes. On success `out` points into `line` and into this parser, until the next call.
  // `now` fills received_at where the line has none.
  LineFault parse(std::string_view line, Time now, MentionView& out);

 private:
  simdjson::ondemand::parser parser_;
};

// One line without the newline.
std::string to_json(const MentionView& mention);

// Appends `text` as a JSON string with quotes. Invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace brandwacht
