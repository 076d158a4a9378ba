#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "config/reader.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/text/train/evaluate.hpp"
#include "monitor/text/train/lexicon.hpp"
#include "monitor/text/train/model_card.hpp"
#include "monitor/text/train/pipeline.hpp"
#include "monitor/text/train/reply_train.hpp"

namespace brandwacht::daemon {
namespace {

struct Arguments {
  std::string file, out, card;
  std::uint64_t seed = 1;
  double share = 1;
  std::size_t largest = text::train::kLargestModel;
};

bool write_file(const std::string& name, std::string_view bytes) {
  std::ofstream out(name, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) fmt::print(stderr, "brandwacht: {} cannot be written\n", name);
  return static_cast<bool>(out);
}

// A learning curve leaves out batches, not texts: those of one batch have much in common.
void thin(text::train::Corpus& corpus, double share) {
  for (auto& example : corpus.examples)
    if (!example.check && corpus.sets[example.set].own &&
        static_cast<double>(example.batch * 2654435761U >> 8) >= share * (1U << 24))
      example.weight = 0;
}

void print_quality(const std::vector<text::train::Quality>& qualities) {
  fmt::print("{:<22} {:<15} {:>6} {:>6} {:>6} {:>6} {:>6}\n", "set", "what", "texts", "yes", "AUC",
             "F1", "ECE");
  for (const auto& q : qualities)
    if (q.what == "language")
      fmt::print("{:<22} {:<15} {:>6} {:>6} {:>6.3f}\n", q.set, q.what, q.texts, "", q.recall);
    else
      fmt::print("{:<22} {:<15} {:>6} {:>6} {:>6.3f} {:>6.3f} {:>6.3f}\n", q.set, q.what, q.texts,
                 q.positives, q.auc, q.macro_f1, q.calibration_error);
}

void print_replies(const text::train::ReplyCorpus& corpus, const text::train::CrossReplies& cross) {
  fmt::print("{:<18} {:>9} {:>9} {:>9} {:>9}\n", "F1", "nl", "(lists)", "en", "(lists)");
  for (std::size_t k = 0; k < text::kReplyLabels; ++k) {
    const auto f1 = [&](const text::train::CrossReplies* by, bool dutch) {
      return text::train::count_replies(corpus, by, dutch, k).f1();
    };
    fmt::print("{:<18} {:>9.3f} {:>9.3f} {:>9.3f} {:>9.3f}\n", text::kReplyLabelNames[k],
               f1(&cross, true), f1(nullptr, true), f1(&cross, false), f1(nullptr, false));
  }
}

// The model of the reply check, from a file that names `replies`.
int train_reply_model(config::Section root, const Arguments& arguments,
                      const config::Problems& problems) {
  std::int64_t version = 1;
  root.require("version");
  root.read("version", version, 1, UINT32_MAX);
  const auto corpus =
      text::train::read_replies(root, std::filesystem::path(arguments.file).parent_path());
  root.close();
  print_problems(problems, STDERR_FILENO);
  if (problems.fatal()) return kConfig;
  if (corpus.broken > 0) fmt::print(stderr, "brandwacht: {} lines cannot be read\n", corpus.broken);
  text::train::ReplyOptions options;
  options.seed = arguments.seed;
  const auto trained =
      text::train::train_replies(corpus, options, static_cast<std::uint32_t>(version),
                                 std::min(arguments.largest, text::kLargestReplyModel),
                                 [](const std::string& step) { fmt::print(stderr, "{}\n", step); });
  fmt::print(stderr, "kept {} of {} features, {} had no place\n", trained.packed.kept,
             trained.packed.learnt, trained.packed.crowded_out);
  print_replies(corpus, trained.cross);
  const auto bytes = trained.file.bytes();
  const bool written =
      arguments.out.empty() ||
      write_file(arguments.out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return written ? 0 : kIoError;
}

int train(const Arguments& arguments) {
  config::Problems problems;
  auto document = config::Document::from_file(arguments.file, problems);
  text::train::Corpus corpus;
  std::string failures;
  std::int64_t version = 1;
  if (document.ok()) {
    auto root = document.root();
    if (root.has("replies")) return train_reply_model(std::move(root), arguments, problems);
    root.require("version");
    root.read("version", version, 1, UINT32_MAX);
    root.read("failures", failures);
    corpus = text::train::read_corpus(root, std::filesystem::path(arguments.file).parent_path());
    root.close();
  }
  print_problems(problems, STDERR_FILENO);
  if (problems.fatal()) return kConfig;
  std::size_t learnt = 0;
  for (const auto& set : corpus.sets) {
    learnt += set.trained;
    if (set.broken > 0)
      fmt::print(stderr, "brandwacht: {}: {} lines cannot be read\n", set.name, set.broken);
  }
  if (learnt == 0) {
    fmt::print(stderr, "brandwacht: {} names no text to learn from\n", arguments.file);
    return kDataError;
  }
  if (arguments.share < 1) thin(corpus, arguments.share);
  fmt::print(stderr, "{} texts of {} sets\n", learnt, corpus.sets.size());
  text::train::Options options;
  options.seed = arguments.seed;
  const auto begun = std::chrono::steady_clock::now();
  const auto trained = text::train::train_model(
      corpus, text::train::lexicon_priors(), options, static_cast<std::uint32_t>(version),
      arguments.largest, [&](const std::string& step) {
        const std::chrono::duration<double> past = std::chrono::steady_clock::now() - begun;
        fmt::print(stderr, "{:6.1f} s  {}\n", past.count(), step);
      });
  fmt::print(stderr, "kept {} of {} features, {} had no place\n", trained.packed.kept,
             trained.packed.learnt, trained.packed.crowded_out);
  const auto model = std::get<text::Model>(text::Model::open(trained.file.bytes()));
  const auto qualities = text::train::evaluate(corpus, model);
  print_quality(qualities);
  const auto bytes = trained.file.bytes();
  if (!arguments.out.empty() &&
      !write_file(arguments.out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}))
    return kIoError;
  if (!arguments.card.empty() &&
      !write_file(arguments.card, text::train::model_card(corpus, trained, qualities,
                                                          static_cast<std::uint32_t>(version),
                                                          arguments.seed, failures)))
    return kIoError;
  return 0;
}

}  // namespace

void add_train(CLI::App& app, int& status) {
  auto* command = app.add_subcommand(
      "train", "Train the text model, or that of the reply check, from labelled texts");
  command->footer(
      "FILE is a TOML file with a table [[set]] for each set of labelled texts: NDJSON\n"
      "{\"id\",\"lang\",\"text\",\"label\":{\"negative\":1,\"anger\":0,...}} or the tab-separated "
      "form\n"
      "of bench/data. The same files and seed give the same model, byte for byte.\n\n"
      "  brandwacht train bench/data/train.toml --out model.bin --card MODEL.md\n\n"
      "A FILE that names `replies` makes the smaller model of the reply check instead:\n\n"
      "  brandwacht train bench/data/replies.toml --out replies.bin");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("file", arguments->file, "what to train on")->required();
  command->add_option("--out", arguments->out, "the model; without it, only the figures are shown");
  command->add_option("--card", arguments->card, "MODEL.md: data, figures, reliability");
  command->add_option("--seed", arguments->seed, "of the order of the texts")
      ->capture_default_str();
  command
      ->add_option("--share", arguments->share,
                   "share of our own batches to learn from, for a learning curve")
      ->check(CLI::Range(0.01, 1.0));
  command->add_option("--largest", arguments->largest, "bytes of the model")
      ->check(CLI::Range(std::size_t{64} << 10, std::size_t{256} << 20))
      ->capture_default_str();
  command->callback([arguments, &status] { status = train(*arguments); });
}

}  // namespace brandwacht::daemon
