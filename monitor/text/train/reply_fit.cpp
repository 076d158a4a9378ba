#include "monitor/text/train/reply_fit.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "monitor/text/train/draw.hpp"

namespace brandwacht::text::train {
namespace {

constexpr std::size_t kColumns = 2 * kReplyLabels;
using Columns = std::array<float, kColumns>;

constexpr float kStart = 1e-2F;  // AdaGrad's first steps would be as long as all later ones

// A feature, what it counts in its sentence, and what it counts in the whole reply.
struct Item {
  std::uint32_t row;
  float here, whole;
};

struct Encoded {
  std::vector<std::vector<Item>> sentences;
  std::vector<Item> whole;
};

struct Feature {
  std::uint64_t hash;
  FeatureKind kind;
  float weight;         // of its kind
  std::uint32_t count;  // replies that have it
  std::uint32_t last;   // the last of them
};

}  // namespace

struct ReplyFit::Impl {
  struct WordEntry {
    std::uint32_t row;
    std::vector<std::uint32_t> grams;
    float gram_weight = 0;
  };

  const ReplyCorpus& corpus;
  ReplyOptions options;
  std::unordered_map<std::uint64_t, std::uint32_t> index;
  std::vector<Feature> features;
  std::unordered_map<std::uint64_t, WordEntry> words;  // by token hash
  std::vector<Encoded> encoded;
  std::vector<Columns> rows, sums;
  ReplyLogOdds bias{}, bias_sums{};

  Impl(const ReplyCorpus& c, ReplyOptions o) : corpus(c), options(o) { encode(); }

  std::uint32_t row_of(std::uint64_t hash, FeatureKind kind, float weight, std::uint32_t example) {
    const auto [at, added] = index.emplace(hash, features.size());
    if (added) features.push_back({hash, kind, weight, 0, UINT32_MAX});
    Feature& feature = features[at->second];
    if (feature.last != example) ++feature.count;
    feature.last = example;
    return at->second;
  }

  struct Sink {
    Impl& impl;
    const ReplyText& reply;
    std::uint32_t example;
    Encoded& out;
    std::vector<std::size_t> sizes;
    std::vector<std::vector<std::uint64_t>> tokens;
    const Tokens* cut = nullptr;
    std::vector<std::vector<Item>> signs;

    void sentence(std::size_t, const Tokens& now) {
      cut = &now;
      out.sentences.emplace_back();
      tokens.emplace_back();
      signs.emplace_back();
      sizes.push_back(now.size);
    }
    void word(std::size_t i) {
      const Token& token = cut->list[i];
      tokens.back().push_back(token.hash);
      auto [at, added] = impl.words.try_emplace(token.hash);
      at->second.row = impl.row_of(token.hash, FeatureKind::word, 1, example);
      if (token.kind != Token::word) return;
      const std::string_view text = reply.text(reply.sentences[out.sentences.size() - 1]);
      char bytes[kMaxWord + 8];
      const std::size_t size =
          folded_word(text.substr(token.begin, token.end - token.begin), bytes);
      each_ngram(bytes, size, [&](std::uint64_t hash) {
        const std::uint32_t row = impl.row_of(hash, FeatureKind::ngram, 1, example);
        if (added) at->second.grams.push_back(row);
      });
    }
    void text(std::uint64_t hash, float weight, std::size_t) {
      out.sentences.back().push_back(
          {impl.row_of(hash, FeatureKind::pair, weight, example), weight, weight});
    }
    void sign(std::uint64_t hash) {
      signs.back().push_back(
          {impl.row_of(hash, FeatureKind::whole, kReplySign, example), kReplySign, 0});
    }
    void whole(std::uint64_t hash, float weight) {
      out.whole.push_back({impl.row_of(hash, FeatureKind::whole, weight, example), 0, weight});
    }
  };

  bool kept(std::uint32_t row) const {
    const Feature& feature = features[row];
    return feature.kind == FeatureKind::whole || feature.kind == FeatureKind::word ||
           feature.count >= options.least;
  }

  void encode() {
    const auto tokens = std::make_unique<Tokens>();
    encoded.resize(corpus.examples.size());
    std::vector<Sink> sinks;
    for (std::uint32_t e = 0; e < encoded.size(); ++e) {
      // What only held-out replies have must not be known.
      if (corpus.examples[e].held_out) continue;
      sinks.push_back({*this, corpus.examples[e].reading.text, e, encoded[e], {}, {}, nullptr, {}});
      each_reply_feature(sinks.back().reply, *tokens, sinks.back());
    }
    for (auto& [hash, word] : words) {
      std::erase_if(word.grams, [&](std::uint32_t row) { return !kept(row); });
      if (!word.grams.empty())
        word.gram_weight = kReplyGrams / std::sqrt(static_cast<float>(word.grams.size()));
    }
    for (Sink& sink : sinks)
      finish(sink);
    rows.resize(features.size());
    sums.resize(features.size());
  }

  // Takes rare features out, puts words and signs in, and scales.
  void finish(Sink& sink) {
    std::size_t all = 0;
    for (const std::size_t size : sink.sizes)
      all += size;
    for (std::size_t s = 0; s < sink.sizes.size(); ++s) {
      std::vector<Item>& items = sink.out.sentences[s];
      std::erase_if(items, [&](const Item& item) { return !kept(item.row); });
      for (const std::uint64_t token : sink.tokens[s]) {
        const WordEntry& word = words[token];
        items.push_back({word.row, 1, 1});
        for (const std::uint32_t gram : word.grams)
          items.push_back({gram, word.gram_weight, word.gram_weight});
      }
      for (Item& item : items) {
        item.here *= sentence_scale(sink.sizes[s]);
        item.whole *= reply_scale(all);
      }
      items.insert(items.end(), sink.signs[s].begin(), sink.signs[s].end());
    }
  }

