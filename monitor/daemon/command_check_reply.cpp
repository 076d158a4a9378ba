#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/daemon/terminal.hpp"
#include "monitor/line_splitter.hpp"
#include "monitor/mention_json.hpp"
#include "monitor/text/harmless.hpp"
#include "monitor/text/reply_advice.hpp"

namespace brandwacht::daemon {
namespace {

struct Options {
  std::vector<std::string> words;
  std::string now, zone, config, language, lang;
  bool ndjson = false, json = false;
};

struct Checker {
  text::DeskDay desk;
  text::ReplyPolicy policy;
  Time now{};
  std::string lang;  // that the text is declared to be in
  std::uint64_t line = 0, bad = 0;
  simdjson::ondemand::parser parser;

  std::string to_json(std::string_view id, std::string_view reply, std::string_view declared) {
    const text::ReplyCheck check = text::check_reply(reply, now, desk, declared);
    std::string out = "{\"id\":";
    append_json_string(out, id);
    const auto flag = [&](std::string_view name, bool value) {
      fmt::format_to(std::back_inserter(out), ",\"{}\":{}", name, value);
    };
    flag("apology", check.apology);
    flag("empathy", check.empathy);
    flag("own_side", check.own_side);
    flag("no_comment", check.no_comment);
    flag("legalese", check.legalese);
    flag("rude", check.rude());
    flag("asks_private_data", check.asks_private_data);
    flag("move_to_private", check.move_to_private);
    flag("holding", check.holding);
    out += ",\"promised_by\":";
    out += check.promise.by ? "\"" + format_rfc3339(*check.promise.by) + "\"" : "null";
    out += ",\"signed\":";
    check.signed_by.empty() ? void(out += "null") : append_json_string(out, check.signed_by);
    flag("compensation", check.compensation);
    flag("follow_up", check.follow_up);
    fmt::format_to(std::back_inserter(out),
                   ",\"lang\":\"{}\",\"ask_when\":", text::to_string(check.language));
    if (check.promise.vague == text::Vague::none)
      out += "null";
    else
      fmt::format_to(std::back_inserter(out), "\"{}\"", to_string(check.promise.vague));
    return out + "}";
  }

