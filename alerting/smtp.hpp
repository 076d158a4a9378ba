// E-mail to one or more recipients.
//
// Each recipient has an outcome of its own: who was refused for a while is tried again alone, who
// was refused for good is told about through another target, and neither keeps the others from
// their mail. Who has it already is kept with the page in the outbox after each attempt: a crash in
// the middle of one costs those who had it in that attempt a second mail, with the same Message-ID.
//
// Message-ID is made of the delivery, so that what is sent twice (a connection lost after the final
// dot, a crash) is one message to every client that compares them. All mails of one incident refer
// to one id that was never sent itself, which mail clients show as one conversation.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "alerting/notifier.hpp"
#include "monitor/mail.hpp"

namespace brandwacht::alerting {

struct SmtpSettings {
  MailServer server;
  std::string from;
  std::vector<std::string> to;
};

SmtpSettings read_smtp(config::Section& section);

// The whole message: its Date is that of the decision, and its ids are the same at every attempt.
std::string smtp_message(const SmtpSettings& settings, const Page& page, std::string_view text);

// Needs `context.mail`.
std::unique_ptr<Notifier> make_smtp(std::string name, SmtpSettings settings,
                                    const NotifierContext& context);

}  // namespace brandwacht::alerting
