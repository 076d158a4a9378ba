#include "monitor/text/train/corpus.hpp"

#include <simdjson.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <unordered_set>

#include "monitor/hash.hpp"
#include "monitor/text/features.hpp"
#include "monitor/text/tokens.hpp"

namespace brandwacht::text::train {
namespace {

using Targets = std::array<float, kShown>;

void set(Targets& targets, Output output, bool value) {
  targets[index(output)] = value ? 1.0F : 0.0F;
}

void set_polarity(Targets& targets, double polarity) {
  set(targets, Output::negative, polarity < 0);
  set(targets, Output::positive, polarity > 0);
}

void set_language(Example& out, std::string_view lang) {
  out.target[index(Output::nl)] = lang.starts_with("nl") ? 1.0F : 0.0F;
  out.target[index(Output::en)] = lang == "en" ? 1.0F : 0.0F;
}

// What the labels of public sets mean; a label of our own is the name of an output.
void read_label(Targets& targets, std::string_view key, simdjson::dom::element value) {
  std::string_view word;
  double number = 0;
  if (bool flag = false; value.get(flag) == simdjson::SUCCESS)
    number = flag ? 1 : 0;
  else if (value.get(number) != simdjson::SUCCESS)
    number = -2;
  if (value.get(word) != simdjson::SUCCESS) word = {};
  if (key == "polarity") {
    set_polarity(targets, word == "negative" ? -1 : word == "positive" ? 1 : 0);
  } else if (key == "rating") {
    set_polarity(targets, number);
  } else if (key == "emotions") {
    bool anger = false, other_bad = false, good = false;
    simdjson::dom::array list;
    if (value.get(list) == simdjson::SUCCESS)
      for (simdjson::dom::element one : list) {
        std::string_view name;
        if (one.get(name) != simdjson::SUCCESS) continue;
        anger |= name == "anger" || name == "annoyance";
        other_bad |= name == "disgust" || name == "disappointment" || name == "disapproval";
        good |= name == "joy" || name == "admiration" || name == "gratitude" || name == "love" ||
                name == "approval" || name == "amusement" || name == "excitement";
      }
    set(targets, Output::anger, anger);
    set(targets, Output::negative, anger || other_bad);
    set(targets, Output::positive, good);
  } else if (key == "class") {
    set(targets, Output::hate, word == "hate");
    set(targets, Output::abuse, word != "neither");
  } else if (key == "offensive") {
    set(targets, Output::abuse, number > 0.5);
  } else if (key == "hateful") {
    set(targets, Output::hate, number > 0.5);
  } else if (const auto found = std::ranges::find(kOutputNames, key);
             found < kOutputNames.begin() + kShown) {
    if (number >= 0 && number <= 1)
      targets[static_cast<std::size_t>(found - kOutputNames.begin())] = static_cast<float>(number);
  }
}

class Reader {
 public:
  Reader(Corpus& corpus, std::uint16_t set, const std::vector<std::string>& check_batches)
      : corpus_(corpus), info_(corpus.sets[set]), set_(set), check_batches_(check_batches) {}

