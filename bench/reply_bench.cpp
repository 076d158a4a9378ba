// How good the reply check is: labelled official replies (bench/data/replies-*.tsv) and time
// expressions (bench/data/promises.tsv), as `figure` lines; and whether a figure fell by more than
// a point below the recorded one.
//
//   reply_bench [FOLDER] [--recorded FILE] [--phrases FOLDER] [--errors SET]
//
// --phrases: lists from a folder instead of those in the program. --errors: every disagreement in
// the sets whose name begins so ("dev"); those of the held-out sets are not for looking at.
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
#include "monitor/text/reply_signs.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::text;

constexpr std::array<const char*, 13> kChecks = {
    "apology",   "empathy",           "own_side",        "no_comment", "legalese",
    "rude",      "asks_private_data", "move_to_private", "holding",    "compensation",
    "follow_up", "promised_by",       "signed"};
constexpr std::string_view kLetters = "AEONLRPDHCF";

struct Count {
  int both = 0, ours = 0, theirs = 0;
  double f1() const { return ours + theirs == 0 ? 1 : 2.0 * both / (ours + theirs); }
};
using Counts = std::array<Count, kChecks.size()>;

struct Bench {
  const PhraseLists& lists;
  DeskDay desk;
  std::string errors;
  std::map<std::string, Counts> sets;
  std::map<std::string, int> texts;
  std::vector<std::string> all;
  bench::Figures figures;
  // Replies of the second half are never looked at while the lists are tuned.
  static bool held_out(std::string_view batch) { return batch.ends_with('h'); }

  Time local(std::string_view text) const {
    if (text.ends_with('Z')) return *parse_rfc3339(std::string(text.substr(0, 16)) + ":00Z");
    std::string plain(text);
    plain[10] = ' ';
    const auto time = parse_local_time(desk.calendar.zone, plain, DayEnd::begin);
    bench::require(time.has_value(), "a time in the labels: " + plain);
    return *time;
  }

