// What an official reply, or a draft of one, does and leaves out: apology, own side, "no comment",
// a promise and its deadline. And what customers and the brand say about deleted posts. Pure
// functions over the phrase lists of config/phrases and a small learnt model (docs/reply-model.md),
// Dutch and English; advisory only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/text/promise.hpp"

namespace brandwacht::text {

enum class ReplyTrait : std::uint8_t {
  apology,     // says sorry
  empathy,     // shows that it understands how this is for the customer
  own_side,    // tells what happened, or what its people do about it
  admits,      // says that it was its own mistake
  no_comment,  // "geen commentaar", "we do not discuss individual cases"
  legalese,    // hides behind terms, records and articles
  sarcasm,
  coarse,
  distant,            // cold and formal, or "not our problem"
  asks_private_data,  // in public; asking for it in a private message is no fault
  move_to_private,    // invites to a private message, e-mail, phone or form
  holding,            // says that an answer will come
  contact,            // says that the brand will get in touch itself: an answer, not a solution
  compensation,       // offers money, a discount, a gift
  follow_up,          // asks whether it is solved, or whether the customer is satisfied
  unkind,             // reads as rude, though no phrase of the three above stands there
  count_,
};
std::string_view to_string(ReplyTrait trait) noexcept;

struct Evidence {
  ReplyTrait trait{};
  std::size_t begin = 0, end = 0;  // bytes of the text
};

struct ReplyCheck {
  Language language = Language::other;  // other: both lists were tried, and little can be said
  bool apology = false, empathy = false, own_side = false, admits = false;
  bool no_comment = false;
  bool legalese = false;
  float legalese_share = 0;  // of the words, 0..1
  bool sarcasm = false, coarse = false, distant = false, unkind = false;
  bool asks_private_data = false, move_to_private = false;
  bool holding = false, contact = false;
  Promise promise;
  std::string signed_by;  // "Anna"; "AB" if only initials stand there; empty: nobody
  bool compensation = false, follow_up = false;
  // By begin: phrases of the lists, and the strongest words where only the model says so.
  std::vector<Evidence> evidence;
  std::size_t words = 0;  // 0: nothing to check

  bool rude() const noexcept { return sarcasm || coarse || distant || unkind; }
  // Something that a customer can do something with: not only that an answer will come, an
  // invitation elsewhere or "no comment". Ends a promise.
  bool substantive() const noexcept;
  // Nothing but an invitation to a private channel (and the manners around it).
  bool only_invites() const noexcept;
};

// Any bytes; what lies beyond kMaxReply bytes is not read. `declared`: the platform's language tag,
// a hint only. `desk` says what its times mean.
ReplyCheck check_reply(std::string_view text, Time now, const DeskDay& desk,
                       std::string_view declared = {});

// A customer objects to a post that was deleted or hidden: "waarom is mijn reactie weg", "censuur".
bool objects_to_deletion(std::string_view text);

// Why the brand says that it removed something.
enum class RemovalReason : std::uint8_t {
  house_rules,  // names its rules, not which one
  abuse,
  threat,
  hate,
  spam,
  privacy,
  off_topic,
};
std::string_view to_string(RemovalReason reason) noexcept;
// nullopt: the text does not say that something was removed, or not why.
std::optional<RemovalReason> removal_reason(std::string_view text);

}  // namespace brandwacht::text
