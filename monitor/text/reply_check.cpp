#include "monitor/text/reply_check.hpp"

#include <algorithm>
#include <array>

#include "monitor/text/promise_parts.hpp"
#include "monitor/text/reply_signs.hpp"
#include "monitor/text/signature.hpp"

namespace brandwacht::text {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(ReplyTrait::count_)> kTraits = {
    "apology",    "empathy",           "own_side",        "admits",
    "no_comment", "legalese",          "sarcasm",         "coarse",
    "distant",    "asks_private_data", "move_to_private", "holding",
    "contact",    "compensation",      "follow_up",       "unkind"};

// Which flag is the answer of a label, and which traits show why. `rude` is told apart below.
struct Answer {
  bool ReplyCheck::*flag;
  ReplyTrait trait;
};
constexpr std::array<Answer, kReplyLabels> kAnswers = {
    {{&ReplyCheck::apology, ReplyTrait::apology},
     {&ReplyCheck::empathy, ReplyTrait::empathy},
     {&ReplyCheck::own_side, ReplyTrait::own_side},
     {&ReplyCheck::no_comment, ReplyTrait::no_comment},
     {&ReplyCheck::legalese, ReplyTrait::legalese},
     {&ReplyCheck::unkind, ReplyTrait::unkind},
     {&ReplyCheck::asks_private_data, ReplyTrait::asks_private_data},
     {&ReplyCheck::move_to_private, ReplyTrait::move_to_private},
     {&ReplyCheck::holding, ReplyTrait::holding},
     {&ReplyCheck::contact, ReplyTrait::contact},
     {&ReplyCheck::compensation, ReplyTrait::compensation},
     {&ReplyCheck::follow_up, ReplyTrait::follow_up}}};

constexpr bool is_rude(ReplyTrait trait) noexcept {
  return trait == ReplyTrait::sarcasm || trait == ReplyTrait::coarse ||
         trait == ReplyTrait::distant || trait == ReplyTrait::unkind;
}

constexpr std::array<std::string_view, 7> kReasons = {"house_rules", "abuse",   "threat",   "hate",
                                                      "spam",        "privacy", "off_topic"};

// Words of law and administration beyond this share of a reply are legalese by themselves.
constexpr float kMuchLegalese = 0.12F;

// What one list finds in a text, by section.
class Found {
 public:
  Found(const Phrases& list, const Words& words)
      : list_(list), words_(words), all_(list.find_all(words)), matches_(list.kept(all_)) {}

  template <class Use>
  void each(std::string_view section, Use use) const {
    for (const auto& match : matches_)
      if (list_.entries()[match.entry].section == section) use(match);
  }
  // Where an exception of the section stands: "geen excuses".
  template <class Use>
  void each_exception(std::string_view section, Use use) const {
    for (const auto& match : all_)
      if (const auto& entry = list_.entries()[match.entry];
          entry.exception && entry.section == section)
        use(match);
  }
  bool has(std::string_view section) const {
    bool out = false;
    each(section, [&](const auto&) { out = true; });
    return out;
  }
  bool in_sentence(std::string_view section, std::size_t sentence) const {
    bool out = false;
    each(section, [&](const auto& match) { out |= words_.list[match.begin].sentence == sentence; });
    return out;
  }
  Evidence evidence(ReplyTrait trait, const Phrases::Match& match) const {
    return {trait, words_.list[match.begin].begin, words_.list[match.end - 1].end};
  }