  // Log odds; `share` becomes how much each sentence has of each label's.
  ReplyLogOdds forward(const Encoded& reply, std::vector<ReplyLogOdds>& share) const {
    share.assign(std::max<std::size_t>(reply.sentences.size(), 1), {});
    ReplyLogOdds out = bias;
    for (std::size_t s = 0; s < reply.sentences.size(); ++s)
      for (const Item& item : reply.sentences[s]) {
        const Columns& row = rows[item.row];
        for (std::size_t k = 0; k < kReplyLabels; ++k)
          share[s][k] += item.here * row[k];
        for (std::size_t k = 0; k < kReplyLabels; ++k)
          out[k] += item.whole * row[kReplyLabels + k];
      }
    for (const Item& item : reply.whole)
      for (std::size_t k = 0; k < kReplyLabels; ++k)
        out[k] += item.whole * rows[item.row][kReplyLabels + k];
    for (std::size_t k = 0; k < kReplyLabels; ++k) {
      const float together = pooled(share[0].data() + k, share.size(), kReplyLabels);
      for (ReplyLogOdds& one : share)
        one[k] = std::exp((one[k] - together) / kReplySoftness);
      out[k] += together;
    }
    return out;
  }

  void step(float& weight, float& sum, float gradient, float decay) const {
    const float g = gradient + decay * weight;
    sum += g * g;
    weight -= static_cast<float>(options.rate) * g / std::sqrt(sum);
  }

  void learn(std::uint32_t example, std::vector<ReplyLogOdds>& share) {
    const Encoded& reply = encoded[example];
    ReplyLogOdds gradient = forward(reply, share);
    const auto decay = static_cast<float>(options.decay);
    for (std::size_t k = 0; k < kReplyLabels; ++k) {
      const bool yes = (corpus.examples[example].labels >> k & 1) != 0;
      gradient[k] = 1 / (1 + std::exp(-gradient[k])) - (yes ? 1.0F : 0.0F);
      step(bias[k], bias_sums[k], gradient[k], 0);
    }
    const auto step_half = [&](std::uint32_t row, std::size_t from, float times,
                               const ReplyLogOdds& by) {
      for (std::size_t k = 0; k < kReplyLabels; ++k)
        step(rows[row][from + k], sums[row][from + k], times * by[k], decay);
    };
    for (std::size_t s = 0; s < reply.sentences.size(); ++s) {
      for (std::size_t k = 0; k < kReplyLabels; ++k)
        share[s][k] *= gradient[k];
      for (const Item& item : reply.sentences[s]) {
        step_half(item.row, 0, item.here, share[s]);
        if (item.whole != 0) step_half(item.row, kReplyLabels, item.whole, gradient);
      }
    }
    for (const Item& item : reply.whole)
      step_half(item.row, kReplyLabels, item.whole, gradient);
  }
};

ReplyFit::ReplyFit(const ReplyCorpus& corpus, ReplyOptions options)
    : impl_(std::make_unique<Impl>(corpus, options)) {}
ReplyFit::~ReplyFit() = default;

void ReplyFit::fit(std::span<const std::uint32_t> examples) {
  Impl& m = *impl_;
  Columns start;
  start.fill(kStart);
  std::ranges::fill(m.rows, Columns{});
  std::ranges::fill(m.sums, start);
  m.bias.fill(-1);  // most replies do none of it
  m.bias_sums.fill(kStart);
  std::vector<std::uint32_t> order(examples.begin(), examples.end());
  std::vector<ReplyLogOdds> share;
  Draw draw{m.options.seed};
  for (int epoch = 0; epoch < m.options.epochs; ++epoch) {
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[draw.next() % i]);
    for (const std::uint32_t example : order)
      m.learn(example, share);
  }
}

ReplyLogOdds ReplyFit::log_odds(std::uint32_t example) const {
  std::vector<ReplyLogOdds> share;
  return impl_->forward(impl_->encoded[example], share);
}

const ReplyLogOdds& ReplyFit::bias() const {
  return impl_->bias;
}

std::vector<Trainer::Weight> ReplyFit::weights() const {
  const Impl& m = *impl_;
  std::vector<Trainer::Weight> out;
  const auto add = [](Row& to, const Columns& from, float times) {
    for (std::size_t o = 0; o < kColumns; ++o)
      to[o] += times * from[o];
  };
  for (std::uint32_t r = 0; r < m.features.size(); ++r) {
    const Feature& feature = m.features[r];
    if (feature.kind == FeatureKind::word || !m.kept(r)) continue;
    out.push_back({feature.hash, feature.kind, {}, feature.count});
    const float part = feature.kind == FeatureKind::whole ? kReplySignUnit : 1;
    add(out.back().row, m.rows[r], part * feature.weight);
  }
  for (const auto& [hash, word] : m.words) {
    out.push_back({hash, FeatureKind::word, {}, m.features[word.row].count});
    add(out.back().row, m.rows[word.row], 1);
    for (const std::uint32_t gram : word.grams)
      add(out.back().row, m.rows[gram], word.gram_weight);
  }
  return out;
}

}  // namespace brandwacht::text::train
