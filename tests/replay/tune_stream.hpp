// A small invented stream with a seed: threads about an invented bank, most of which stay small and
// some of which grow. Two of three that grow begin with a burst, so that there is something to
// learn.
#pragma once
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "monitor/mention.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht::replay::test {

inline constexpr Time kStreamStart{std::chrono::seconds{1'767'225'600}};  // 2026-01-01

struct StreamSettings {
  int weeks = 26;
  int threads_a_week = 40;
  double grows = 0.06;  // part of the threads
  unsigned seed = 7;
};

inline std::vector<Mention> invented_stream(const StreamSettings& settings) {
  static constexpr const char* kAngry[] = {
      "Schandalig, de app werkt weer niet en niemand reageert. Waardeloos!",
      "Belachelijk, alweer storing en geen enkele uitleg, ik ben er klaar mee",
      "Waardeloos, al uren geen betaling mogelijk en niemand die antwoordt"};
  std::mt19937 random(
      settings.seed);  // its numbers are the same everywhere, distributions' are not
  const auto uniform = [&] { return (static_cast<double>(random()) + 0.5) / 4294967296.0; };
  std::vector<Mention> out;
  for (int i = 0; i < settings.weeks * settings.threads_a_week; ++i) {
    const auto seconds = [&](double s) {
      return std::chrono::microseconds{static_cast<std::int64_t>(s * 1e6)};
    };
    const Time start = kStreamStart + seconds(uniform() * settings.weeks * 7 * 86'400.0);
    const bool grows = uniform() < settings.grows;
    const bool burst = grows ? uniform() < 0.67 : uniform() < 0.04;
    const int critics = grows   ? 45 + static_cast<int>(uniform() * 40)
                        : burst ? 6 + static_cast<int>(uniform() * 6)
                                : static_cast<int>(5 * uniform() * uniform());
    Mention root;
    root.platform = "invented";
    root.id = "t" + std::to_string(i);
    root.thread = root.id;
    root.author = root.author_name = "root" + std::to_string(i);
    root.text = "Sinds vanmorgen werkt de app van Polderbank niet, schandalig";
    root.url = "https://invented.example/" + root.id;
    root.created_at = root.received_at = start;
    out.push_back(root);
    Time at = start;
    for (int k = 0; k < critics; ++k) {
      const double pause = (burst ? 75 : 420) * (k > 8 ? 1.5 : 1) * (grows ? 1 : 1.6);
      at += seconds(20 + pause * 2 * uniform());
      Mention reply = root;
      reply.id += "-" + std::to_string(k);
      reply.parent = root.id;
      reply.author = reply.author_name = "c" + std::to_string(i) + "-" + std::to_string(k);
      reply.text = std::string(kAngry[random() % 3]) + " " + std::to_string(random() % 1000);
      reply.url = "https://invented.example/" + reply.id;
      reply.created_at = reply.received_at = at;
      out.push_back(std::move(reply));
    }
  }
  std::ranges::stable_sort(out, {}, &Mention::received_at);
  return out;
}

inline std::string to_ndjson(const std::vector<Mention>& mentions) {
  std::string out;
  for (const Mention& mention : mentions)
    out += to_json(mention.view()) + "\n";
  return out;
}

}  // namespace brandwacht::replay::test