 private:
  const Phrases& list_;
  const Words& words_;
  std::vector<Phrases::Match> all_, matches_;
};

// A question or request for private data, with no private channel named in or beside its sentence.
void find_asking(const Found& found, const Words& words, std::vector<Evidence>& out) {
  found.each("private_noun", [&](const Phrases::Match& noun) {
    const std::size_t sentence = words.list[noun.begin].sentence;
    if (!found.in_sentence("ask", sentence) || found.in_sentence("private_no", sentence)) return;
    const bool openly = found.in_sentence("public_here", sentence);
    const bool privately = found.in_sentence("private_channel", sentence) ||
                           found.in_sentence("private_channel", sentence + 1) ||
                           (sentence > 0 && found.in_sentence("private_channel", sentence - 1));
    if (openly || !privately) out.push_back(found.evidence(ReplyTrait::asks_private_data, noun));
  });
}

// A sentence that tells what happened, and is no question.
void find_story(const Found& found, const Words& words, std::vector<Evidence>& out) {
  found.each("story", [&](const Phrases::Match& match) {
    const std::size_t sentence = words.list[match.begin].sentence;
    if (!words.question[sentence] && !found.in_sentence("story_not", sentence))
      out.push_back(found.evidence(ReplyTrait::own_side, match));
  });
}

float legalese_share(const Found& found, const Words& words) {
  std::vector<bool> legal(words.list.size());
  for (const std::string_view section : {"legalese", "legal_word"})
    found.each(section, [&](const Phrases::Match& match) {
      // Of a phrase with a gap in it only its ends are counted.
      legal[match.begin] = legal[match.end - 1] = true;
    });
  const auto count = std::ranges::count(legal, true);
  return words.list.empty() ? 0 : static_cast<float>(count) / static_cast<float>(legal.size());
}

void find_traits(const Found& found, const Words& words, ReplyCheck& out) {
  for (std::size_t i = 0; i < kTraits.size(); ++i)
    if (const auto trait = static_cast<ReplyTrait>(i); trait != ReplyTrait::asks_private_data)
      found.each(kTraits[i], [&](const Phrases::Match& match) {
        out.evidence.push_back(found.evidence(trait, match));
      });
  find_asking(found, words, out.evidence);
  find_story(found, words, out.evidence);
  out.legalese_share = std::max(out.legalese_share, legalese_share(found, words));
}

bool promised(const ReplyCheck& reply) {
  return reply.promise.by || reply.promise.vague != Vague::none;
}

void set_flags(ReplyCheck& out) {
  const auto has = [&](ReplyTrait trait) {
    return std::ranges::any_of(out.evidence,
                               [&](const Evidence& one) { return one.trait == trait; });
  };
  for (const Answer& answer : kAnswers)
    out.*answer.flag = has(answer.trait);
  out.admits = has(ReplyTrait::admits);
  out.legalese |= out.legalese_share >= kMuchLegalese;
  out.sarcasm = has(ReplyTrait::sarcasm);
  out.coarse = has(ReplyTrait::coarse);
  out.distant = has(ReplyTrait::distant);
  out.holding |= out.contact || promised(out);
}

// Where the sentences are, and which sections of the lists stand in each.
void cut_sentences(const Words& words, ReplyText& out) {
  out.sentences.clear();
  for (const Word& word : words.list) {
    while (out.sentences.size() <= word.sentence) {
      const std::size_t begin = out.sentences.empty() ? 0 : word.begin;
      if (!out.sentences.empty()) out.sentences.back().end = begin;
      out.sentences.push_back({begin, out.bytes.size(), words.question[out.sentences.size()], 0});
    }
  }
}

void mark_sections(const Found& found, const Words& words, ReplyText& out) {
  const auto sentence = [&](const Phrases::Match& match) -> ReplySentence& {
    return out.sentences[words.list[match.begin].sentence];
  };
  for (std::size_t k = 0; k < kReplySections.size(); ++k) {
    found.each(kReplySections[k],
               [&](const Phrases::Match& match) { sentence(match).sections |= 1U << k; });
    found.each_exception(kReplySections[k],
                         [&](const Phrases::Match& match) { sentence(match).denied |= 1U << k; });
  }
}

}  // namespace

std::string_view to_string(ReplyTrait trait) noexcept {
  return trait < ReplyTrait::count_ ? kTraits[static_cast<std::size_t>(trait)] : "";
}

std::string_view to_string(RemovalReason reason) noexcept {
  return kReasons[static_cast<std::size_t>(reason)];
}

bool ReplyCheck::only_invites() const noexcept {
  return move_to_private && !own_side && !admits && !compensation && !follow_up && !holding;
}

bool ReplyCheck::substantive() const noexcept {
  return words > 0 && !holding && !no_comment && !only_invites();
}

