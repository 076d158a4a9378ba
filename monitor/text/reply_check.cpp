#include "monitor/text/reply_check.hpp"

#include <algorithm>
#include <array>

#include "monitor/text/fold.hpp"

namespace brandwacht::text {
namespace {

bool has(const std::string& folded, std::initializer_list<std::string_view> phrases) {
  return std::ranges::any_of(
      phrases, [&](std::string_view phrase) { return folded.find(phrase) != std::string::npos; });
}

}  // namespace

std::string_view to_string(ReplyTrait trait) noexcept {
  constexpr std::array<std::string_view, static_cast<std::size_t>(ReplyTrait::count_)> kNames = {
      "apology",         "empathy", "own_side", "admits",       "no_comment",
      "legalese",        "sarcasm", "coarse",   "distant",      "asks_private_data",
      "move_to_private", "holding", "contact",  "compensation", "follow_up"};
  return kNames[static_cast<std::size_t>(trait)];
}

std::string_view to_string(RemovalReason reason) noexcept {
  constexpr std::array<std::string_view, 7> kNames = {"house_rules", "abuse",   "threat",   "hate",
                                                      "spam",        "privacy", "off_topic"};
  return kNames[static_cast<std::size_t>(reason)];
}

bool ReplyCheck::only_invites() const noexcept {
  return move_to_private && !own_side && !admits && !compensation && !follow_up && !holding;
}

bool ReplyCheck::substantive() const noexcept {
  return words > 0 && !holding && !no_comment && !only_invites();
}

ReplyCheck check_reply(std::string_view text, Time now, const DeskDay& desk,
                       std::string_view declared) {
  ReplyCheck out;
  const std::string folded = fold(text.substr(0, kMaxReply));
  out.language = score(text, declared).language;
  out.words = static_cast<std::size_t>(std::ranges::count(folded, ' ')) + !folded.empty();
  out.apology = has(folded, {"sorry", "excuses", "apolog"});
  out.empathy = has(folded, {"vervelend", "begrijpen", "understand", "frustrating"});
  out.own_side = has(folded, {"doordat", "door een", "because"});
  out.no_comment = has(folded, {"geen commentaar", "no comment"});
  out.legalese = has(folded, {"voorwaarden", "administratie", "terms and conditions"});
  out.move_to_private = has(folded, {" dm", "prive", "direct message", "private message"});
  out.contact = has(folded, {"contact met u op", "contact met je op", "be in touch"});
  out.holding = out.contact || has(folded, {"zoeken het uit", "komen erop terug", "looking into"});
  out.compensation = has(folded, {"vergoed", "korting", "refund", "voucher"});
  out.follow_up = has(folded, {"opgelost?", "tevreden?", "solved?", "resolved?"});
  out.promise = find_promise(text, now, desk, out.language);
  return out;
}

bool objects_to_deletion(std::string_view text) {
  return has(fold(text), {"reactie weg", "reactie verwijderd", "censuur", "comment deleted",
                          "delete my comment", "censorship"});
}

std::optional<RemovalReason> removal_reason(std::string_view text) {
  const std::string folded = fold(text);
  if (!has(folded, {"verwijder", "removed", "deleted"})) return std::nullopt;
  if (has(folded, {"huisregels", "house rules"})) return RemovalReason::house_rules;
  return std::nullopt;
}

}  // namespace brandwacht::text
