#include "monitor/text/reply_check.hpp"

#include <algorithm>
#include <array>

#include "monitor/text/promise_parts.hpp"
#include "monitor/text/reply_signs.hpp"
#include "monitor/text/signature.hpp"

namespace brandwacht::text {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(ReplyTrait::count_)> kTraits = {
    "apology",         "empathy", "own_side", "admits",       "no_comment",
    "legalese",        "sarcasm", "coarse",   "distant",      "asks_private_data",
    "move_to_private", "holding", "contact",  "compensation", "follow_up"};

constexpr std::array<std::string_view, 7> kReasons = {"house_rules", "abuse",   "threat",   "hate",
                                                      "spam",        "privacy", "off_topic"};

// Words of law and administration beyond this share of a reply are legalese by themselves.
constexpr float kMuchLegalese = 0.12F;

// What one list finds in a text, by section.
class Found {
 public:
  Found(const Phrases& list, const Words& words)
      : list_(list), words_(words), matches_(list.find(words)) {}

  template <class Use>
  void each(std::string_view section, Use use) const {
    for (const auto& match : matches_)
      if (list_.entries()[match.entry].section == section) use(match);
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
  std::vector<Phrases::Match> matches_;
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

void set_flags(ReplyCheck& out) {
  const auto has = [&](ReplyTrait trait) {
    return std::ranges::any_of(out.evidence,
                               [&](const Evidence& one) { return one.trait == trait; });
  };
  out.apology = has(ReplyTrait::apology);
  out.empathy = has(ReplyTrait::empathy);
  out.own_side = has(ReplyTrait::own_side);
  out.admits = has(ReplyTrait::admits);
  out.no_comment = has(ReplyTrait::no_comment);
  out.legalese = has(ReplyTrait::legalese) || out.legalese_share >= kMuchLegalese;
  out.sarcasm = has(ReplyTrait::sarcasm);
  out.coarse = has(ReplyTrait::coarse);
  out.distant = has(ReplyTrait::distant);
  out.asks_private_data = has(ReplyTrait::asks_private_data);
  out.move_to_private = has(ReplyTrait::move_to_private);
  out.contact = has(ReplyTrait::contact);
  const bool promised = out.promise.by || out.promise.vague != Vague::none;
  out.holding = has(ReplyTrait::holding) || out.contact || promised;
  out.compensation = has(ReplyTrait::compensation);
  out.follow_up = has(ReplyTrait::follow_up);
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

ReplyCheck check_reply(const PhraseLists& lists, std::string_view text, Time now,
                       const DeskDay& desk, std::string_view declared) {
  const bool whole = text.size() <= kMaxReply;  // else its end, where a name would be, is cut off
  text = text.substr(0, kMaxReply);
  const Words words = words_of(text);
  ReplyCheck out;
  out.language = score(text, declared).language;
  out.words = words.list.size();
  if (out.language != Language::en) find_traits(Found(lists.replies_nl, words), words, out);
  if (out.language != Language::nl) find_traits(Found(lists.replies_en, words), words, out);
  std::ranges::stable_sort(out.evidence, {}, &Evidence::begin);
  out.promise = find_promise(lists, words, now, desk, out.language);
  if (whole) out.signed_by = signature_of(text, words, lists);
  set_flags(out);
  return out;
}

ReplyCheck check_reply(std::string_view text, Time now, const DeskDay& desk,
                       std::string_view declared) {
  return check_reply(PhraseLists::shipped(), text, now, desk, declared);
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
