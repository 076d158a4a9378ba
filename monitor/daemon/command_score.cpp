#include <fmt/format.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/line_splitter.hpp"
#include "monitor/mention_json.hpp"
#include "monitor/text/private_data.hpp"
#include "monitor/text/scorer.hpp"

namespace brandwacht::daemon {
namespace {

struct Scorer {
  simdjson::ondemand::parser parser;
  std::uint64_t line = 0, bad = 0;
  std::string name, out;

  void feed(std::string_view text) {
    ++line;
    const simdjson::padded_string_view padded(text.data(), text.size(),
                                              text.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    std::string_view id, post, lang;
    auto error = parser.iterate(padded).get(document);
    if (!error) error = document["id"].get_string().get(id);
    // Ids are often numbers in data sets; they pass through as they stand.
    if (error == simdjson::INCORRECT_TYPE) error = document["id"].raw_json_token().get(id);
    while (!id.empty() && id.back() == ' ')
      id.remove_suffix(1);
    if (!error) error = document["text"].get_string().get(post);
    if (!error && document["lang"].get_string().get(lang) != simdjson::SUCCESS) lang = {};
    if (error) {
      ++bad;
      fmt::print(stderr, "{}:{}: needs \"id\" and \"text\": {}\n", name, line,
                 simdjson::error_message(error));
      return;
    }
    const text::Score score = text::score(post, lang);
    out = "{\"id\":";
    append_json_string(out, id);
    fmt::format_to(std::back_inserter(out), ",\"lang\":\"{}\",\"polarity\":\"{}\"",
                   text::to_string(score.language), text::to_string(text::polarity_of(score)));
    for (const auto& [output, p] : text::probabilities(score))
      fmt::format_to(std::back_inserter(out), ",\"{}\":{:.4f}", output, p);
    out += ",\"cues\":[";
    append_names(text::cue_names(score.cues));
    out += "],\"private_data\":[";
    std::vector<std::string_view> kinds;
    for (const text::PrivateData& found : text::find_private(post))
      if (const auto kind = to_string(found.kind); std::ranges::find(kinds, kind) == kinds.end())
        kinds.push_back(kind);
    append_names(kinds);
    fmt::print("{}],\"scorer\":{}}}\n", out, text::scorer_version());
  }

  void append_names(const std::vector<std::string_view>& names) {
    for (const std::string_view& one : names) {
      if (&one != names.data()) out += ',';
      out.append("\"").append(one).append("\"");
    }
  }
};

void read_all(std::istream& in, Scorer& scorer) {
  LineSplitter lines;
  while (in) {
    const auto room = lines.writable();
    in.read(room.data(), static_cast<std::streamsize>(room.size()));
    lines.commit(static_cast<std::size_t>(in.gcount()));
    while (const auto line = lines.next())
      scorer.feed(*line);
  }
  if (const auto line = lines.finish()) scorer.feed(*line);
  scorer.bad += lines.too_long();
}

}  // namespace

void add_score(CLI::App& app, int& status) {
  auto* command =
      app.add_subcommand("score", "Score texts: NDJSON {\"id\",\"text\"} in, scores out");
  command->footer(
      "Each line in is an object with \"id\" and \"text\" (and \"lang\" if known); each line out "
      "is\n"
      "{\"id\",\"lang\",\"polarity\",\"negative\",\"positive\",\"anger\",\"complaint\",\"abuse\","
      "\"threat\","
      "\"hate\",\n"
      "\"spam\",\"call_to_action\",\"concrete\",\"joins\",\"cues\":[..],\"private_data\":[kinds],"
      "\"scorer\"}"
      ",\n"
      "probabilities from 0 to 1; negative: a desk would count the author as one more critic.\n\n"
      "  echo '{\"id\":\"1\",\"text\":\"App werkt weer niet\"}' | brandwacht score");
  auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("file", *files, "NDJSON files; none or - is standard input");
  command->callback([files, &status] {
    if (files->empty()) files->emplace_back("-");
    std::uint64_t bad = 0;
    for (const auto& name : *files) {
      Scorer scorer;
      scorer.name = name;
      if (name == "-") {
        read_all(std::cin, scorer);
      } else {
        std::ifstream in(name, std::ios::binary);
        if (!in) {
          fmt::print(stderr, "brandwacht: {} cannot be read\n", name);
          status = kNoInput;
          return;
        }
        read_all(in, scorer);
      }
      bad += scorer.bad;
    }
    if (bad > 0) status = kDataError;
  });
}

}  // namespace brandwacht::daemon
