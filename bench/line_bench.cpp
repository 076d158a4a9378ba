// The whole line (frame, parse, match, score, thread, decide) against bare simdjson On-Demand that
// extracts the same fields from the same bytes, in one process, pass by pass in turn.
#include <simdjson.h>

#include <chrono>
#include <cstring>

#include "bench/corpus.hpp"
#include "bench/figure.hpp"
#include "monitor/mention_json.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;
using Wall = std::chrono::steady_clock;
namespace od = simdjson::ondemand;

constexpr int kPasses = 15;

// What a pass found, so that both sides can be shown to have read the same.
struct Sums {
  std::uint64_t mentions = 0, text = 0, ids = 0, authors = 0;
  bool operator==(const Sums&) const = default;
};

template <class Each>
void frame(const Corpus& corpus, Each each) {
  const char* at = corpus.ndjson.data();
  const char* end = at + corpus.bytes;
  while (at < end) {
    const char* newline =
        static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    each(std::string_view(at, static_cast<std::size_t>(newline - at)));
    at = newline + 1;
  }
}

template <class Result>
void read(Result&& result, std::string_view& out) {
  if (std::forward<Result>(result).get(out)) out = {};
}

// Bare extraction: every field of the common format as a view, no checks, no meaning.
Sums bare(const Corpus& corpus) {
  od::parser parser;
  require(!parser.allocate(kMaxLineBytes), "no memory");
  Sums sums;
  frame(corpus, [&](std::string_view line) {
    const simdjson::padded_string_view padded(line.data(), line.size(),
                                              line.size() + simdjson::SIMDJSON_PADDING);
    od::document document;
    if (parser.iterate(padded).get(document)) return;
    od::object object;
    if (document.get_object().get(object)) return;
    std::string_view platform, id, kind, thread, parent, author, name, created, received, text, url,
        lang;
    for (auto item : object) {
      od::field field;
      if (std::move(item).get(field)) return;
      const auto key = field.key();
      if (key == "platform")
        read(field.value().get_string(), platform);
      else if (key == "id")
        read(field.value().get_string(), id);
      else if (key == "kind")
        read(field.value().get_string(), kind);
      else if (key == "thread")
        read(field.value().get_string(), thread);
      else if (key == "parent")
        read(field.value().get_string(), parent);
      else if (key == "author")
        read(field.value().get_string(), author);
      else if (key == "author_name")
        read(field.value().get_string(), name);
      else if (key == "created_at")
        read(field.value().get_string(), created);
      else if (key == "received_at")
        read(field.value().get_string(), received);
      else if (key == "text")
        read(field.value().get_string(), text);
      else if (key == "url")
        read(field.value().get_string(), url);
      else if (key == "lang") {
        od::array langs;
        if (field.value().get_array().get(langs)) return;
        for (auto element : langs)
          read(element.get_string(), lang);
      }
    }
    ++sums.mentions;
    sums.text += text.size();
    sums.ids += id.size();
    sums.authors += author.size();
  });
  return sums;
}

struct LineResult {
  Sums sums;
  std::uint64_t matched = 0, unmatched = 0, critics = 0;  // of the line, so far

  LineResult operator-(const LineResult& before) const {
    return {sums, matched - before.matched, unmatched - before.unmatched, critics - before.critics};
  }
};

LineResult whole_line(const Corpus& corpus, line::Line& line) {
  MentionParser parser;
  LineResult result;
  frame(corpus, [&](std::string_view text) {
    MentionView mention;
    if (parser.parse(text, Time{}, mention) != LineFault::none) return;
    line.process(mention, mention.received_at);
    ++result.sums.mentions;
    result.sums.text += mention.text.size();
    result.sums.ids += mention.id.size();
    result.sums.authors += mention.author.size();
  });
  result.matched = line.stats().matched;
  result.unmatched = line.stats().unmatched;
  result.critics = line.stats().critics;
  return result;
}

