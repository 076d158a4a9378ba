// The writing half of recorded.hpp.
#include <fmt/format.h>

#include <cstring>
#include <iterator>

#include "monitor/replay/recorded.hpp"
#include "monitor/text/redact.hpp"

namespace brandwacht::replay {
namespace {

constexpr std::size_t kMaxText = 4096;  // bytes; the scorer reads no more

std::string_view cut(std::string_view text) {
  if (text.size() <= kMaxText) return text;
  std::size_t end = kMaxText;
  while (end > kMaxText - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return text.substr(0, end);
}

// "2026-05-25T14:23:28.757123Z"
void append_time(std::string& out, std::string_view key, Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  fmt::format_to(std::back_inserter(out), ",\"{}\":\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z\"",
                 key, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                 clock.seconds().count(), clock.subseconds().count());
}

void append_text(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out += ",\"";
  out += key;
  out += "\":";
  append_json_string(out, value);
}

void append_score(std::string& out, const line::Judged& judged, std::uint32_t scorer) {
  append_text(out, "brand", judged.brand);
  fmt::format_to(std::back_inserter(out), ",\"scorer\":{},\"score\":{{\"lang\":\"{}\",\"cues\":{}",
                 scorer, text::to_string(judged.score.language), judged.score.cues);
  for (const auto& [name, value] : text::probabilities(judged.score))
    fmt::format_to(std::back_inserter(out), ",\"{}\":{:.4f}", name, value);
  out += '}';
  const thread::Voice& voice = judged.seen.voice;
  if (voice.addressed) out += ",\"addressed\":true";
  if (voice.link) out += ",\"link\":true";
  if (voice.print != 0)
    fmt::format_to(std::back_inserter(out), ",\"print\":\"{:016x}\"", voice.print);
}

void append_keys(std::string& out, const thread::Observation& seen) {
  fmt::format_to(std::back_inserter(out),
                 ",\"keys\":[\"{:016x}\",\"{:016x}\",\"{:016x}\",\"{:016x}\",\"{:016x}\"]",
                 seen.mention, seen.thread, seen.parent, seen.quoted, seen.author);
}

void begin(std::string& out, const RecordedLine& line) {
  fmt::format_to(std::back_inserter(out), "{{\"seq\":{},\"kind\":\"{}\"", line.seq,
                 to_string(line.judged.kind));
  append_text(out, "platform", line.judged.platform);
}

void end(std::string& out, const RecordedLine& line) {
  const line::Judged& judged = line.judged;
  append_time(out, "created_at", judged.seen.created_at);
  append_time(out, "received_at", judged.seen.received_at);
  if (judged.seen.official) out += ",\"official\":true";
  const bool scored = judged.kind == MentionKind::create || judged.kind == MentionKind::edit;
  if (scored) append_score(out, judged, line.scorer);
  out += "}\n";
}

}  // namespace

Kept::Kept(const line::Judged& judged) : size_(0), judged_(judged) {
  judged_.text = cut(judged_.text);
  std::string_view* const parts[] = {&judged_.brand,  &judged_.platform,    &judged_.id,
                                     &judged_.thread, &judged_.parent,      &judged_.quoted,
                                     &judged_.author, &judged_.author_name, &judged_.lang,
                                     &judged_.text,   &judged_.url};
  for (const auto* part : parts)
    size_ += part->size();
  block_.reset(new char[size_]);
  char* at = block_.get();
  for (auto* part : parts) {
    if (!part->empty()) std::memcpy(at, part->data(), part->size());
    *part = {at, part->size()};
    at += part->size();
  }
}

void append_recorded(const RecordedLine& line, std::string& out) {
  const line::Judged& judged = line.judged;
  const bool words = judged.kind == MentionKind::create || judged.kind == MentionKind::edit;
  if (!words || judged.erased) return append_erased(line, out);
  begin(out, line);
  append_text(out, "id", judged.id);
  if (judged.thread != judged.id) append_text(out, "thread", judged.thread);
  append_text(out, "parent", judged.parent);
  append_text(out, "quoted", judged.quoted);
  append_text(out, "author", judged.author);
  append_text(out, "author_name", text::redact(judged.author_name));
  append_text(out, "lang", judged.lang);
  append_text(out, "text", text::redact(cut(judged.text)));
  append_text(out, "url", judged.url);
  end(out, line);
}

void append_erased(const RecordedLine& line, std::string& out) {
  begin(out, line);
  append_keys(out, line.judged.seen);
  const bool scored =
      line.judged.kind == MentionKind::create || line.judged.kind == MentionKind::edit;
  if (scored) out += ",\"erased\":true";
  end(out, line);
}

}  // namespace brandwacht::replay
