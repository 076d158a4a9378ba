#include "monitor/line/judged.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "monitor/text/cues.hpp"
#include "monitor/text/private_data.hpp"
#include "monitor/text/simhash.hpp"

namespace brandwacht::line {

bool exposes(std::string_view text) {
  using enum text::PrivateKind;
  constexpr std::array kinds{iban, card, bsn, customer};
  const auto holds = [&](text::PrivateKind kind) {
    const std::string mark = "[" + std::string(text::to_string(kind)) + "]";
    return text.find(mark) != std::string_view::npos;
  };
  return std::ranges::any_of(kinds, holds) ||
         std::ranges::any_of(text::find_private(text), [&](const auto& found) {
           return std::ranges::find(kinds, found.kind) != kinds.end();
         });
}

text::Score to_decimals(text::Score score) noexcept {
  for (float* p : {&score.negative, &score.positive, &score.anger, &score.complaint, &score.abuse,
                   &score.threat, &score.hate, &score.spam, &score.call_to_action, &score.concrete,
                   &score.joins})
    *p = static_cast<float>(static_cast<double>(std::lround(*p * 10'000.0F)) / 10'000.0);
  return score;
}

thread::Voice voice_of(const text::Score& score) noexcept {
  thread::Voice voice;
  voice.anger = score.anger;
  voice.action = score.call_to_action;
  voice.concrete = score.concrete;
  voice.threat = score.threat;
  voice.first_person = (score.cues & text::kFirstPerson) != 0;
  voice.they = (score.cues & text::kThey) != 0;
  return voice;
}

void add_text(Judged& judged, double negative_at) {
  thread::Voice& voice = judged.seen.voice;
  voice.private_data = judged.seen.official && exposes(judged.text);
  voice.link = judged.text.find("http") != std::string_view::npos;
  if (judged.seen.negative >= negative_at) voice.print = text::simhash(judged.text);
}

void score_again(Judged& judged, double negative_at) {
  if (judged.erased) return;
  judged.score = to_decimals(text::score(judged.text, judged.lang));
  judged.seen.negative = judged.score.negative;
  thread::Voice& voice = judged.seen.voice;
  const bool addressed = voice.addressed;
  voice = voice_of(judged.score);
  voice.addressed = addressed;
  add_text(judged, negative_at);
}

}  // namespace brandwacht::line
