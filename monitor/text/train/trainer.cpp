#include "monitor/text/train/trainer.hpp"

#include <algorithm>
#include <cmath>

#include "monitor/text/tokens.hpp"
#include "monitor/text/train/solver.hpp"

namespace brandwacht::text::train {
namespace {

bool is_whole(FeatureKind kind) {
  return kind == FeatureKind::whole || kind == FeatureKind::letter;
}

// How much our own complaints count for the column of the public ones.
constexpr float kOwnGrievance = 0.03F;

// Pairs and negated words are rare and must be able to outweigh their words: "not bad".
float freedom_of(FeatureKind kind, std::size_t column) {
  const bool language = column == index(Output::nl) || column == index(Output::en);
  switch (kind) {
    case FeatureKind::letter:
      return language ? 1 : 0;
    case FeatureKind::pair:
      return language ? 1 : 2;
    case FeatureKind::negated:
      return language ? 1 : 4;
    default:
      return 1;
  }
}

// How each column is learnt best, by the checks of its own kind of text.
Learning learning_of(std::size_t column) {
  switch (static_cast<Output>(column)) {
    case Output::open_negative:
    case Output::open_positive:
      return {.cost = 4, .ratio = 0.5};
    case Output::open_anger:
      return {.cost = 1.5, .ratio = 0.5};
    case Output::open_abuse:
      return {.cost = 1, .ratio = 1};
    case Output::open_hate:
      return {.cost = 3, .ratio = 1};
    case Output::open_complaint:
      return {.cost = 6, .ratio = 0};
    case Output::review_negative:
    case Output::review_positive:
      return {.cost = 5, .ratio = 1};
    case Output::desk:
    case Output::review:
      return {.cost = 5, .ratio = 0, .epochs = 4};
    case Output::nl:
    case Output::en:
      return {.cost = 10, .ratio = 0.5, .epochs = 6};
    case Output::threat:
      return {.cost = 10, .ratio = 0.5};
    default:
      return {.cost = 3, .ratio = 0.5};
  }
}

}  // namespace

struct Trainer::Impl {
  struct Encoded {
    std::vector<std::uint32_t> rows;   // features that are not words
    std::vector<std::uint32_t> words;  // into words_
    std::uint32_t tokens = 0;
  };
  struct WordEntry {
    std::uint64_t hash;
    std::uint32_t own = UINT32_MAX;  // its row; UINT32_MAX: too rare to have one
    std::vector<std::uint32_t> grams, classes;
    float gram_scale = 0;
    std::uint32_t count = 0;
    std::uint8_t cues = 0;
  };

  const Corpus& corpus;
  const Priors& priors;
  const std::unordered_map<std::uint64_t, std::uint8_t>& cues;
  Options options;

  std::unordered_map<std::uint64_t, std::uint32_t> word_index;
  std::vector<WordEntry> words;
  std::unordered_map<std::uint64_t, std::uint32_t> row_index;
  std::vector<std::pair<std::uint64_t, FeatureKind>> row_names;
  std::vector<std::uint32_t> row_counts;
  std::vector<Encoded> encoded;
  SparseTexts texts;
  std::vector<Row> rows;  // what has been learnt of each feature
  Row bias{};
  std::unordered_set<std::uint64_t> allowed;  // words, pairs and negated words; empty: all

  Impl(const Corpus& c, const Priors& p, const std::unordered_map<std::uint64_t, std::uint8_t>& q,
       Options o)
      : corpus(c), priors(p), cues(q), options(o) {}

  std::uint32_t word_of(const Token& token, std::string_view text) {
    const auto [at, added] = word_index.emplace(token.hash, words.size());
    if (added) {
      WordEntry entry;
      entry.hash = token.hash;
      if (const auto cue = cues.find(token.hash); cue != cues.end()) entry.cues = cue->second;
      words.push_back(entry);
      if (token.kind == Token::word) {
        char bytes[kMaxWord + 8];
        const std::size_t size =
            folded_word(text.substr(token.begin, token.end - token.begin), bytes);
        each_ngram(bytes, size, [&](std::uint64_t hash) {
          words.back().grams.push_back(row_of(hash, FeatureKind::ngram));
        });
      }
    }
    return at->second;
  }

  std::uint32_t row_of(std::uint64_t hash, FeatureKind kind) {
    const auto [at, added] = row_index.emplace(hash, row_names.size());
    if (added) {
      row_names.emplace_back(hash, kind);
      row_counts.push_back(0);
    }
    ++row_counts[at->second];
    return at->second;
  }

