// Random mentions, random damage, every byte: seeded, so that a failure comes back.
#include <algorithm>
#include <random>

#include "tests/monitor/json_support.hpp"

namespace brandwacht::test {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t bound) { return std::size_t(engine_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }

  // Any code point but U+0000 and the surrogates, the awkward ones often.
  void append_code_point(std::string& out) {
    static const char* const kAwkward[] = {
        "\"",     "\\",         "\n",         "\r",     "\t",     "\x01",   "\x1F",
        "\x7F",   "/",          "\u2028",     "é",      "\uFEFF", "\uD7FF", "\uE000",
        "\uFFFF", "\U0001F621", "\U0010FFFF", "\u202E", "{",      "}",      "\\u0000"};
    if (one_in(3))
      out += kAwkward[below(std::size(kAwkward))];
    else
      out += char('a' + below(26));
  }
  std::string text(std::size_t most) {
    std::string out;
    for (auto n = below(most + 1); n > 0; --n)
      append_code_point(out);
    return out;
  }
  std::vector<std::string> list(std::size_t most) {
    std::vector<std::string> out(below(most + 1));
    for (auto& item : out)
      item = "i" + text(5);
    return out;
  }
  Time time() { return Time{std::chrono::milliseconds{1 + below(std::size_t{1} << 47)}}; }

  Mention mention() {
    Mention m;
    m.platform = "p" + text(3);
    m.kind = MentionKind(below(4));
    if (m.kind != MentionKind::author_gone) m.id = "1" + text(10);
    if (m.kind != MentionKind::remove || one_in(2)) m.author = "a" + text(10);
    m.thread = one_in(2) ? m.id : "t" + text(10);
    m.parent = text(10);
    m.quoted = text(10);
    m.author_name = text(20);
    m.created_at = time();
    m.received_at = time();
    m.langs = list(MentionView::kMaxLangs);
    m.text = text(100);
    m.url = text(20);
    m.accounts = list(MentionView::kMaxAccounts);
    m.tags = list(MentionView::kMaxTags);
    m.official = one_in(3);
    return m;
  }

 private:
  std::mt19937_64 engine_;
};

bool same(const Mention& a, const Mention& b) {
  return a.platform == b.platform && a.id == b.id && a.kind == b.kind && a.thread == b.thread &&
         a.parent == b.parent && a.quoted == b.quoted && a.author == b.author &&
         a.author_name == b.author_name && a.created_at == b.created_at &&
         a.received_at == b.received_at && a.langs == b.langs && a.text == b.text &&
         a.url == b.url && a.accounts == b.accounts && a.tags == b.tags && a.official == b.official;
}

TEST_CASE("what is written is read back") {
  Dice dice(4);
  for (int i = 0; i < 3000; ++i) {
    const Mention before = dice.mention();
    const std::string line = to_json(before.view());
    CAPTURE(line);
    REQUIRE(line.find('\n') == std::string::npos);
    const Parsed p(line);
    REQUIRE(p.fault == LineFault::none);
    REQUIRE(same(Mention(p.view), before));
  }
}

void damage(std::string& line, Dice& dice) {
  static constexpr std::string_view kAwkward("\"\\{}[]:,\0\n ut01-nf\xED\xFF\x80\xC3", 23);
  if (line.empty()) line = "{";
  const std::size_t at = dice.below(line.size());
  switch (dice.below(6)) {
    case 0:
      line[at] = char(dice.below(256));
      break;
    case 1:
      line[at] = kAwkward[dice.below(kAwkward.size())];
      break;
    case 2:
      line.insert(at, 1, kAwkward[dice.below(kAwkward.size())]);
      break;
    case 3:
      line.erase(at, 1 + dice.below(8));
      break;
    case 4:  // a piece of it once more
      line.insert(dice.below(line.size()), line.substr(at, 1 + dice.below(40)));
      break;
    default:
      if (dice.one_in(4)) line.resize(at);
  }
}

