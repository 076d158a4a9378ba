#include <cmath>
#include <memory>

#include "monitor/text/features.hpp"
#include "monitor/text/model.hpp"
#include "monitor/text/scorer.hpp"
#include "monitor/text/verdict.hpp"

namespace brandwacht::text {
namespace {

struct Part {
  std::size_t begin = 0, end = 0;
  std::string label;
  std::array<float, kOutputs> sums{};
};

class Collecting {
 public:
  Collecting(const Model& model, std::string_view text, const Tokens& tokens)
      : model_(model), text_(text), tokens_(tokens) {}

  std::uint8_t word(std::size_t i) {
    const Token& token = tokens_.list[i];
    const Model::Found found = model_.find(token.hash);
    std::array<float, kOutputs> sums{};
    add(sums, found.row);
    if (!found.known && token.kind == Token::word)
      add_unknown(model_, text_.substr(token.begin, token.end - token.begin), sums);
    put(token.begin, token.end, std::string(text_.substr(token.begin, token.end - token.begin)),
        sums);
    cues_ |= found.cues;
    return found.cues;
  }

  void feature(FeatureKind kind, std::uint64_t hash, std::size_t i) {
    const Model::Found found = model_.find(hash);
    if (!found.known) return;
    std::array<float, kOutputs> sums{};
    add(sums, found.row);
    const auto words = [&](std::size_t at) {
      const Token& token = tokens_.list[at];
      return std::string(text_.substr(token.begin, token.end - token.begin));
    };
    const Token& token = tokens_.list[i];
    switch (kind) {
      case FeatureKind::pair:
        if (hash == pair_hash(kBeginHash, token.hash))
          return put(token.begin, token.end, "^ " + words(i), sums);
        if (hash == pair_hash(token.hash, kEndHash))
          return put(token.begin, token.end, words(i) + " $", sums);
        return put(tokens_.list[i - 1].begin, token.end, words(i - 1) + " " + words(i), sums);
      default:
        return put(token.begin, token.end, "not … " + words(i), sums);
    }
  }

  void whole(FeatureKind, std::uint64_t hash) {
    const Model::Found found = model_.find(hash);
    if (!found.known) return;
    std::array<float, kOutputs> sums{};
    add(sums, found.row);
    std::string label = "letters";
    if (hash == whole_hash(Whole::length, length_class(tokens_.words))) label = "length";
    for (unsigned v = 0; v <= 4; ++v) {
      if (hash == whole_hash(Whole::capitals, v)) label = "capitals";
      if (hash == whole_hash(Whole::elongation, v)) label = "elongation";
    }
    put(0, 0, label, sums);
  }

  std::vector<Part> parts;
  std::uint8_t cues() const { return cues_; }

 private:
  static void add(std::array<float, kOutputs>& sums, const std::int8_t* row) {
    for (std::size_t o = 0; o < kOutputs; ++o)
      sums[o] += static_cast<float>(row[o]);
  }
  void put(std::size_t begin, std::size_t end, std::string label,
           const std::array<float, kOutputs>& sums) {
    parts.push_back({begin, end, std::move(label), sums});
  }

  const Model& model_;
  std::string_view text_;
  const Tokens& tokens_;
  std::uint8_t cues_ = 0;
};

}  // namespace

Explanation explain(std::string_view text, std::string_view declared) {
  const Model& model = Model::shipped();
  const auto tokens = std::make_unique<Tokens>();
  tokenize(text, *tokens);
  Collecting all(model, text, *tokens);
  each_feature(*tokens, all);
  Explanation out;
  out.score = score(model, text, declared);
  // What kind of text it is decides how much each of the opinions counts; every part adds to all.
  std::array<float, kOutputs> sums{};
  for (const Part& part : all.parts)
    for (std::size_t o = 0; o < kOutputs; ++o)
      sums[o] += part.sums[o];
  const Verdict verdict = verdict_of(model, sums, tokens->size);
  const Model::Header& header = model.header();
  const auto scale = static_cast<double>(scale_of(tokens->size));
  const auto mixed = [&](const auto& value) {
    double mean = 0;
    for (std::size_t d = 0; d < kDomains; ++d)
      mean += static_cast<double>(verdict.share[d]) *
              static_cast<double>(value(column_of(0, static_cast<Domain>(d))));
    return mean;
  };
  out.base = mixed([&](std::size_t column) { return header.bias[column]; });
  double sum = out.base;
  for (const Part& part : all.parts) {
    const double weight =
        scale * mixed([&](std::size_t column) { return header.scale[column] * part.sums[column]; });
    if (std::abs(weight) < 1e-6) continue;
    out.parts.push_back({part.begin, part.end, part.label, weight});
    sum += weight;
  }
  const auto bound = static_cast<double>(kMaxLogOdds);
  if (std::abs(sum) > bound) {
    out.parts.push_back({0, 0, "bound", (sum > 0 ? bound : -bound) - sum});
    sum = sum > 0 ? bound : -bound;
  }
  // The score is a float: let the base take up its rounding, so that the parts add up to what was
  // shown.
  const auto negative = static_cast<double>(out.score.negative);
  out.base += std::log(negative / (1 - negative)) - sum;
  return out;
}

}  // namespace brandwacht::text