  struct Sink {
    Impl& impl;
    const Tokens& tokens;
    std::string_view text;
    Encoded& out;
    unsigned count;

    std::uint8_t word(std::size_t i) {
      const std::uint32_t word = impl.word_of(tokens.list[i], text);
      impl.words[word].count += count;
      out.words.push_back(word);
      return impl.words[word].cues;
    }
    void feature(FeatureKind kind, std::uint64_t hash, std::size_t) {
      const std::uint32_t row = impl.row_of(hash, kind);
      impl.row_counts[row] += count - 1;
      out.rows.push_back(row);
    }
    void whole(FeatureKind kind, std::uint64_t hash) {
      const std::uint32_t row = impl.row_of(hash, kind);
      impl.row_counts[row] += 1000;
      out.rows.push_back(row);
    }
  };

  void encode() {
    encoded.resize(corpus.examples.size());
    auto tokens = std::make_unique<Tokens>();
    for (std::size_t e = 0; e < corpus.examples.size(); ++e) {
      const Example& example = corpus.examples[e];
      *tokens = Tokens{};
      tokenize(example.text, *tokens);
      encoded[e].tokens = static_cast<std::uint32_t>(tokens->size);
      // What only the check has must not be known: its features count nothing.
      const unsigned count = example.check                  ? 0
                             : corpus.sets[example.set].own ? options.least_pair
                                                            : 1;
      Sink sink{*this, *tokens, example.text, encoded[e], count};
      each_feature(*tokens, sink);
      if (example.check) undo_counts(encoded[e]);
    }
    // Words that no text has but a prior knows.
    for (const auto& [hash, prior] : priors.words)
      if (const auto at = word_index.find(hash); at != word_index.end()) {
        WordEntry& entry = words[at->second];
        for (const std::uint64_t c : prior.classes)
          entry.classes.push_back(row_of(mix(c, 0x636C617373), FeatureKind::whole));
      }
    drop_rare();
    lay_out();
  }

  void lay_out() {
    std::vector<SparseTexts::Entry> list;
    for (const Encoded& e : encoded) {
      const float scale = scale_of(e.tokens);
      list.clear();
      for (const std::uint32_t row : e.rows)
        list.push_back({row, scale});
      for (const std::uint32_t w : e.words) {
        const WordEntry& word = words[w];
        if (word.own != UINT32_MAX) list.push_back({word.own, scale});
        for (const std::uint32_t gram : word.grams)
          list.push_back({gram, scale * word.gram_scale});
        for (const std::uint32_t c : word.classes)
          list.push_back({c, scale});
      }
      std::ranges::sort(list, {}, &SparseTexts::Entry::feature);
      for (std::size_t i = 0; i < list.size(); ++i)
        if (i > 0 && list[i].feature == list[i - 1].feature)
          texts.entries.back().value += list[i].value;
        else
          texts.entries.push_back(list[i]);
      texts.starts.push_back(texts.entries.size());
    }
  }

  void undo_counts(const Encoded& what) {
    for (const std::uint32_t row : what.rows)
      if (is_whole(row_names[row].second)) row_counts[row] -= 1000;
  }

  void drop_rare() {
    std::vector<std::uint32_t> renamed(row_names.size(), UINT32_MAX);
    std::vector<std::pair<std::uint64_t, FeatureKind>> names;
    std::vector<std::uint32_t> counts;
    for (std::size_t r = 0; r < row_names.size(); ++r) {
      const FeatureKind kind = row_names[r].second;
      const bool keep =
          is_whole(kind) || row_counts[r] >= (kind == FeatureKind::ngram ? 2U : options.least_pair);
      if (!keep) continue;
      renamed[r] = static_cast<std::uint32_t>(names.size());
      names.push_back(row_names[r]);
      counts.push_back(row_counts[r]);
    }
    const auto rename = [&](std::vector<std::uint32_t>& list) {
      std::size_t kept = 0;
      for (const std::uint32_t row : list)
        if (renamed[row] != UINT32_MAX) list[kept++] = renamed[row];
      list.resize(kept);
    };
    for (Encoded& e : encoded)
      rename(e.rows);
    row_names = std::move(names);
    row_counts = std::move(counts);
    for (WordEntry& word : words) {
      rename(word.grams);
      rename(word.classes);
      if (!word.grams.empty())
        word.gram_scale = static_cast<float>(options.gram_scale /
                                             std::sqrt(static_cast<double>(word.grams.size())));
      if (word.count >= options.least_word) {
        word.own = static_cast<std::uint32_t>(row_names.size());
        row_names.emplace_back(word.hash, FeatureKind::word);
        row_counts.push_back(word.count);
      }
    }
    row_index.clear();
  }