ReplyReading read_reply(const PhraseLists& lists, std::string_view text, Time now,
                        const DeskDay& desk, std::string_view declared) {
  const bool whole = text.size() <= kMaxReply;  // else its end, where a name would be, is cut off
  text = text.substr(0, kMaxReply);
  const Words words = words_of(text);
  ReplyReading out;
  ReplyCheck& check = out.check;
  out.text.bytes = text;
  cut_sentences(words, out.text);
  check.language = score(text, declared).language;
  check.words = words.list.size();
  for (const auto& [list, other] :
       {std::pair{&lists.replies_nl, Language::en}, std::pair{&lists.replies_en, Language::nl}}) {
    if (check.language == other) continue;
    const Found found(*list, words);
    find_traits(found, words, check);
    mark_sections(found, words, out.text);
  }
  std::ranges::stable_sort(check.evidence, {}, &Evidence::begin);
  check.promise = find_promise(lists, words, now, desk, check.language);
  if (whole) check.signed_by = signature_of(text, words, lists);
  set_flags(check);
  out.text.listed = answers(check);
  out.text.promised = check.promise.by.has_value();
  out.text.vague = check.promise.vague != Vague::none;
  out.text.named = !check.signed_by.empty();
  out.text.dutch = check.language == Language::nl;
  return out;
}

std::uint32_t answers(const ReplyCheck& check) noexcept {
  std::uint32_t out = 0;
  for (std::size_t k = 0; k < kReplyLabels; ++k)
    if (kAnswers[k].trait == ReplyTrait::unkind ? check.rude() : check.*kAnswers[k].flag)
      out |= 1U << k;
  return out;
}

void decide(const Model* model, const ReplyOdds& odds, ReplyReading& reading) {
  ReplyCheck& check = reading.check;
  // In another language the model knows no word: what the lists recognise is all that can be said.
  if (check.language == Language::other || check.words == 0) return;
  for (std::size_t k = 0; k < kReplyLabels; ++k) {
    const auto [flag, trait] = kAnswers[k];
    const bool rude = trait == ReplyTrait::unkind;
    const bool listed = (reading.text.listed >> k & 1) != 0;
    // Asking in a private message is no fault, and the lists know when it is asked here as well.
    const bool elsewhere = trait == ReplyTrait::asks_private_data &&
                           (reading.text.anywhere() & kPrivately) == kPrivately;
    const bool yes = odds.odds[k] > (elsewhere && !listed ? 1.0F : 0);
    if (yes == listed) continue;
    check.*flag = yes;
    if (!yes) {
      if (rude) check.sarcasm = check.coarse = check.distant = false;
      std::erase_if(check.evidence, [&](const Evidence& one) {
        return rude ? is_rude(one.trait) : one.trait == trait;
      });
    } else if (model != nullptr) {
      const auto [begin, end] =
          strongest_words(*model, reading.text, reading.text.sentences[odds.best[k]], k);
      if (begin < end) check.evidence.push_back({trait, begin, end});
    }
  }
  // A time that is named where nothing is said to come is no deadline: "vanochtend omgezet".
  if (check.promise.by && !check.holding && !check.contact) check.promise = {};
  check.holding |= check.contact || promised(check);
  std::ranges::stable_sort(check.evidence, {}, &Evidence::begin);
}

ReplyCheck check_reply(const PhraseLists& lists, const Model& model, std::string_view text,
                       Time now, const DeskDay& desk, std::string_view declared) {
  ReplyReading reading = read_reply(lists, text, now, desk, declared);
  decide(&model, reply_odds(model, reading.text), reading);
  return std::move(reading.check);
}

ReplyCheck check_reply(std::string_view text, Time now, const DeskDay& desk,
                       std::string_view declared) {
  return check_reply(PhraseLists::shipped(), shipped_reply_model(), text, now, desk, declared);
}

bool objects_to_deletion(std::string_view text) {
  constexpr std::string_view kSection = "deletion_complaint";
  const PhraseLists& lists = PhraseLists::shipped();
  const Words words = words_of(text.substr(0, kMaxReply));
  return !lists.replies_nl.find(words, kSection).empty() ||
         !lists.replies_en.find(words, kSection).empty();
}

std::optional<RemovalReason> removal_reason(std::string_view text) {
  const PhraseLists& lists = PhraseLists::shipped();
  const Words words = words_of(text.substr(0, kMaxReply));
  for (const Phrases* list : {&lists.replies_nl, &lists.replies_en}) {
    if (list->find(words, "removed").empty()) continue;
    const Found found(*list, words);
    // The rule itself says more than that there are rules.
    for (std::size_t i = kReasons.size(); i-- > 0;)
      if (found.has("reason_" + std::string(kReasons[i]))) return static_cast<RemovalReason>(i);
  }
  return std::nullopt;
}

}  // namespace brandwacht::text
