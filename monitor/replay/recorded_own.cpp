#include "monitor/replay/recorded_own.hpp"

#include <charconv>
#include <cstring>

namespace brandwacht::replay {
namespace {

// Goes through the line; once something is not as expected it stays where it is and good() is
// false.
class Cursor {
 public:
  explicit Cursor(std::string_view line) : at_(line.data()), end_(at_ + line.size()) {}

  bool good() const { return good_; }
  bool at_end() const { return good_ && at_ == end_; }
  // Is `what` next? Then it is passed.
  bool skip(std::string_view what) {
    if (!good_ || static_cast<std::size_t>(end_ - at_) < what.size() ||
        std::memcmp(at_, what.data(), what.size()) != 0)
      return false;
    at_ += what.size();
    return true;
  }
  void need(std::string_view what) { good_ = skip(what) && good_; }
  template <class Number>
  void number(Number& out) {
    if (!good_) return;
    const auto [behind, error] = std::from_chars(at_, end_, out);
    good_ = error == std::errc{};
    at_ = behind;
  }
  // What stands before the next `last`, which is passed.
  std::string_view until(char last) {
    if (!good_) return {};
    const auto* const found =
        static_cast<const char*>(std::memchr(at_, last, static_cast<std::size_t>(end_ - at_)));
    good_ = found != nullptr;
    if (!good_) return {};
    const std::string_view out(at_, static_cast<std::size_t>(found - at_));
    at_ = found + 1;
    return out;
  }
  // ,"key":"text", where `key` is all of that up to the text; absent: empty. No escapes.
  void text(std::string_view key, std::string_view& out) {
    if (!skip(key)) return;
    out = until('"');
    if (!out.empty() && std::memchr(out.data(), '\\', out.size()) != nullptr) good_ = false;
  }

 private:
  const char* at_;
  const char* end_;
  bool good_ = true;
};

}  // namespace

bool read_own_line(std::string_view line, RecordedLine& out) noexcept {
  line::Judged& judged = out.judged;
  Cursor cursor(line);
  cursor.need("{\"seq\":");
  cursor.number(out.seq);
  cursor.need(",\"kind\":\"");
  const auto kind = parse_mention_kind(cursor.until('"'));
  if (!kind || (*kind != MentionKind::create && *kind != MentionKind::edit)) return false;
  judged.kind = *kind;
  cursor.text(",\"platform\":\"", judged.platform);
  cursor.text(",\"id\":\"", judged.id);
  cursor.text(",\"thread\":\"", judged.thread);
  cursor.text(",\"parent\":\"", judged.parent);
  cursor.text(",\"quoted\":\"", judged.quoted);
  cursor.text(",\"author\":\"", judged.author);
  cursor.text(",\"author_name\":\"", judged.author_name);
  cursor.text(",\"lang\":\"", judged.lang);
  cursor.text(",\"text\":\"", judged.text);
  cursor.text(",\"url\":\"", judged.url);
  std::string_view created, received;
  cursor.text(",\"created_at\":\"", created);
  cursor.text(",\"received_at\":\"", received);
  judged.seen.official = cursor.skip(",\"official\":true");
  cursor.text(",\"brand\":\"", judged.brand);
  cursor.need(",\"scorer\":");
  cursor.number(out.scorer);
  cursor.need(",\"score\":");
  const std::string_view score = cursor.until('}');
  if (!cursor.good()) return false;
  thread::Voice& voice = judged.seen.voice;
  voice.addressed = cursor.skip(",\"addressed\":true");
  voice.link = cursor.skip(",\"link\":true");
  std::string_view print;
  cursor.text(",\"print\":\"", print);
  cursor.need("}");
  if (!cursor.at_end()) return false;
  const char* const end = print.data() + print.size();
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): the end is given
  if (!print.empty() && std::from_chars(print.data(), end, voice.print, 16).ptr != end)
    return false;
  return read_own_time(created, judged.seen.created_at) &&
         read_own_time(received, judged.seen.received_at) &&
         read_own_score({score.data(), score.size() + 1}, judged.score);
}

bool read_own_score(std::string_view object, text::Score& score) noexcept {
  const char* at = object.data();
  const char* const end = at + object.size();
  const auto skip = [&at, end](std::string_view what) {
    if (static_cast<std::size_t>(end - at) < what.size() ||
        std::memcmp(at, what.data(), what.size()) != 0)
      return false;
    at += what.size();
    return true;
  };
  if (!skip("{\"lang\":\"")) return false;
  if (skip("nl\""))
    score.language = text::Language::nl;
  else if (skip("en\""))
    score.language = text::Language::en;
  else if (!skip("other\""))
    return false;
  if (!skip(",\"cues\":")) return false;
  const auto [behind, error] = std::from_chars(at, end, score.cues);
  if (error != std::errc{}) return false;
  at = behind;
  const auto probability = [&](std::string_view key, float& out) {
    if (!skip(key) || end - at < 6 || at[1] != '.') return false;
    unsigned number = 0, wrong = 0;
    for (const int i : {0, 2, 3, 4, 5}) {
      const unsigned digit = static_cast<unsigned char>(at[i]) - unsigned{'0'};
      wrong |= digit > 9 ? 1U : 0U;
      number = number * 10 + digit;
    }
    at += 6;
    out = static_cast<float>(static_cast<double>(number) / 10'000.0);
    return wrong == 0 && number <= 10'000;
  };
  return probability(",\"negative\":", score.negative) &&
         probability(",\"positive\":", score.positive) && probability(",\"anger\":", score.anger) &&
         probability(",\"complaint\":", score.complaint) &&
         probability(",\"abuse\":", score.abuse) && probability(",\"threat\":", score.threat) &&
         probability(",\"hate\":", score.hate) && probability(",\"spam\":", score.spam) &&
         probability(",\"call_to_action\":", score.call_to_action) &&
         probability(",\"concrete\":", score.concrete) && probability(",\"joins\":", score.joins) &&
         skip("}") && at == end;
}

bool read_own_time(std::string_view text, Time& out) noexcept {
  char millis[24];
  Duration rest{};
  if (text.size() == 27) {
    std::memcpy(millis, text.data(), 23);
    millis[23] = 'Z';
    for (const std::size_t i : {23U, 24U, 25U}) {
      if (text[i] < '0' || text[i] > '9') return false;
      rest = rest * 10 + Duration{text[i] - '0'};
    }
    if (text[19] != '.' || text[26] != 'Z') return false;
    text = {millis, sizeof millis};
  }
  const auto time = parse_rfc3339(text);
  if (!time) return false;
  out = *time + rest;
  return true;
}

}  // namespace brandwacht::replay
