#include "monitor/text/reply_model.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <vector>

#include "monitor/text/verdict.hpp"

extern "C" const std::byte brandwacht_reply_model_begin[], brandwacht_reply_model_end[];

namespace brandwacht::text {
namespace {

static_assert(2 * kReplyLabels <= kOutputs);
using Sums = std::array<float, kOutputs>;

void add(Sums& sums, const std::int8_t* row) noexcept {
  for (std::size_t o = 0; o < kOutputs; ++o)
    sums[o] += static_cast<float>(row[o]);
}

// What a token says by itself, by its word or by the n-grams of one that the table does not have.
void add_token(const Model& model, const Token& token, std::string_view sentence, Sums& sums) {
  const Model::Found found = model.find(token.hash);
  add(sums, found.row);
  if (!found.known && token.kind == Token::word)
    add_unknown(model, sentence.substr(token.begin, token.end - token.begin), sums);
}

// Takes in what each_reply_feature() tells of a reply.
class Adding {
 public:
  Adding(const Model& model, const ReplyText& reply) : model_(model), reply_(reply) {
    said_.reserve(reply.sentences.size());
  }

  void sentence(std::size_t place, const Tokens& tokens) {
    close();
    tokens_ = &tokens;
    size_ = tokens.size;
    text_ = reply_.text(reply_.sentences[place]);
    open_ = true;
  }
  void word(std::size_t i) { add_token(model_, tokens_->list[i], text_, words_); }
  void text(std::uint64_t hash, float, std::size_t) { add(words_, model_.find(hash).row); }
  void sign(std::uint64_t hash) { add(signs_, model_.find(hash).row); }
  void whole(std::uint64_t hash, float) {
    close();
    add(whole_, model_.find(hash).row);
  }

  ReplyOdds odds() const {
    ReplyOdds out;
    const Model::Header& header = model_.header();
    for (std::size_t k = 0; k < kReplyLabels; ++k) {
      const std::size_t w = kReplyLabels + k;
      out.odds[k] = header.bias[k] + header.scale[w] * (whole_[w] / kReplySignUnit +
                                                        reply_scale(all_) * everywhere_[w]);
      if (said_.empty()) continue;
      out.odds[k] += pooled(said_[0].data() + k, said_.size(), kReplyLabels);
      for (std::size_t s = 1; s < said_.size(); ++s)
        if (said_[s][k] > said_[out.best[k]][k]) out.best[k] = s;
    }
    return out;
  }

 private:
  void close() {
    if (!open_) return;
    open_ = false;
    const float scale = sentence_scale(size_);
    all_ += size_;
    std::array<float, kReplyLabels> odds{};
    for (std::size_t k = 0; k < kReplyLabels; ++k)
      odds[k] = model_.header().scale[k] * (scale * words_[k] + signs_[k] / kReplySignUnit);
    said_.push_back(odds);
    for (std::size_t o = 0; o < kOutputs; ++o)
      everywhere_[o] += words_[o];
    words_.fill(0);
    signs_.fill(0);
  }

  const Model& model_;
  const ReplyText& reply_;
  const Tokens* tokens_ = nullptr;
  std::string_view text_;
  Sums words_{}, signs_{}, everywhere_{}, whole_{};
  std::vector<std::array<float, kReplyLabels>> said_;  // log odds of each sentence
  std::size_t size_ = 0, all_ = 0;                     // tokens of the sentence, of the reply
  bool open_ = false;
};

// What each token adds to a label, with half of what it says together with those before it.
class Weighing {
 public:
  Weighing(const Model& model, std::string_view text, std::size_t label)
      : model_(model), text_(text), label_(label) {}

  void sentence(std::size_t, const Tokens& tokens) {
    tokens_ = &tokens;
    weights.assign(tokens.size, 0);
  }
  void word(std::size_t i) {
    Sums sums{};
    add_token(model_, tokens_->list[i], text_, sums);
    weights[i] += sums[label_];
  }
  void text(std::uint64_t hash, float, std::size_t i) {
    const float half = static_cast<float>(model_.find(hash).row[label_]) / 2;
    weights[i] += half;
    if (i > 0) weights[i - 1] += half;
  }
  void sign(std::uint64_t) {}
  void whole(std::uint64_t, float) {}

  std::vector<float> weights;

 private:
  const Model& model_;
  std::string_view text_;
  std::size_t label_;
  const Tokens* tokens_ = nullptr;
};

}  // namespace

const Model& shipped_reply_model() noexcept {
  static const Model model = [] {
    auto opened = Model::open(
        {brandwacht_reply_model_begin,
         static_cast<std::size_t>(brandwacht_reply_model_end - brandwacht_reply_model_begin)});
    if (!std::holds_alternative<Model>(opened)) std::terminate();  // the program itself is damaged
    return std::get<Model>(opened);
  }();
  return model;
}

float pooled(const float* odds, std::size_t count, std::size_t stride) noexcept {
  float most = odds[0], sum = 0;
  for (std::size_t s = 1; s < count; ++s)
    most = std::max(most, odds[s * stride]);
  for (std::size_t s = 0; s < count; ++s)
    sum += std::exp((odds[s * stride] - most) / kReplySoftness);
  return most + kReplySoftness * std::log(sum);
}

ReplyOdds reply_odds(const Model& model, const ReplyText& reply) {
  Tokens tokens;
  Adding adding(model, reply);
  each_reply_feature(reply, tokens, adding);
  return adding.odds();
}

std::pair<std::size_t, std::size_t> strongest_words(const Model& model, const ReplyText& reply,
                                                    const ReplySentence& sentence,
                                                    std::size_t label) {
  Tokens tokens;
  Weighing weighing(model, reply.text(sentence), label);
  const ReplyText alone{reply.bytes, {sentence}};
  each_reply_feature(alone, tokens, weighing);
  float best = 0, run = 0;
  std::size_t from = 0;
  std::pair<std::size_t, std::size_t> out{sentence.begin, sentence.begin};
  for (std::size_t i = 0; i < weighing.weights.size(); ++i) {
    if (run <= 0) {
      run = 0;
      from = i;
    }
    run += weighing.weights[i];
    if (run <= best) continue;
    best = run;
    out = {sentence.begin + tokens.list[from].begin, sentence.begin + tokens.list[i].end};
  }
  return out;
}

}  // namespace brandwacht::text
