// How good the reply check is: labelled official replies (bench/data/replies-*.tsv) and time
// expressions (bench/data/promises.tsv), as `figure` lines; and whether a figure fell by more than
// a point below the recorded one.
//
//   reply_bench [FOLDER] [--recorded FILE] [--phrases FOLDER] [--errors SET]
//
// Sets: `dev`, each batch judged by a model that has not read it (the lists have not either);
// `taught`, the same for the batches that the lists were made with; and those held out, by the
// model of the program. --phrases: lists from a folder instead of those in the program, and no
// model.
// --errors: every disagreement in the sets whose name begins so ("dev"); those of the held-out sets
// are not for looking at.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "bench/figure.hpp"
#include "bench/recorded.hpp"
#include "monitor/text/promise_parts.hpp"
#include "monitor/text/train/reply_train.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::text;
using train::ReplyCounts;

// The labels, and what else is found.
constexpr std::size_t kPromised = kReplyLabels, kSigned = kReplyLabels + 1;
constexpr std::size_t kChecks = kReplyLabels + 2;
std::string_view check_name(std::size_t i) {
  return i == kPromised ? "promised_by" : i == kSigned ? "signed" : kReplyLabelNames[i];
}

struct Counts {
  std::array<ReplyCounts, kChecks> checks;
  int texts = 0;
  double macro_f1() const {
    double sum = 0;
    for (const ReplyCounts& one : checks)
      sum += one.f1();
    return sum / static_cast<double>(kChecks);
  }
};

Phrases read_list(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  bench::require(in.good(), file.string() + " cannot be read");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    return Phrases(text);
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "{}: {}\n", file.string(), error.what());
    std::exit(65);
  }
}

DeskDay amsterdam() {
  DeskDay desk;
  const auto zone = Zone::find("Europe/Amsterdam");
  bench::require(zone.has_value(), "no time zones on this machine");
  desk.calendar.zone = *zone;
  desk.calendar.holidays.country = Country::nl;
  return desk;
}

train::ReplyCorpus read_corpus(const std::filesystem::path& folder) {
  config::Problems problems;
  auto document = config::Document::from_file(folder / "replies.toml", problems);
  bench::require(document.ok(), "replies.toml cannot be read");
  auto root = document.root();
  auto corpus = train::read_replies(root, folder);
  bench::require(!problems.fatal() && corpus.broken == 0, "the labelled replies cannot be read");
  return corpus;
}

struct Bench {
  std::optional<PhraseLists> own;  // lists from a folder
  std::string errors;
  const PhraseLists& lists = own ? *own : PhraseLists::shipped();
  DeskDay desk = amsterdam();
  std::map<std::string, Counts> sets{}, by_lists{};
  std::map<std::string, std::pair<int, int>> promises{};  // exact, all
  std::vector<std::string> all{};

  Time local(std::string_view text) const {
    if (text.ends_with('Z')) return *parse_rfc3339(std::string(text.substr(0, 16)) + ":00Z");
    std::string plain(text);
    plain[10] = ' ';
    const auto time = parse_local_time(desk.calendar.zone, plain, DayEnd::begin);
    bench::require(time.has_value(), "a time in the labels: " + plain);
    return *time;
  }

  static std::string set_of(const train::ReplyExample& example) {
    const bool first = example.batch.ends_with("4h");
    return std::string(example.learn_only  ? "taught"
                       : !example.held_out ? "dev"
                       : first             ? "heldout"
                                           : "unseen") +
           (example.dutch ? "_nl" : "_en");
  }

  // Counts one check against the labels; returns what is wrong.
  std::string count(Counts& counts, const ReplyCheck& check, const train::ReplyExample& example,
                    const std::vector<std::string>& cell) const {
    ++counts.texts;
    std::string wrong;
    const auto one = [&](std::size_t i, bool ours, bool theirs, bool same) {
      counts.checks[i].both += ours && theirs && same;
      counts.checks[i].ours += ours;
      counts.checks[i].theirs += theirs;
      if (ours != theirs || (ours && !same))
        wrong += fmt::format(" {}{}", ours ? theirs ? "~" : "+" : "-", check_name(i));
    };
    for (std::size_t k = 0; k < kReplyLabels; ++k)
      one(k, (answers(check) >> k & 1) != 0, (example.labels >> k & 1) != 0, true);
    const bool promised = cell[5] != "-" && cell[5] != "?";
    one(kPromised, check.promise.by.has_value(), promised,
        promised && check.promise.by == local(cell[5]));
    one(kSigned, !check.signed_by.empty(), cell[4] != "-", check.signed_by == cell[4]);
    return wrong;
  }

  void reply(const train::ReplyExample& example, const ReplyOdds& odds,
             const std::vector<std::string>& cell) {
    all.push_back(cell[6]);
    const std::string set = set_of(example);
    ReplyReading reading = read_reply(lists, cell[6], local("2026-11-25T10:00"), desk, cell[1]);
    count(by_lists[set], reading.check, example, cell);
    if (!own) decide(&shipped_reply_model(), odds, reading);
    const std::string wrong = count(sets[set], reading.check, example, cell);
    if (wrong.empty() || errors.empty() || !set.starts_with(errors)) return;
    fmt::print("{}:{} [{}] {}\n", set, wrong, reading.check.signed_by, cell[6]);
    for (const Evidence& one : reading.check.evidence)
      fmt::print("    {}: \"{}\"\n", to_string(one.trait),
                 cell[6].substr(one.begin, one.end - one.begin));
  }