  bool may_have_row(std::uint64_t hash, FeatureKind kind) const {
    const bool listed =
        kind == FeatureKind::word || kind == FeatureKind::pair || kind == FeatureKind::negated;
    return !listed || allowed.empty() || allowed.contains(hash);
  }

  void learn(std::size_t column, std::span<const std::uint32_t> examples) {
    const bool language = column == index(Output::nl) || column == index(Output::en);
    const bool kind = column == index(Output::desk) || column == index(Output::review);
    std::vector<Lesson> lessons;
    for (const std::uint32_t e : examples) {
      const Example& example = corpus.examples[e];
      const float target = example.target[column];
      if (!(target == target)) continue;
      const SetInfo& set = corpus.sets[example.set];
      float weight = example.weight * (set.own ? static_cast<float>(options.own_weight) : 1.0F) *
                     (example.uncertain ? 0.5F : 1.0F);
      if (column == index(Output::open_complaint) && set.own) weight *= kOwnGrievance;
      // How often a public set says yes is its collectors' choice; but a set is of one language and
      // of one kind, and that is what these columns are to learn.
      lessons.push_back({e, example.set, !set.own && !language && !kind, target > 0.5F, weight});
    }
    std::vector<float> freedom;
    for (const auto& [hash, what] : row_names)
      freedom.push_back(may_have_row(hash, what) ? freedom_of(what, column) : 0);
    const Column learnt = learn_column(texts, lessons, freedom, corpus.sets.size(),
                                       learning_of(column), options.seed);
    for (std::size_t r = 0; r < rows.size(); ++r)
      rows[r][column] = learnt.weights[r];
    bias[column] = learnt.bias;
  }
};

Trainer::Trainer(const Corpus& corpus, const Priors& priors,
                 const std::unordered_map<std::uint64_t, std::uint8_t>& cues, Options options)
    : impl_(std::make_unique<Impl>(corpus, priors, cues, options)) {
  impl_->encode();
}
Trainer::~Trainer() = default;

void Trainer::only(std::unordered_set<std::uint64_t> hashes) {
  impl_->allowed = std::move(hashes);
}

void Trainer::fit(std::span<const std::uint32_t> examples) {
  impl_->rows.assign(impl_->row_names.size(), Row{});
  for (std::size_t o = 0; o < kNamed; ++o)
    impl_->learn(o, examples);
}

std::array<float, kOutputs> Trainer::log_odds(const Example& example) const {
  const Impl& m = *impl_;
  const auto e = static_cast<std::size_t>(&example - m.corpus.examples.data());
  std::array<float, kOutputs> out = bias();
  for (const auto& entry : m.texts.of(e))
    for (std::size_t o = 0; o < kNamed; ++o)
      out[o] += m.rows[entry.feature][o] * entry.value;
  return out;
}

std::array<float, kOutputs> Trainer::bias() const {
  return impl_->bias;
}

std::vector<Trainer::Weight> Trainer::weights() const {
  const Impl& m = *impl_;
  const auto add = [](Row& to, const Row& from, float times) {
    for (std::size_t o = 0; o < kNamed; ++o)
      to[o] += times * from[o];
  };
  std::vector<Weight> out;
  std::vector<bool> is_class(m.row_names.size(), false);
  for (const auto& word : m.words)
    for (const std::uint32_t c : word.classes)
      is_class[c] = true;
  for (std::size_t r = 0; r < m.row_names.size(); ++r)
    if (m.row_names[r].second != FeatureKind::word && !is_class[r])
      out.push_back({m.row_names[r].first, m.row_names[r].second, m.rows[r], m.row_counts[r]});
  for (const auto& word : m.words) {
    if (!m.may_have_row(word.hash, FeatureKind::word)) continue;
    Row row{};
    if (word.own != UINT32_MAX) add(row, m.rows[word.own], 1);
    for (const std::uint32_t gram : word.grams)
      add(row, m.rows[gram], word.gram_scale);
    for (const std::uint32_t c : word.classes)
      add(row, m.rows[c], 1);
    out.push_back({word.hash, FeatureKind::word, row, word.count});
  }
  return out;
}

}  // namespace brandwacht::text::train