// What a mention that was let through must be, however damaged its line.
void require_sound(const MentionView& view, std::size_t line_size) {
  std::size_t total = 0;
  for (const auto text : all_strings(view)) {
    REQUIRE(
        simdjson::validate_utf8(text.data(), text.size()));  // reads it all: a sanitizer watches
    REQUIRE(text.find('\0') == std::string_view::npos);
    total += text.size();
  }
  REQUIRE(total <= line_size + view.id.size());  // `thread` may be `id` again
  REQUIRE_FALSE(view.platform.empty());
  const auto again = to_json(view);
  const Mention owned(view);
  const Parsed p(again);
  REQUIRE(p.fault == LineFault::none);
  REQUIRE(p.view.text == owned.text);
  REQUIRE(p.view.id == owned.id);
}

TEST_CASE(
    "damaged lines are read soundly or refused, and never for syntax where the syntax is good") {
  Dice dice(5);
  simdjson::dom::parser reference;
  std::size_t read = 0, refused = 0;
  for (int i = 0; i < 40000; ++i) {
    std::string line = to_json(dice.mention().view());
    for (auto n = 1 + dice.below(3); n > 0; --n)
      damage(line, dice);
    CAPTURE(i, line);
    const Parsed p(line, char(dice.below(256)));
    const bool good = !reference.parse(line).error();
    if (p.fault == LineFault::none) {
      ++read;
      require_sound(p.view, line.size());
    } else {
      ++refused;
      if (good) {
        REQUIRE(p.fault != LineFault::truncated);
        REQUIRE(p.fault != LineFault::bad_json);
        REQUIRE(p.fault != LineFault::bad_utf8);
      }
    }
  }
  CHECK(read > 5000);
  CHECK(refused > 5000);
}

TEST_CASE("lines of random brackets and quotes are refused") {
  Dice dice(6);
  static constexpr std::string_view kBytes = "{}[]\":,\\ a1n";
  for (int i = 0; i < 20000; ++i) {
    std::string line = "{";
    for (auto n = dice.below(30); n > 0; --n)
      line += kBytes[dice.below(kBytes.size())];
    CAPTURE(line);
    REQUIRE(Parsed(line, kBytes[dice.below(kBytes.size())]).fault != LineFault::none);
  }
}

// What a JSON parser makes of append_json_string(text).
std::string through_json(std::string_view text) {
  static simdjson::dom::parser parser;
  std::string json;
  append_json_string(json, text);
  std::string_view back;
  CAPTURE(json);
  REQUIRE_FALSE(parser.parse(json).get_string().get(back));
  return std::string(back);
}

TEST_CASE("every byte and pair of bytes becomes a JSON string") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const char bytes[] = {'a', char(first), char(second), 'z'};
      const std::string_view text(bytes, sizeof bytes);
      const auto back = through_json(text);
      if (simdjson::validate_utf8(text.data(), text.size()))
        REQUIRE(back == text);
      else
        REQUIRE(back.find("\uFFFD") != std::string::npos);
    }
  }
}

TEST_CASE("what is no UTF-8 is replaced byte by byte and the rest is kept") {
  CHECK(through_json("caf\xE9 ol\xE9") == "caf\uFFFD ol\uFFFD");
  CHECK(through_json("\xF0\x9F\x98") == "\uFFFD\uFFFD\uFFFD");
  CHECK(through_json("\xF0\x9F\x98\xA1\xFF") == "\U0001F621\uFFFD");
  CHECK(through_json("\xED\xA0\x80!") == "\uFFFD\uFFFD\uFFFD!");
  CHECK(through_json("") == "");
  std::string out = "x";
  append_json_string(out, "a\n\"\\\x01\x7F");
  CHECK(out == "x\"a\\n\\\"\\\\\\u0001\\u007f\"");
  Dice dice(7);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = dice.text(20);
    for (auto n = dice.below(4); n > 0; --n)
      bytes.insert(dice.below(bytes.size() + 1), 1, char(0x80 + dice.below(128)));
    through_json(bytes);
  }
}

}  // namespace
}  // namespace brandwacht::test
