// Lines in buffers of exactly the size that the parser may read, and what comes out of them. All
// people and texts in these tests are invented.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/mention_json.hpp"
#include "tests/monitor/support.hpp"

namespace brandwacht::test {

inline constexpr Time kNow{1'767'225'600s};

class Parsed {
 public:
  // `behind` fills the padding: bytes of the next line, in life.
  explicit Parsed(std::string_view line, char behind = ' ')
      : buffer_(line.begin(), line.end()), parser_(shared()) {
    buffer_.insert(buffer_.end(), simdjson::SIMDJSON_PADDING, behind);
    buffer_.shrink_to_fit();
    fault = parser_.parse({buffer_.data(), line.size()}, kNow, view);
  }

  LineFault fault;
  MentionView view;

 private:
  static MentionParser& shared() {
    static MentionParser parser;
    return parser;
  }

  std::vector<char> buffer_;
  MentionParser& parser_;
};

inline LineFault fault_of(std::string_view line) {
  return Parsed(line).fault;
}

// A line with the required fields and `more`, which begins with a comma or is empty.
inline std::string line_with(std::string_view more) {
  return R"({"platform":"bluesky","id":"1","author":"a")" + std::string(more) + "}";
}

inline std::vector<std::string_view> all_strings(const MentionView& view) {
  std::vector<std::string_view> all{view.platform,    view.id,     view.thread,
                                    view.parent,      view.quoted, view.author,
                                    view.author_name, view.text,   view.url};
  all.insert(all.end(), view.langs.begin(), view.langs.end());
  all.insert(all.end(), view.accounts.begin(), view.accounts.end());
  all.insert(all.end(), view.tags.begin(), view.tags.end());
  return all;
}

}  // namespace brandwacht::test

namespace Catch {
template <>
struct StringMaker<brandwacht::LineFault> {
  static std::string convert(brandwacht::LineFault fault) {
    return std::string(brandwacht::to_string(fault));
  }
};
}  // namespace Catch
