// Slack, in one of two ways. docs.slack.dev/reference/methods/chat.postMessage and
// docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
//
// An incoming webhook (`url`) can only post. With a bot's token and a channel the Web API is used:
// news of an incident are replies in its first message's thread, also shown in the channel when
// they page, and when it cools, is taken by somebody or is over the first message says so and loses
// its button.
//
// Slack counts characters as UTF-16 does, takes about 13 200 of them in all blocks together, and
// answers a broken block with a refusal: the page is then sent once more as bare text.
#pragma once
#include <memory>
#include <string>

#include "alerting/message.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct SlackSettings {
  std::string url;        // of the incoming webhook; secret. Empty: the Web API
  std::string bot_token;  // "xoxb-..."; secret
  std::string channel;    // its id, "C0123456789"; a name works for posting, not for changing
  std::string endpoint = "https://slack.com/api";
  Duration timeout = std::chrono::seconds{15};
};

SlackSettings read_slack(config::Section& section);

// What a Slack message is made of.
struct SlackDraft {
  std::string channel, thread, message;  // Web API; `message`: the one to change
  bool broadcast = false;                // a reply that the channel sees as well
  std::string ack_button, ack_link;      // at most one is shown; empty: none
  bool only_text = false;                // no blocks
};

std::string slack_body(const Page& page, const Voice& voice, const SlackDraft& draft);
// The headline and the note, no more: for who cannot change a message.
std::string slack_line(const Page& page, const Voice& voice);

std::unique_ptr<Notifier> make_slack(std::string name, SlackSettings settings,
                                     const NotifierContext& context);

}  // namespace brandwacht::alerting