  static std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> out;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '\t');)
      out.push_back(cell);
    return out;
  }

  void reply(const std::vector<std::string>& cell) {
    const Time now = local("2026-11-25T10:00");
    const std::string& text = cell[6];
    all.push_back(text);
    const ReplyCheck check = check_reply(lists, text, now, desk, cell[1]);
    const std::array<bool, kLetters.size()> flags = {
        check.apology,  check.empathy,      check.own_side,          check.no_comment,
        check.legalese, check.rude(),       check.asks_private_data, check.move_to_private,
        check.holding,  check.compensation, check.follow_up};
    const std::string set =
        std::string(held_out(cell[0]) ? "heldout" : "dev") + "_" + cell[1].substr(0, 2);
    Counts& counts = sets[set];
    ++texts[set];
    std::string wrong;
    const auto count = [&](std::size_t i, bool ours, bool theirs, bool same) {
      counts[i].both += ours && theirs && same;
      counts[i].ours += ours;
      counts[i].theirs += theirs;
      if (ours != theirs || (ours && !same))
        wrong += fmt::format(" {}{}", ours ? theirs ? "~" : "+" : "-", kChecks[i]);
    };
    for (std::size_t i = 0; i < flags.size(); ++i)
      count(i, flags[i], cell[3].find(kLetters[i]) != std::string::npos, true);
    const bool promised = cell[5] != "-" && cell[5] != "?";
    count(11, check.promise.by.has_value(), promised,
          promised && check.promise.by == local(cell[5]));
    count(12, !check.signed_by.empty(), cell[4] != "-", check.signed_by == cell[4]);
    const bool asks = check.promise.vague != Vague::none;
    if (asks != (cell[5] == "?")) wrong += asks ? " (vague)" : cell[5] == "?" ? " (not vague)" : "";
    if (wrong.empty() || errors.empty() || !set.starts_with(errors)) return;
    fmt::print("{}:{} [{}] {}\n", set, wrong, check.signed_by, text);
    for (const Evidence& one : check.evidence)
      if (wrong.find("+" + std::string(to_string(one.trait))) != std::string::npos ||
          (wrong.find("+rude") != std::string::npos && one.trait >= ReplyTrait::sarcasm &&
           one.trait <= ReplyTrait::distant))
        fmt::print("    {}: \"{}\"\n", to_string(one.trait),
                   text.substr(one.begin, one.end - one.begin));
    if (check.promise.end > 0)
      fmt::print("    promise \"{}\" {}\n",
                 text.substr(check.promise.begin, check.promise.end - check.promise.begin),
                 check.promise.by ? format_rfc3339(*check.promise.by) : "-");
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
    Counts& counts = sets["promises_" + cell[0]];
    ++counts[0].ours;
    counts[0].both += shown == want;
    if (shown != want && !errors.empty() && cell[0].starts_with(errors))
      fmt::print("promise {}: want {}, got {}: {}\n", cell[0], want, shown, cell[4]);
  }

  template <class Use>
  void each_line(const std::filesystem::path& file, std::size_t columns, Use use) {
    std::ifstream in(file);
    bench::require(in.good(), file.string() + " cannot be read");
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line[0] == '#') continue;
      const auto cell = cells(line);
      bench::require(cell.size() == columns, "columns of: " + line);
      use(cell);
    }
  }

  void report() {
    fmt::print("{:<18}", "F1");
    for (const auto& [set, counts] : sets)
      if (!set.starts_with("promises"))
        fmt::print(" {:>18}", fmt::format("{} ({})", set, texts[set]));
    fmt::print("\n");
    for (std::size_t i = 0; i < kChecks.size(); ++i) {
      fmt::print("{:<18}", kChecks[i]);
      for (const auto& [set, counts] : sets)
        if (!set.starts_with("promises"))
          fmt::print(" {:>18}", fmt::format("{:.3f} ({})", counts[i].f1(), counts[i].theirs));
      fmt::print("\n");
    }
    for (const auto& [set, counts] : sets) {
      if (set.starts_with("promises")) {
        figures["reply_" + set + "_exact"] =
            static_cast<double>(counts[0].both) / static_cast<double>(counts[0].ours);
        continue;
      }
      double sum = 0;
      for (const Count& one : counts)
        sum += one.f1();
      figures["reply_macro_f1_" + set] = sum / static_cast<double>(counts.size());
    }
    fmt::print("\n");
    bench::print_figures(figures);
  }

  // Median time of a reply, over rounds of all of them.
  void speed() const {
    if (all.empty()) return;
    std::vector<double> rounds;
    for (int round = 0; round < 5; ++round) {
      const auto begun = std::chrono::steady_clock::now();
      for (const std::string& text : all)
        check_reply(lists, text, local("2026-11-25T10:00"), desk);
      const std::chrono::duration<double, std::micro> past =
          std::chrono::steady_clock::now() - begun;
      rounds.push_back(past.count() / static_cast<double>(all.size()));
    }
    bench::figure("reply_check", bench::median(rounds), "us");
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
  DeskDay desk;
  const auto zone = Zone::find("Europe/Amsterdam");
  bench::require(zone.has_value(), "no time zones on this machine");
  desk.calendar.zone = *zone;
  desk.calendar.holidays.country = Country::nl;
  Bench bench{own ? *own : PhraseLists::shipped(), desk, errors, {}, {}, {}, {}};
  for (const char* name : {"replies-nl.tsv", "replies-en.tsv"})
    bench.each_line(folder / name, 7, [&](const auto& cell) { bench.reply(cell); });
  bench.each_line(folder / "promises.tsv", 5, [&](const auto& cell) { bench.promise(cell); });
  bench.report();
  bench.speed();
  if (recorded.empty()) return 0;
  return bench::holds_recorded(recorded, bench.figures, 0.01) ? 0 : 1;
}
