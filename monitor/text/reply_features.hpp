// The features of a reply: which rows of the reply model its sentences and the whole of it add up.
// The same code reads a reply for training and for checking. Internal to the text folder.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "monitor/text/features.hpp"
#include "monitor/text/tokens.hpp"

namespace brandwacht::text {

// What the reply model says yes or no to, with two columns of its table each: what a sentence says
// (0 to 11), and what the same feature says anywhere in the reply (12 to 23).
inline constexpr std::size_t kReplyLabels = 12;
inline constexpr std::array<std::string_view, kReplyLabels> kReplyLabelNames = {
    "apology",           "empathy",         "own_side", "no_comment", "legalese",     "rude",
    "asks_private_data", "move_to_private", "holding",  "contact",    "compensation", "follow_up"};

// Sections of the phrase lists that are features of the sentence in which they stand.
inline constexpr std::array<std::string_view, 22> kReplySections = {
    "apology",     "empathy",         "own_side",
    "story",       "story_not",       "admits",
    "no_comment",  "legalese",        "legal_word",
    "sarcasm",     "coarse",          "distant",
    "ask",         "private_noun",    "private_no",
    "public_here", "private_channel", "move_to_private",
    "holding",     "contact",         "compensation",
    "follow_up"};

constexpr std::uint32_t reply_section(std::string_view name) noexcept {
  for (std::size_t k = 0; k < kReplySections.size(); ++k)
    if (kReplySections[k] == name) return 1U << k;
  return 0;
}
// Private data and a private channel are both spoken of.
inline constexpr std::uint32_t kPrivately =
    reply_section("private_noun") | reply_section("private_channel");

struct ReplySentence {
  std::size_t begin = 0, end = 0;  // bytes of the reply
  bool question = false;
  std::uint32_t sections = 0;  // bits of kReplySections
  std::uint32_t denied = 0;    // and of those of which an exception stands here
};

struct ReplyText {
  std::string_view bytes;
  std::vector<ReplySentence> sentences;
  std::uint32_t listed = 0;  // what the phrase lists say of the whole: bits of kReplyLabelNames
  bool promised = false, vague = false, named = false, dutch = false;

  std::uint32_t anywhere() const noexcept {
    std::uint32_t out = 0;
    for (const ReplySentence& one : sentences)
      out |= one.sections;
    return out;
  }
  std::string_view text(const ReplySentence& one) const {
    return bytes.substr(one.begin, one.end - one.begin);
  }
};

// What a feature counts: chosen in cross-validation by batch.
inline constexpr float kReplyPair = 0.7F, kReplySkip = 0.5F, kReplyGrams = 0.5F;
inline constexpr float kReplySign = 1, kReplyListed = 1.5F;
// The table holds this part of what a sign weighs: few of them weigh more than any word, and the
// steps of its columns are for the words.
inline constexpr float kReplySignUnit = 0.25F;
// Log odds of a label are this times the logarithm of the sum of exp(sentence / kReplySoftness):
// nearly those of the best sentence.
inline constexpr float kReplySoftness = 1;

// What the sum over the words of a sentence, and of a reply, is multiplied with.
inline float sentence_scale(std::size_t tokens) noexcept {
  return 5 / std::sqrt(static_cast<float>(tokens) + 6);
}
inline float reply_scale(std::size_t tokens) noexcept {
  return 1.5F / std::sqrt(static_cast<float>(tokens) + 1);
}

enum class ReplyFeature : std::uint8_t {
  skip,  // two words with one between them
  section,
  denied,
  question,
  length,  // of the sentence
  place,   // first, last
  reply_length,
  sentences,
  questions,
  dutch,
  named,
  listed,
  privately,
  promise,
};
constexpr std::uint64_t reply_hash(ReplyFeature kind, std::uint64_t value) noexcept {
  return mix(0x7265706C79 + static_cast<std::uint64_t>(kind) * 0x10001, value + 1);
}

// Calls, for each sentence, sink.sentence(place, tokens); sink.word(i) for its tokens;
// sink.text(hash, weight, i) for what hangs on token i and those before it; sink.sign(hash) for
// what else is known of it. Then sink.whole(hash, weight) for what belongs to no sentence.
// `tokens` is where a sentence is cut up.
template <class Sink>
void each_reply_feature(const ReplyText& reply, Tokens& tokens, Sink& sink) {
  using enum ReplyFeature;
  std::size_t all = 0, asked = 0;
  for (std::size_t s = 0; s < reply.sentences.size(); ++s) {
    const ReplySentence& sentence = reply.sentences[s];
    tokens.size = 0;
    tokenize(reply.text(sentence), tokens);
    all += tokens.size;
    asked += sentence.question ? 1 : 0;
    sink.sentence(s, tokens);
    std::uint64_t before = kBeginHash, second = 0;
    for (std::size_t i = 0; i < tokens.size; ++i) {
      const std::uint64_t hash = tokens.list[i].hash;
      sink.word(i);
      sink.text(pair_hash(before, hash), kReplyPair, i);
      if (i >= 2) sink.text(reply_hash(skip, pair_hash(second, hash)), kReplySkip, i);
      second = before;
      before = hash;
    }
    if (tokens.size > 0) sink.text(pair_hash(before, kEndHash), kReplyPair, tokens.size - 1);
    if (sentence.question) sink.sign(reply_hash(question, 0));
    sink.sign(reply_hash(length, length_class(static_cast<unsigned>(tokens.size))));
    if (s == 0) sink.sign(reply_hash(place, 0));
    if (s + 1 == reply.sentences.size()) sink.sign(reply_hash(place, 1));
    for (std::size_t k = 0; k < kReplySections.size(); ++k) {
      if ((sentence.sections >> k & 1) != 0) sink.sign(reply_hash(section, k));
      if ((sentence.denied >> k & 1) != 0) sink.sign(reply_hash(denied, k));
    }
  }
  sink.whole(reply_hash(reply_length, length_class(static_cast<unsigned>(all))), kReplySign);
  sink.whole(reply_hash(sentences, std::min<std::size_t>(reply.sentences.size(), 4)), kReplySign);
  sink.whole(reply_hash(questions, std::min<std::size_t>(asked, 2)), kReplySign);
  sink.whole(reply_hash(dutch, reply.dutch ? 1 : 0), kReplySign);
  if (reply.named) sink.whole(reply_hash(named, 0), kReplySign);
  for (std::size_t k = 0; k < kReplyLabels; ++k)
    if ((reply.listed >> k & 1) != 0) sink.whole(reply_hash(listed, k), kReplyListed);
  if (reply.listed == 0) sink.whole(reply_hash(listed, kReplyLabels), kReplyListed);
  if ((reply.anywhere() & kPrivately) == kPrivately)
    sink.whole(reply_hash(privately, 0), kReplyListed);
  if (reply.promised) sink.whole(reply_hash(promise, 0), kReplyListed);
  if (reply.vague) sink.whole(reply_hash(promise, 1), kReplyListed);
}

}  // namespace brandwacht::text