  bool read(const std::filesystem::path& file, bool check) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return false;
    const bool table = file.extension() == ".tsv";
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || (table && line[0] == '#')) continue;
      Example example;
      example.set = set_;
      example.check = check;
      example.weight = static_cast<float>(info_.weight);
      example.truth.fill(kUnknown);
      example.target.fill(kUnknown);
      if (!(table ? read_row(line, example) : read_object(line, example))) {
        ++info_.broken;
        continue;
      }
      if (info_.domain) {
        learn(example, *info_.domain);
        example.target[index(Output::desk)] = *info_.domain == Domain::desk ? 1 : 0;
        example.target[index(Output::review)] = *info_.domain == Domain::review ? 1 : 0;
      }
      ++(example.check ? info_.checked : info_.trained);
      corpus_.examples.push_back(std::move(example));
    }
    return true;
  }

 private:
  // batch, language, kind, sector, labels, text and perhaps the parent.
  bool read_row(const std::string& line, Example& out) {
    std::vector<std::string_view> fields;
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find('\t', at), line.size());
      fields.push_back(std::string_view(line).substr(at, end - at));
      at = end + 1;
    }
    if (fields.size() < 6) return false;
    out.text = fields[5];
    if (fields.size() > 6) out.parent = fields[6];
    out.batch = static_cast<std::uint32_t>(hash_bytes(fields[0]));
    out.writer = static_cast<std::uint32_t>(hash_bytes(fields[0].substr(0, fields[0].rfind('-'))));
    out.check = out.check || std::ranges::find(check_batches_, fields[0]) != check_batches_.end();
    set_language(out, fields[1]);
    const std::string_view labels = fields[4];
    const auto has = [&](char c) { return labels.find(c) != std::string_view::npos; };
    constexpr std::pair<char, Output> kLetters[] = {
        {'N', Output::negative}, {'A', Output::anger},          {'C', Output::complaint},
        {'B', Output::abuse},    {'T', Output::threat},         {'H', Output::hate},
        {'S', Output::spam},     {'K', Output::call_to_action}, {'X', Output::concrete},
        {'J', Output::joins}};
    for (const auto& [letter, output] : kLetters)
      set(out.truth, output, has(letter));
    if (has('L')) set(out.truth, Output::positive, true);
    if (has('N')) set(out.truth, Output::positive, false);
    forget_unused(out);
    out.target[index(Output::irony)] = has('I') ? 1.0F : 0.0F;
    if (used(index(Output::complaint)))
      out.target[index(Output::open_complaint)] = has('C') ? 1.0F : 0.0F;
    out.negation = has('G');
    out.irony = has('I');
    out.uncertain = has('U');
    return true;
  }

  bool read_object(const std::string& line, Example& out) {
    simdjson::dom::element object;
    std::string_view text, lang;
    if (parser_.parse(line).get(object) != simdjson::SUCCESS ||
        object["text"].get(text) != simdjson::SUCCESS)
      return false;
    out.text = text;
    if (object["lang"].get(lang) == simdjson::SUCCESS) set_language(out, lang);
    simdjson::dom::object label;
    if (object["label"].get(label) == simdjson::SUCCESS)
      for (const auto& [key, value] : label) {
        read_label(out.truth, key, value);
        bool ironic = false;
        if (key == "irony") {
          double number = 0;
          ironic = value.get(number) == simdjson::SUCCESS && number > 0.5;
          out.target[index(Output::irony)] = ironic ? 1.0F : 0.0F;
        }
      }
    forget_unused(out);
    return true;
  }

  // Negative feeling is judged wherever it is labelled, learnt only where the set is for it.
  void forget_unused(Example& out) const {
    for (std::size_t o = 0; o < kShown; ++o)
      if (o != index(Output::negative) && !used(o)) out.truth[o] = kUnknown;
  }

  bool used(std::size_t output) const {
    return info_.use.empty() ||
           std::ranges::find(info_.use, static_cast<Output>(output)) != info_.use.end();
  }

  void learn(Example& example, Domain domain) const {
    for (std::size_t o = 0; o < kShown; ++o)
      if (used(o) && example.truth[o] == example.truth[o])
        example.target[column_of(o, domain)] = example.truth[o];
  }

  Corpus& corpus_;
  SetInfo& info_;
  std::uint16_t set_;
  const std::vector<std::string>& check_batches_;
  simdjson::dom::parser parser_;
};

// Equal for two texts that differ in accounts, links, punctuation and case only.
std::uint64_t gist(std::string_view text, Tokens& tokens) {
  tokens.size = 0;
  tokenize(text, tokens);
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < tokens.size; ++i)
    if (tokens.list[i].kind == Token::word || tokens.list[i].kind == Token::number)
      out = mix(out, tokens.list[i].hash);
  return out;
}

// A text that is judged with must not be learnt from, in whatever set it stands again.
void drop_known_checks(Corpus& corpus) {
  const auto tokens = std::make_unique<Tokens>();
  std::unordered_set<std::uint64_t> checks;
  for (const Example& example : corpus.examples)
    if (example.check) checks.insert(gist(example.text, *tokens));
  std::erase_if(corpus.examples, [&](const Example& example) {
    if (example.check || example.text.size() < 20 || !checks.contains(gist(example.text, *tokens)))
      return false;
    SetInfo& info = corpus.sets[example.set];
    --info.trained;
    ++info.repeated;
    return true;
  });
}

}  // namespace

Corpus read_corpus(config::Section& root, const std::filesystem::path& folder) {
  Corpus corpus;
  for (config::Section& section : root.sections("set")) {
    SetInfo info;
    std::vector<std::string> train, check, use, batches;
    section.require("name");
    section.read("name", info.name);
    section.read("source", info.source);
    section.read("licence", info.licence);
    section.read("note", info.note);
    section.read("weight", info.weight, 0, 100);
    section.read("own", info.own);
    section.read("calibrates", info.calibrates);
    std::string kind = info.own ? "desk" : "";
    section.read("kind", kind);
    if (kind == "desk")
      info.domain = Domain::desk;
    else if (kind == "open")
      info.domain = Domain::open;
    else if (kind == "review")
      info.domain = Domain::review;
    else if (!kind.empty())
      section.problem("kind", "there is no kind '" + kind + "'", "");
    section.read("train", train);
    section.read("check", check);
    section.read("use", use);
    section.read("check_batches", batches);
    for (const std::string& name : use) {
      const auto found = std::ranges::find(kOutputNames, name);
      if (found >= kOutputNames.begin() + kShown)
        section.problem(
            "use", "there is no output '" + name + "'",
            config::did_you_mean(name, {kOutputNames.begin(), kOutputNames.begin() + kShown}));
      else
        info.use.push_back(static_cast<Output>(found - kOutputNames.begin()));
    }
    corpus.sets.push_back(info);
    Reader reader(corpus, static_cast<std::uint16_t>(corpus.sets.size() - 1), batches);
    const auto read_all = [&](const std::vector<std::string>& files, const char* key,
                              bool is_check) {
      for (const std::string& file : files)
        if (!reader.read(folder / file, is_check))
          section.warn(key, "'" + file + "' cannot be read: this set is left out");
    };
    read_all(train, "train", false);
    read_all(check, "check", true);
    section.close();
  }
  drop_known_checks(corpus);
  return corpus;
}

}  // namespace brandwacht::text::train