// What each station costs by itself, on the same mentions; the rest of the line is threads, stories
// and decisions.
template <class Station>
double station_ns(const Corpus& corpus, Station station) {
  std::vector<double> ns;
  for (int pass = 0; pass < 5; ++pass) {
    MentionParser parser;
    const auto start = Wall::now();
    frame(corpus, [&](std::string_view text) {
      MentionView mention;
      if (parser.parse(text, Time{}, mention) == LineFault::none) station(mention);
    });
    ns.push_back(std::chrono::duration<double, std::nano>(Wall::now() - start).count() /
                 static_cast<double>(corpus.mentions));
  }
  return median(ns);
}

void stations(const Corpus& corpus) {
  text::Matcher matcher(bench_settings().brands);
  std::uint64_t sink = 0;
  const double parse =
      station_ns(corpus, [&](const MentionView& mention) { sink += mention.text.size(); });
  const double match = station_ns(
      corpus, [&](const MentionView& mention) { sink += matcher.match(mention).has_value(); });
  const double score = station_ns(corpus, [&](const MentionView& mention) {
    sink += text::score(mention.text, mention.langs.empty() ? "" : mention.langs.front()).negative >
            0.5F;
  });
  require(sink > 0, "the stations saw nothing");
  fmt::print("{:<28} frame and parse {:.0f} ns, match {:.0f} ns, score {:.0f} ns\n", "  of which",
             parse, match - parse, score - parse);
}

double seconds_since(Wall::time_point start) {
  return std::chrono::duration<double>(Wall::now() - start).count();
}

void compare(std::string_view label, std::string_view name, double matching) {
  const Corpus corpus = make_corpus({.mentions = 100'000, .matching = matching, .seed = 7});
  // A daemon that has run for a while: its tables have their size and their memory.
  const Corpus before = make_corpus({.mentions = 200'000, .matching = matching, .seed = 8});
  std::vector<double> bare_ns, line_ns, ratios;
  for (int pass = 0; pass < kPasses; ++pass) {
    auto start = Wall::now();
    const Sums plain = bare(corpus);
    const double bare_s = seconds_since(start);
    line::Line line(bench_settings(), {});
    const LineResult warm = whole_line(before, line);
    start = Wall::now();
    const LineResult full = whole_line(corpus, line) - warm;
    const double line_s = seconds_since(start);
    require(plain.mentions == corpus.mentions, "bare simdjson did not read every mention");
    require(plain == full.sums, "the line read other fields than bare simdjson");
    require(full.matched == corpus.matching,
            "not every mention of a brand matched, or another one did");
    require(full.unmatched == corpus.mentions - corpus.matching,
            "unmatched mentions are not all counted");
    require(matching < 1 || full.critics > 1000, "hardly a critic was counted");
    if (pass == 0) continue;  // warm-up
    const auto n = static_cast<double>(corpus.mentions);
    bare_ns.push_back(bare_s * 1e9 / n);
    line_ns.push_back(line_s * 1e9 / n);
    ratios.push_back(line_s / bare_s);
  }
  const double megabytes = static_cast<double>(corpus.bytes) / 1e6;
  const auto n = static_cast<double>(corpus.mentions);
  fmt::print("{:<28} {:>8.0f} ns {:>8.0f} ns {:>8.2f} x   {:>6.0f} MB/s {:>9.0f} mentions/s\n",
             label, median(bare_ns), median(line_ns), median(ratios),
             megabytes / (median(line_ns) * n / 1e9), 1e9 / median(line_ns));
  stations(corpus);
  figure(name, median(ratios), "ratio");
}

}  // namespace

int main() {
  fmt::print("{:<28} {:>11} {:>11} {:>10}\n", "a mention (median of 14)", "simdjson", "line",
             "ratio");
  compare("every mention matches", "line_over_simdjson_all", 1.0);
  compare("1 % matches", "line_over_simdjson_1pct", 0.01);
}
