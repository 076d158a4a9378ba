// An invented thread that ends in a page, as often as a bench wants it.
#pragma once
#include <fmt/format.h>

#include <string>

#include "bench/corpus.hpp"
#include "bench/figure.hpp"

namespace brandwacht::bench {

constexpr std::size_t kCritics = 28;  // of a scripted thread, beside its root

// Critic 0 wrote the root.
inline Mention scripted_mention(std::size_t incident, std::size_t critic) {
  Mention out;
  out.platform = "bench";
  const std::string root = fmt::format("incident-{:04}", incident);
  out.id = critic == 0 ? root : fmt::format("{}-{}", root, critic);
  out.thread = root;
  out.author = fmt::format("author-{}-{}", incident, critic);
  out.text = critic == 0 ? "Polderbank ligt er alweer uit, schandalig"
                         : "Belachelijk, waardeloze app, ik ben er klaar mee";
  return out;
}

// Which critic decides, according to the line itself, when they come `apart`.
inline std::size_t decisive_critic(Duration apart) {
  std::size_t decided = 0, current = 0;
  line::Hooks hooks;
  hooks.event = [&](const IncidentEvent& event) {
    if (event.kind == IncidentEventKind::page && decided == 0) decided = current;
  };
  line::Line line(bench_settings(), std::move(hooks));
  Time now = *parse_rfc3339("2026-03-10T08:00:00Z");
  for (current = 0; current <= kCritics; ++current) {
    auto one = scripted_mention(0, current);
    one.created_at = one.received_at = now += apart;
    line.process(one.view(), now);
  }
  require(decided > 0, "the scripted thread does not page");
  return decided;
}

}  // namespace brandwacht::bench
