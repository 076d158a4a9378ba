#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <memory>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/terminal.hpp"
#include "monitor/mention_json.hpp"
#include "monitor/text/scorer.hpp"

namespace brandwacht::daemon {
namespace {

void print_json(const std::string& input, const text::Explanation& why) {
  std::string out = "{\"text\":";
  append_json_string(out, input);
  out += fmt::format(",\"lang\":\"{}\"", text::to_string(why.score.language));
  for (const auto& [output, p] : text::probabilities(why.score))
    out += fmt::format(",\"{}\":{:.6f}", output, p);
  out +=
      fmt::format(",\"scorer\":{},\"base\":{:.6f},\"parts\":[", text::scorer_version(), why.base);
  for (const auto& part : why.parts) {
    if (&part != why.parts.data()) out += ',';
    out += "{\"token\":";
    append_json_string(out, part.label);
    out += fmt::format(",\"begin\":{},\"end\":{},\"weight\":{:.6f}}}", part.begin, part.end,
                       part.weight);
  }
  fmt::print("{}]}}\n", out);
}

void print_text(const std::string& input, const text::Explanation& why) {
  const Paint paint{colour_on(STDOUT_FILENO)};
  // The text itself, each token in the colour of what it adds.
  std::string shown;
  std::size_t at = 0;
  auto parts = why.parts;
  std::ranges::stable_sort(parts, {}, &text::Contribution::begin);
  for (const auto& part : parts) {
    if (part.begin < at || part.end <= part.begin || part.end > input.size()) continue;
    shown += input.substr(at, part.begin - at);
    const auto token = std::string_view(input).substr(part.begin, part.end - part.begin);
    shown += part.weight > 0 ? paint.red(token) : paint.green(token);
    at = part.end;
  }
  shown += input.substr(std::min(at, input.size()));
  fmt::print("{}\n\n", shown);
  fmt::print("P(negative) = {}   language {}\n\n",
             paint.bold(fmt::format("{:.2f}", why.score.negative)),
             text::to_string(why.score.language));
  std::string others;
  for (const auto& [output, p] : text::probabilities(why.score))
    if (output != "negative" && p >= 0.1F) others += fmt::format("   {} {:.2f}", output, p);
  if (!others.empty()) fmt::print("{}\n\n", others.substr(3));
  std::ranges::stable_sort(
      parts, [](const auto& a, const auto& b) { return std::abs(a.weight) > std::abs(b.weight); });
  double sum = why.base;
  fmt::print("{:>8.2f}  {}\n", why.base, paint.dim("a text without any of these"));
  constexpr std::size_t kShown = 20;
  if (parts.size() > kShown + 1) {
    double rest = 0;
    for (std::size_t i = kShown; i < parts.size(); ++i)
      rest += parts[i].weight;
    const auto smaller = parts.size() - kShown;
    parts.resize(kShown);
    parts.push_back({0, 0, fmt::format("({} smaller parts; --json lists all)", smaller), rest});
  }
  for (const auto& part : parts) {
    sum += part.weight;
    const std::string weight = fmt::format("{:>+8.2f}", part.weight);
    fmt::print("{}  {}\n", part.weight > 0 ? paint.red(weight) : paint.green(weight), part.label);
  }
  fmt::print("{:>8.2f}  {}\n", sum, paint.dim("log odds, so the probability above"));
}

}  // namespace

void add_explain(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("explain", "Why a text scores as it does");
  command->footer(
      "  brandwacht explain 'Derde storing deze maand, ik stap over'\n"
      "  echo 'Top geregeld!' | brandwacht explain --json");
  struct Options {
    std::vector<std::string> words;
    std::string lang;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  command->add_option("text", options->words, "the text; none is standard input");
  command->add_option("--lang", options->lang, "language that the platform declared, such as nl");
  command->add_flag("--json", options->json, "one JSON object instead of a picture");
  command->callback([options, &status] {
    std::string input;
    for (const auto& word : options->words)
      input += (input.empty() ? "" : " ") + word;
    if (options->words.empty()) {
      input.assign(std::istreambuf_iterator<char>(std::cin), {});
      while (!input.empty() && input.back() == '\n')
        input.pop_back();
    }
    if (input.empty()) {
      fmt::print(stderr, "brandwacht: no text to explain\n");
      status = kUsage;
      return;
    }
    const auto why = text::explain(input, options->lang);
    options->json ? print_json(input, why) : print_text(input, why);
  });
}

}  // namespace brandwacht::daemon
