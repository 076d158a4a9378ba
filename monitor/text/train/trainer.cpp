#include "monitor/text/train/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "monitor/text/tokens.hpp"
#include "monitor/text/train/draw.hpp"

namespace brandwacht::text::train {
namespace {

bool is_whole(FeatureKind kind) {
  return kind == FeatureKind::whole || kind == FeatureKind::letter;
}

// How much our own complaints count for the column of the public ones.
constexpr float kOwnGrievance = 0.2F;

// Outputs that large public sets label need less L2 than those of small sets.
Row decays(double decay) {
  Row out;
  out.fill(static_cast<float>(decay));
  for (const Output o : {Output::open_anger, Output::open_abuse, Output::open_hate,
                         Output::open_negative, Output::open_positive, Output::open_complaint})
    out[index(o)] = static_cast<float>(decay) * 0.2F;
  for (const Output o : {Output::desk, Output::review, Output::nl, Output::en})
    out[index(o)] = static_cast<float>(decay) * 1e-3F;
  return out;
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
  Row decay = decays(options.decay);

  std::unordered_map<std::uint64_t, std::uint32_t> word_index;
  std::vector<WordEntry> words;
  std::unordered_map<std::uint64_t, std::uint32_t> row_index;
  std::vector<std::pair<std::uint64_t, FeatureKind>> row_names;
  std::vector<std::uint32_t> row_counts;
  std::vector<Encoded> encoded;
  std::vector<Row> rows, sums;
  Row bias{}, bias_sums{};
  std::vector<Row> set_bias, set_bias_sums;

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

  // Groups of four columns, a bit each: an example says something of few columns, and the others of
  // its rows need not be touched.
  static constexpr unsigned kAll = (1U << (kNamed / 4)) - 1;
  static void add(Row& to, const Row& from, float times, unsigned groups = kAll) {
    for (std::size_t g = 0; g < kNamed; g += 4, groups >>= 1)
      if ((groups & 1) != 0)
        for (std::size_t o = g; o < g + 4; ++o)
          to[o] += times * from[o];
  }

  Row raw(const Encoded& e, unsigned groups = kAll) const {
    Row z{};
    for (const std::uint32_t row : e.rows)
      add(z, rows[row], 1, groups);
    for (const std::uint32_t w : e.words) {
      const WordEntry& word = words[w];
      if (word.own != UINT32_MAX) add(z, rows[word.own], 1, groups);
      for (const std::uint32_t gram : word.grams)
        add(z, rows[gram], word.gram_scale, groups);
      for (const std::uint32_t c : word.classes)
        add(z, rows[c], 1, groups);
    }
    return z;
  }

  void step(Row& row, Row& sum, const Row& gradient, float times, unsigned groups = kAll) {
    const auto rate = static_cast<float>(options.rate);
    for (std::size_t at = 0; at < kNamed; at += 4, groups >>= 1) {
      if ((groups & 1) == 0) continue;
      for (std::size_t o = at; o < at + 4; ++o) {
        const float g = times * gradient[o] + (gradient[o] != 0 ? decay[o] * row[o] : 0);
        sum[o] += g * g;
        row[o] -= rate * g / std::sqrt(sum[o]);
      }
    }
  }

  double learn(std::uint32_t e) {
    const Example& example = corpus.examples[e];
    const Encoded& code = encoded[e];
    const float scale = scale_of(code.tokens);
    unsigned groups = 0;
    for (std::size_t o = 0; o < kNamed; ++o)
      if (example.target[o] == example.target[o]) groups |= 1U << (o / 4);
    const Row z = raw(code, groups);
    Row gradient{};
    double loss = 0;
    const float weight =
        example.weight *
        (corpus.sets[example.set].own ? static_cast<float>(options.own_weight) : 1.0F) *
        (example.uncertain ? 0.5F : 1.0F);
    for (std::size_t o = 0; o < kNamed; ++o) {
      const float y = example.target[o];
      if (!(y == y)) continue;
      const double odds = static_cast<double>(scale * z[o] + bias[o] + set_bias[example.set][o]);
      const double p = 1 / (1 + std::exp(-odds));
      gradient[o] = weight * static_cast<float>(p - static_cast<double>(y));
      if (o == index(Output::open_complaint) && corpus.sets[example.set].own)
        gradient[o] *= kOwnGrievance;
      if (o == 0)
        loss = -(static_cast<double>(y) * std::log(p + 1e-9) +
                 (1 - static_cast<double>(y)) * std::log(1 - p + 1e-9));
    }
    step(bias, bias_sums, gradient, 1);
    if (!corpus.sets[example.set].own) {
      // How often a public set says yes is its collectors' choice; but a set is of one language and
      // of one kind, and that is what these outputs are to learn.
      Row own = gradient;
      for (const Output o : {Output::desk, Output::review, Output::nl, Output::en})
        own[index(o)] = 0;
      step(set_bias[example.set], set_bias_sums[example.set], own, 1);
    }
    Row language{};
    for (const Output o : {Output::nl, Output::en})
      language[index(o)] = gradient[index(o)];
    for (const std::uint32_t row : code.rows)
      step(rows[row], sums[row], row_names[row].second == FeatureKind::letter ? language : gradient,
           scale, groups);
    for (const std::uint32_t w : code.words) {
      const WordEntry& word = words[w];
      if (word.own != UINT32_MAX) step(rows[word.own], sums[word.own], gradient, scale, groups);
      for (const std::uint32_t gram : word.grams)
        step(rows[gram], sums[gram], gradient, scale * word.gram_scale, groups);
      for (const std::uint32_t c : word.classes)
        step(rows[c], sums[c], gradient, scale, groups);
    }
    return loss;
  }
};

Trainer::Trainer(const Corpus& corpus, const Priors& priors,
                 const std::unordered_map<std::uint64_t, std::uint8_t>& cues, Options options)
    : impl_(std::make_unique<Impl>(corpus, priors, cues, options)) {
  impl_->encode();
}
Trainer::~Trainer() = default;

void Trainer::fit(std::span<const std::uint32_t> examples,
                  const std::function<void(int, double)>& progress) {
  Impl& m = *impl_;
  const Row zero{};
  Row start;
  start.fill(1e-2F);  // AdaGrad's first steps would be as long as all later ones together
  m.rows.assign(m.row_names.size(), zero);
  m.sums.assign(m.row_names.size(), start);
  m.set_bias.assign(m.corpus.sets.size(), zero);
  m.set_bias_sums.assign(m.corpus.sets.size(), start);
  m.bias = zero;
  m.bias_sums = start;
  std::vector<std::uint32_t> order(examples.begin(), examples.end());
  Draw draw{m.options.seed};
  for (int epoch = 0; epoch < m.options.epochs; ++epoch) {
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[draw.next() % i]);
    double loss = 0;
    for (const std::uint32_t e : order)
      loss += m.learn(e);
    if (progress)
      progress(epoch + 1, loss / static_cast<double>(std::max<std::size_t>(1, order.size())));
  }
}

std::array<float, kOutputs> Trainer::log_odds(const Example& example) const {
  const Impl& m = *impl_;
  const auto e = static_cast<std::size_t>(&example - m.corpus.examples.data());
  const Row z = m.raw(m.encoded[e]);
  const float scale = scale_of(m.encoded[e].tokens);
  std::array<float, kOutputs> out{};
  for (std::size_t o = 0; o < kOutputs; ++o)
    out[o] = scale * z[o] + m.bias[o];
  return out;
}

std::array<float, kOutputs> Trainer::bias() const {
  std::array<float, kOutputs> out{};
  std::copy_n(impl_->bias.begin(), kOutputs, out.begin());
  return out;
}

std::vector<Trainer::Weight> Trainer::weights() const {
  const Impl& m = *impl_;
  std::vector<Weight> out;
  std::vector<bool> is_class(m.row_names.size(), false);
  for (const auto& word : m.words)
    for (const std::uint32_t c : word.classes)
      is_class[c] = true;
  for (std::size_t r = 0; r < m.row_names.size(); ++r)
    if (m.row_names[r].second != FeatureKind::word && !is_class[r])
      out.push_back({m.row_names[r].first, m.row_names[r].second, m.rows[r], m.row_counts[r]});
  for (const auto& word : m.words) {
    Row row{};
    if (word.own != UINT32_MAX) Impl::add(row, m.rows[word.own], 1);
    for (const std::uint32_t gram : word.grams)
      Impl::add(row, m.rows[gram], word.gram_scale);
    for (const std::uint32_t c : word.classes)
      Impl::add(row, m.rows[c], 1);
    out.push_back({word.hash, FeatureKind::word, row, word.count});
  }
  return out;
}

}  // namespace brandwacht::text::train