  void feed(std::string_view text) {
    ++line;
    const simdjson::padded_string_view padded(text.data(), text.size(),
                                              text.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    std::string_view id, reply, declared;
    auto error = parser.iterate(padded).get(document);
    if (!error) error = document["id"].get_string().get(id);
    // Ids are often numbers; they pass through as they stand.
    if (error == simdjson::INCORRECT_TYPE) error = document["id"].raw_json_token().get(id);
    while (!id.empty() && id.back() == ' ')
      id.remove_suffix(1);
    if (!error) error = document["text"].get_string().get(reply);
    if (!error && document["lang"].get_string().get(declared) != simdjson::SUCCESS) declared = lang;
    if (error) {
      ++bad;
      fmt::print(stderr, "standard input:{}: needs \"id\" and \"text\": {}\n", line,
                 simdjson::error_message(error));
      return;
    }
    fmt::print("{}\n", to_json(id, reply, declared));
  }
};

std::string read_input() {
  std::string out{std::istreambuf_iterator<char>(std::cin), {}};
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r'))
    out.pop_back();
  return out;
}

void read_lines(Checker& checker) {
  LineSplitter lines;
  while (std::cin) {
    const auto room = lines.writable();
    std::cin.read(room.data(), static_cast<std::streamsize>(room.size()));
    lines.commit(static_cast<std::size_t>(std::cin.gcount()));
    while (const auto line = lines.next())
      checker.feed(*line);
  }
  if (const auto line = lines.finish()) checker.feed(*line);
  if (lines.too_long() > 0)
    fmt::print(stderr, "brandwacht: {} lines over 1 MiB were skipped\n", lines.too_long());
  checker.bad += lines.too_long();
}

// Monday 30 November, 17:00: as the desk says it.
std::string local_time(const Zone& zone, Time time, bool dutch) {
  static constexpr const char* kDays[2][7] = {
      {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
      {"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"}};
  const LocalTime local = zone.local(time);
  const std::chrono::year_month_day day{local.day};
  return fmt::format("{} {}-{:02}-{:02} {:02}:{:02} ({})", kDays[dutch ? 1 : 0][local.weekday],
                     static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()), local.hour,
                     local.since_midnight / std::chrono::minutes{1} % 60, zone.name());
}

void print_advice(const std::string& input, const Checker& checker) {
  const Paint paint{colour_on(STDOUT_FILENO)};
  const bool dutch = checker.policy.dutch;
  const std::size_t width = std::min<std::size_t>(terminal_width(STDOUT_FILENO), 100);
  const text::ReplyCheck check = text::check_reply(input, checker.now, checker.desk, checker.lang);
  constexpr std::size_t kShown = 2000;
  const std::string shown = text::make_harmless(std::string_view(input).substr(0, kShown)).text;
  fmt::print("{}{}\n\n", wrap(shown, width, ""), input.size() > kShown ? "…" : "");
  if (input.size() > text::kMaxReply)
    fmt::print("{}\n", dutch ? "Alleen de eerste 16 KiB zijn gelezen."
                             : "Only the first 16 KiB were read.");
  if (check.promise.by)
    fmt::print("{} {}\n", dutch ? "Toegezegd voor" : "Promised by",
               paint.bold(local_time(checker.desk.calendar.zone, *check.promise.by, dutch)));
  if (!check.signed_by.empty())
    fmt::print("{} {}\n", dutch ? "Ondertekend door" : "Signed by",
               paint.bold(text::make_harmless(check.signed_by).text));
  const auto hints = text::advise(check, checker.policy);
  for (const text::ReplyHint& hint : hints) {
    const auto mark = [&] {
      switch (hint.kind) {
        case text::ReplyHint::Kind::good:
          return paint.green("+");
        case text::ReplyHint::Kind::fault:
          return paint.red("!");
        case text::ReplyHint::Kind::ask:
          return paint.yellow("?");
        case text::ReplyHint::Kind::missing:
          break;
      }
      return paint.yellow("-");
    }();
    fmt::print("{} {}\n", mark, hint.what);
    if (!hint.why.empty()) fmt::print("{}\n", paint.dim(wrap(hint.why, width, "    ")));
  }
  if (hints.empty()) fmt::print("{}\n", dutch ? "Niets aan te merken." : "Nothing to remark.");
  fmt::print("\n{}\n",
             paint.dim(dutch ? "Dit is een advies; u beslist." : "This is advice; you decide."));
}

// False: something is wrong, and `status` says what.
bool prepare(const Options& options, Checker& checker, int& status) {
  checker.now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  checker.lang = options.lang;
  bool dutch = options.language != "en";
  if (!options.config.empty()) {
    config::Problems problems;
    const Settings settings = read_settings(options.config, problems, WithModel::no);
    print_problems(problems, STDERR_FILENO);
    if (problems.fatal()) {
      status = kConfig;
      return false;
    }
    checker.desk.calendar = settings.brand_level.calendar;
    const desk::Settings& webcare = settings.line.webcare;
    if (const auto& monday = webcare.hours.week[0]; !monday.empty()) {  // as the stream is read
      checker.desk.opens = monday.front().from;
      checker.desk.closes = std::min<Duration>(monday.back().to, std::chrono::hours{24});
    }
    checker.policy.public_first = webcare.policy == desk::Policy::public_first;
    if (options.language.empty()) dutch = settings.line.language == line::DeskLanguage::nl;
  }
  checker.policy.dutch = dutch;
  const auto refuse = [&](const std::string& why) {
    fmt::print(stderr, "brandwacht: {}\n", why);
    status = kUsage;
    return false;
  };
  if (options.config.empty() || !options.zone.empty()) {
    const std::string name = options.zone.empty() ? "Europe/Amsterdam" : options.zone;
    const auto zone = Zone::find(name);
    if (!zone) return refuse("no time zone is called '" + name + "'");
    checker.desk.calendar.zone = *zone;
  }
  if (options.config.empty() && options.zone.empty())
    checker.desk.calendar.holidays.country = Country::nl;
  if (options.now.empty()) return true;
  const auto now = parse_local_time(checker.desk.calendar.zone, options.now, DayEnd::begin);
  if (!now)
    return refuse("--now wants a time such as 2026-11-25T10:00:00+01:00, not '" + options.now +
                  "'");
  checker.now = *now;
  return true;
}

void check(const Options& options, int& status) {
  Checker checker;
  if (!prepare(options, checker, status)) return;
  if (options.ndjson) {
    read_lines(checker);
    if (checker.bad > 0) status = kDataError;
    return;
  }
  std::string input;
  for (const auto& word : options.words)
    input += (input.empty() ? "" : " ") + word;
  if (options.words.empty() || (options.words.size() == 1 && input == "-")) input = read_input();
  if (input.find_first_not_of(" \t\r\n") == std::string::npos) {
    fmt::print(stderr, "brandwacht: {}\n",
               checker.policy.dutch ? "er is geen tekst om na te kijken" : "no text to check");
    status = kUsage;
    return;
  }
  if (options.json)
    fmt::print("{}\n", checker.to_json("1", input, options.lang));
  else
    print_advice(input, checker);
}

}  // namespace

void add_check_reply(CLI::App& app, int& status) {
  auto* command = app.add_subcommand(
      "check-reply", "What the research says of a draft or an official reply; advice only");
  command->footer(
      "Looks for an apology, your side of the story, 'no comment', legalese, sarcasm, private data "
      "asked for\nin public, a promise and its deadline, and a name below it. Dutch and English.\n"
      "With --ndjson each line in is an object with \"id\" and \"text\" (and \"lang\"), each line "
      "out\n"
      "{\"id\",\"apology\",\"empathy\",\"own_side\",\"no_comment\",\"legalese\",\"rude\","
      "\"asks_private_data\",\n\"move_to_private\",\"holding\",\"promised_by\",\"signed\","
      "\"compensation\",\"follow_up\",\"lang\",\"ask_when\"};\n"
      "ask_when: why a time that was named gives no deadline (soon, amount, hour, weekday, date, "
      "window, past).\n\n"
      "  brandwacht check-reply 'Sorry! We zoeken het uit, voor 17:00 hoor je meer. ^Anna'\n"
      "  brandwacht check-reply --ndjson < replies.ndjson");
  auto options = std::make_shared<Options>();
  command->add_option("text", options->words, "the reply; none or - is standard input");
  command->add_flag("--ndjson", options->ndjson, "read NDJSON from standard input");
  command->add_flag("--json", options->json, "one JSON object instead of advice");
  command->add_option("--now", options->now, "when it is posted: RFC 3339; default now");
  command->add_option("--time-zone", options->zone,
                      "zone of the desk; default that of --config, or Europe/Amsterdam");
  command->add_option("-c,--config", options->config,
                      "take zone, holidays, hours, policy and language from it");
  command->add_option("--language", options->language, "of the advice: nl or en")
      ->check(CLI::IsMember({"nl", "en"}));
  command->add_option("--lang", options->lang, "language of the reply, if it is known");
  command->callback([options, &status] { check(*options, status); });
}

}  // namespace brandwacht::daemon
