#include "bench/corpus.hpp"

#include <fmt/format.h>

#include <random>

#include "monitor/daemon/demo.hpp"
#include "monitor/mention_json.hpp"
#include "monitor/replay/replay.hpp"

namespace brandwacht::bench {
namespace {

struct Texts {
  std::vector<std::string> brand, other;
};

Texts texts() {
  Texts out;
  text::Matcher matcher(bench_settings().brands);
  for (const auto& mention : replay::read_mentions(daemon::demo_recording())) {
    MentionView view;
    view.text = mention.text;
    (matcher.match(view) ? out.brand : out.other).push_back(mention.text);
  }
  return out;
}

std::string root_id(std::uint64_t seed, std::size_t number) {
  return fmt::format("at://did:plc:root{:020x}/app.bsky.feed.post/{:05x}{:08x}", number, seed,
                     number);
}

}  // namespace

line::Settings bench_settings() {
  return daemon::demo_settings(line::DeskLanguage::en);
}

Corpus make_corpus(const CorpusSettings& settings) {
  const Texts pool = texts();
  std::mt19937_64 random(settings.seed);
  std::uniform_real_distribution<double> chance(0, 1);
  Corpus out;
  // A lower seed is a later time: the second corpus follows the first.
  Time now = *parse_rfc3339("2026-03-10T08:00:00Z") - std::chrono::hours{2} * settings.seed;
  std::vector<std::size_t> roots;  // of brand threads
  for (std::size_t i = 0; i < settings.mentions; ++i) {
    const bool match = chance(random) < settings.matching;
    // A reply to a tracked thread would match by its thread, so replies are drawn only among
    // matching mentions.
    const bool reply = match && !roots.empty() && chance(random) < 0.33;
    const auto& texts_of = match ? pool.brand : pool.other;
    now += std::chrono::milliseconds{20};
    Mention mention;
    mention.platform = "bluesky";
    mention.id = fmt::format("at://did:plc:{:024x}/app.bsky.feed.post/{:05x}{:08x}", random() >> 8,
                             settings.seed, i);
    if (reply) {
      const auto pick = static_cast<std::size_t>(static_cast<double>(roots.size()) *
                                                 chance(random) * chance(random));
      mention.thread = mention.parent = root_id(settings.seed, roots[pick]);
    } else if (match) {
      roots.push_back(i);
      mention.id = root_id(settings.seed, i);
    }
    mention.author = fmt::format("did:plc:{:024x}", random() % 40'000);
    mention.author_name = fmt::format("reader{}.example", random() % 40'000);
    mention.created_at = mention.received_at = now;
    mention.langs = {chance(random) < 0.7 ? "nl" : "en"};
    mention.text = texts_of[random() % texts_of.size()];
    mention.url = "https://social.example/profile/" + mention.author;
    out.ndjson += to_json(mention.view());
    out.ndjson += '\n';
    out.matching += match;
  }
  out.mentions = settings.mentions;
  out.bytes = out.ndjson.size();
  out.ndjson.append(64, '\0');
  return out;
}

}  // namespace brandwacht::bench