  void promise(const std::vector<std::string>& cell) {
    const Time now = local(cell[2]);
    const Language language = cell[1] == "nl" ? Language::nl : Language::en;
    const Promise got = find_promise(lists, words_of(cell[4]), now, desk, language);
    const std::string shown = got.by                     ? format_rfc3339(*got.by)
                              : got.vague != Vague::none ? "?" + std::string(to_string(got.vague))
                                                         : "-";
    const std::string want =
        cell[3][0] == '-' || cell[3][0] == '?' ? cell[3] : format_rfc3339(local(cell[3]));
    promises[cell[0]].first += shown == want;
    ++promises[cell[0]].second;
    if (shown != want && !errors.empty() && cell[0].starts_with(errors))
      fmt::print("promise {}: want {}, got {}: {}\n", cell[0], want, shown, cell[4]);
  }

  template <class Use>
  static void each_line(const std::filesystem::path& file, std::size_t columns, Use use) {
    std::ifstream in(file);
    bench::require(in.good(), file.string() + " cannot be read");
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      std::vector<std::string> cells;
      std::istringstream cut(line);
      for (std::string cell; std::getline(cut, cell, '\t');)
        cells.push_back(cell);
      bench::require(cells.size() == columns, "columns of: " + line);
      use(cells);
    }
  }

  void replies(const std::filesystem::path& folder) {
    const auto corpus = read_corpus(folder);
    train::CrossReplies cross;
    if (!own) cross = train::cross_replies(corpus, {}, kLargestReplyModel);
    std::size_t e = 0;
    for (const char* name : {"replies-nl.tsv", "replies-en.tsv"})
      each_line(folder / name, 7, [&](const std::vector<std::string>& cell) {
        const train::ReplyExample& example = corpus.examples.at(e);
        bench::require(example.bytes == cell[6], "the order of the replies");
        ReplyOdds odds;
        if (!own && example.held_out)
          odds = reply_odds(shipped_reply_model(), example.reading.text);
        else if (!own)
          odds.odds = cross.unseen[e];
        reply(example, odds, cell);
        ++e;
      });
  }

  bench::Figures report() const {
    bench::Figures figures;
    fmt::print("{:<18}", "F1, the lists alone");
    for (const auto& [set, counts] : sets)
      fmt::print(" {:>20}", fmt::format("{} ({})", set, counts.texts));
    fmt::print("\n");
    for (std::size_t i = 0; i < kChecks; ++i) {
      fmt::print("{:<18}", check_name(i));
      for (const auto& [set, counts] : sets)
        fmt::print(" {:>20}", fmt::format("{:.3f} .{:03.0f} ({})", counts.checks[i].f1(),
                                          1000 * std::min(.999, by_lists.at(set).checks[i].f1()),
                                          counts.checks[i].theirs));
      fmt::print("\n");
    }
    fmt::print("\n");
    for (const auto& [set, counts] : sets) {
      figures["reply_macro_f1_" + set] = counts.macro_f1();
      figures["reply_lists_macro_f1_" + set] = by_lists.at(set).macro_f1();
    }
    for (const auto& [set, one] : promises)
      figures["reply_promises_" + set + "_exact"] =
          static_cast<double>(one.first) / static_cast<double>(one.second);
    bench::print_figures(figures);
    return figures;
  }

  // Median time of a reply, over rounds of all of them.
  void speed() const {
    if (all.empty()) return;
    std::vector<double> rounds;
    for (int round = 0; round < 5; ++round) {
      const auto begun = std::chrono::steady_clock::now();
      for (const std::string& text : all)
        check_reply(lists, shipped_reply_model(), text, local("2026-11-25T10:00"), desk);
      const std::chrono::duration<double, std::micro> past =
          std::chrono::steady_clock::now() - begun;
      rounds.push_back(past.count() / static_cast<double>(all.size()));
    }
    bench::figure("reply_check", bench::median(rounds), "us");
  }
};

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path folder = "bench/data", phrases;
  std::string recorded, errors;
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--recorded") == 0 && i + 1 < argc)
      recorded = argv[++i];
    else if (std::strcmp(argv[i], "--phrases") == 0 && i + 1 < argc)
      phrases = argv[++i];
    else if (std::strcmp(argv[i], "--errors") == 0 && i + 1 < argc)
      errors = argv[++i];
    else
      folder = argv[i];
  std::optional<PhraseLists> own;
  if (!phrases.empty())
    own = PhraseLists{read_list(phrases / "replies-nl.txt"), read_list(phrases / "replies-en.txt"),
                      read_list(phrases / "times-nl.txt"), read_list(phrases / "times-en.txt")};
  Bench bench{std::move(own), errors};
  bench.replies(folder);
  Bench::each_line(folder / "promises.tsv", 5, [&](const auto& cell) { bench.promise(cell); });
  const auto figures = bench.report();
  bench.speed();
  if (recorded.empty()) return 0;
  return bench::holds_recorded(recorded, figures, 0.01) ? 0 : 1;
}
