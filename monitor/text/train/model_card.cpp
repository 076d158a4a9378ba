#include "monitor/text/train/model_card.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::text::train {
namespace {

const SetInfo* find_set(const Corpus& corpus, const std::string& name) {
  const auto found = std::ranges::find(corpus.sets, name, &SetInfo::name);
  return found == corpus.sets.end() ? nullptr : &*found;
}

std::string data_table(const Corpus& corpus) {
  std::string out =
      "| set | learnt from | judged with | left out* | source | licence as stated |\n"
      "|---|---|---|---|---|---|\n";
  for (const SetInfo& set : corpus.sets)
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", set.name, set.trained, set.checked,
                       set.repeated, set.source, set.licence);
  return out +
         "\n\\* the same text, but for accounts, links and punctuation, stands in a part that is "
         "judged with.\n";
}

std::string quality_table(const std::vector<Quality>& qualities) {
  std::string out =
      "| set | what | texts | positives | AUC | macro-F1 | calibration error |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const Quality& q : qualities) {
    if (q.what == "language")
      out += fmt::format("| {} | language, 20 bytes and more | {} | | right: {:.4f} | | |\n", q.set,
                         q.texts, q.recall);
    else
      out += fmt::format("| {} | {}{} | {} | {} | {:.3f} | {:.3f} | {:.3f} |\n", q.set, q.what,
                         q.recall > 0 ? fmt::format(" (mean recall of 3 classes {:.3f})", q.recall)
                                      : std::string(),
                         q.texts, q.positives, q.auc, q.macro_f1, q.calibration_error);
  }
  return out;
}

}  // namespace

std::string reliability_table(const Corpus& corpus, const std::vector<Quality>& qualities) {
  std::string out =
      "| set | what | 0-.1 | .1-.2 | .2-.3 | .3-.4 | .4-.5 | .5-.6 | .6-.7 | .7-.8 | .8-.9 | .9-1 "
      "|\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Quality& q : qualities) {
    const SetInfo* set = find_set(corpus, q.set);
    if (set == nullptr || q.what == "language" || (!set->own && q.what != "negative") ||
        !set->calibrates)
      continue;
    out += fmt::format("| {} | {} |", q.set, q.what);
    for (const Bin& bin : q.bins)
      out += bin.count > 0 ? fmt::format(" {:.2f} ({}) |", bin.share, bin.count) : " |";
    out += '\n';
  }
  return out;
}

std::string model_card(const Corpus& corpus, const Trained& trained,
                       const std::vector<Quality>& qualities, std::uint32_t version,
                       std::uint64_t seed, const std::string& failures) {
  return fmt::format(
      "# The text model, version {}\n\n"
      "Written by `brandwacht train` (seed {}); do not edit. {} of {} learnt features in {} "
      "bytes.\n\n"
      "A linear model for each output over words, pairs of words, negated words and the n-grams of "
      "unknown words, quantised to 8 bits. What is said in another way in other kinds of text has "
      "a "
      "column for each kind: posts to or about companies, tweets and talk about anything, and "
      "reviews. Two columns say which kind a post is, and the opinions count by that. A column of "
      "the file is a blend of all that were learnt, fitted and calibrated by logistic regression "
      "on texts whose writer the model had not read.\n\n"
      "## Data\n\n{}\n"
      "## Quality on what it has not seen\n\n"
      "`negative` of a public set is its negative sentiment. `sarcastic` and `negated`: `negative` "
      "on "
      "those posts alone.\n\n{}\n"
      "## Reliability\n\n"
      "How often it was so, by what the model said, and of how many posts.\n\n{}\n"
      "## Known failures\n\n{}\n",
      version, seed, trained.packed.kept, trained.packed.learnt, trained.file.bytes().size(),
      data_table(corpus), quality_table(qualities), reliability_table(corpus, qualities), failures);
}

}  // namespace brandwacht::text::train
