// How good and how fast the scorer is: every check part of bench/data/train.toml in one table,
// beside a lexicon alone, as `figure` lines; and whether a figure fell by more than a point below
// the recorded one.
//
//   text_bench TRAIN.toml [--recorded FILE] [--texts]
//
// --texts prints the English texts with their labels as NDJSON, for a peer to score
// (bench/vader.mjs).
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <unordered_map>

#include "bench/figure.hpp"
#include "config/reader.hpp"
#include "monitor/mention_json.hpp"
#include "monitor/text/scorer.hpp"
#include "monitor/text/tokens.hpp"
#include "monitor/text/train/evaluate.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::text;
using text::train::Corpus;
using text::train::Judged;

// The mean polarity of a text's words by the lists that training starts from: a lexicon alone.
class LexiconScorer {
 public:
  explicit LexiconScorer(const std::filesystem::path& folder) {
    for (const char* name : {"words-nl.tsv", "words-en.tsv", "service-nl.tsv", "service-en.tsv"})
      read(folder / name);
  }
  float negative(std::string_view text) {
    tokens_.size = 0;
    tokenize(text, tokens_);
    double sum = 0;
    for (std::size_t i = 0; i < tokens_.size; ++i)
      if (const auto found = words_.find(tokens_.list[i].hash); found != words_.end())
        sum += found->second;
    return static_cast<float>(-sum);
  }
  bool empty() const { return words_.empty(); }

 private:
  void read(const std::filesystem::path& file) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      std::istringstream fields(line);
      double polarity = 0;
      fields >> polarity;
      for (std::string word; fields >> word;) {
        char folded[kMaxWord + 8];
        const std::size_t size = folded_word(word, folded);
        words_[hash_word(folded, size) | 1] = polarity;
      }
    }
  }
  std::unordered_map<std::uint64_t, double> words_;
  Tokens tokens_;
};

void print_texts(const Corpus& corpus) {
  for (const auto& example : corpus.examples) {
    if (!example.check || !(example.truth[0] == example.truth[0]) ||
        !(example.target[index(Output::en)] > 0.5F))
      continue;
    std::string text;
    append_json_string(text, example.text);
    fmt::print("{{\"set\":\"{}\",\"negative\":{},\"text\":{}}}\n", corpus.sets[example.set].name,
               example.truth[0] > 0.5F ? 1 : 0, text);
  }
}

std::string figure_name(const text::train::Quality& q, const char* measure) {
  std::string out = "text_" + q.set + "_" + q.what + "_" + measure;
  std::ranges::replace(out, ' ', '_');
  std::ranges::replace(out, '-', '_');
  return out;
}

// Median time a post of about 100 characters, over rounds of all of them.
double speed(const Corpus& corpus, std::size_t& posts) {
  std::vector<std::string_view> texts;
  for (const auto& example : corpus.examples)
    if (corpus.sets[example.set].own && example.text.size() >= 95 && example.text.size() <= 105)
      texts.push_back(example.text);
  posts = texts.size();
  if (texts.empty()) return 0;
  std::vector<double> rounds;
  float sink = 0;
  for (int round = 0; round < 51; ++round) {
    const auto begun = std::chrono::steady_clock::now();
    for (const std::string_view text : texts)
      sink += score(text).negative;
    const std::chrono::duration<double, std::nano> past = std::chrono::steady_clock::now() - begun;
    rounds.push_back(past.count() / static_cast<double>(texts.size()));
  }
  if (sink < 0) std::abort();  // keeps the loop
  std::ranges::nth_element(rounds, rounds.begin() + 25);
  return rounds[25];
}

}  // namespace

int main(int argc, char** argv) {
  std::string file = "bench/data/train.toml", recorded;
  bool texts = false;
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--recorded") == 0 && i + 1 < argc)
      recorded = argv[++i];
    else if (std::strcmp(argv[i], "--texts") == 0)
      texts = true;
    else
      file = argv[i];
  config::Problems problems;
  auto document = config::Document::from_file(file, problems);
  if (!document.ok()) {
    for (const auto& problem : problems.sorted())
      fmt::print(stderr, "{}\n", to_string(problem));
    return 66;
  }
  auto root = document.root();
  const Corpus corpus = text::train::read_corpus(root, std::filesystem::path(file).parent_path());
  if (texts) return print_texts(corpus), 0;
  for (const auto& set : corpus.sets)
    if (set.checked == 0)
      fmt::print("skipped: {} (its files are not on this machine, or it is only learnt from)\n",
                 set.name);

  const Model& model = Model::shipped();
  const auto qualities = text::train::evaluate(corpus, model);
  LexiconScorer lexicon("monitor/text/train/data");
  std::map<std::string, std::vector<Judged>> by_lexicon;
  for (const auto& example : corpus.examples)
    if (example.check && example.truth[0] == example.truth[0])
      by_lexicon[corpus.sets[example.set].name].push_back(
          {lexicon.negative(example.text), example.truth[0] > 0.5F});

  std::map<std::string, double> figures;
  fmt::print("\n{:<22} {:<18} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8}\n", "set", "what", "texts", "yes",
             "AUC", "F1", "ECE", "lexicon");
  for (const auto& q : qualities) {
    if (q.what == "language") {
      fmt::print("{:<22} {:<18} {:>6} {:>6} {:>6.3f} right\n", q.set, q.what, q.texts, "",
                 q.recall);
      figures[figure_name(q, "right")] = q.recall;
      continue;
    }
    const std::string beside =
        q.what == "negative" && !lexicon.empty()
            ? fmt::format("{:.3f}", text::train::area_under_curve(by_lexicon[q.set]))
            : "";
    fmt::print("{:<22} {:<18} {:>6} {:>6} {:>6.3f} {:>6.3f} {:>6.3f} {:>8}\n", q.set, q.what,
               q.texts, q.positives, q.auc, q.macro_f1, q.calibration_error, beside);
    figures[figure_name(q, "auc")] = q.auc;
    figures[figure_name(q, "f1")] = q.macro_f1;
    if (q.recall > 0) figures[figure_name(q, "recall3")] = q.recall;
    if (q.what == "negative") figures[figure_name(q, "ece")] = q.calibration_error;
  }
  fmt::print("\n");
  for (const auto& [name, value] : figures)
    bench::figure(name, value, "1");
  std::size_t posts = 0;
  const double nanoseconds = speed(corpus, posts);
  fmt::print(
      "\nall outputs of a post of 95 to 105 bytes, median of 51 rounds over {} posts: {:.0f} ns\n",
      posts, nanoseconds);
  bench::figure("text_score_100", nanoseconds, "ns");

  if (recorded.empty()) return 0;
  std::ifstream in(recorded);
  if (!in) {
    fmt::print(stderr, "{} cannot be read\n", recorded);
    return 66;
  }
  int fallen = 0;
  std::size_t compared = 0;
  for (std::string word, name, unit; in >> word;) {
    double before = 0;
    if (word != "figure" || !(in >> name >> before >> unit)) continue;
    const auto now = figures.find(name);
    if (now == figures.end() || name.ends_with("_ece")) continue;
    ++compared;
    if (now->second < before - 0.01) {
      fmt::print("FELL: {} was {:.3f}, is {:.3f}\n", name, before, now->second);
      ++fallen;
    }
  }
  fmt::print("{} figures compared with the recorded ones, {} fell by more than a point\n", compared,
             fallen);
  return fallen > 0 || compared == 0 ? 1 : 0;
}
