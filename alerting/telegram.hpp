// A Telegram bot: core.telegram.org/bots/api
//
// Messages are HTML with everything escaped; should Telegram not be able to read it, the same text
// goes out bare, because an escaping bug must not cost a page. News of an incident are replies to
// its first message; when it cools, is taken by somebody or is over, that one says so and loses its
// button. A group that becomes a supergroup has a new number, which Telegram tells; it is followed
// at once and kept in the store.
#pragma once
#include <memory>
#include <string>

#include "alerting/message.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct TelegramSettings {
  std::string bot_token;   // "123456:ABC..."; secret, and part of every URL
  std::string chat_id;     // a number, negative for groups, or "@channel"
  std::int64_t topic = 0;  // of a forum (message_thread_id); 0: none
  std::string endpoint = "https://api.telegram.org";
  Duration timeout = std::chrono::seconds{15};
};

TelegramSettings read_telegram(config::Section& section);

// What a message is made of.
struct TelegramDraft {
  std::string chat;
  std::string change;    // the message to change; empty: a new one
  std::string reply_to;  // a message; empty: none
  std::int64_t topic = 0;
  std::string ack_button, ack_link;  // at most one is shown; empty: none
  bool bare = false;                 // without markup
};

// At most 4096 UTF-16 units of text.
std::string telegram_body(const Page& page, const Voice& voice, const TelegramDraft& draft);

std::unique_ptr<Notifier> make_telegram(std::string name, TelegramSettings settings,
                                        const NotifierContext& context);

}  // namespace brandwacht::alerting
