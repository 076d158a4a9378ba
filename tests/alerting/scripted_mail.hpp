// A mail server that answers from a script.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "alerting/smtp.hpp"
#include "monitor/mail.hpp"
#include "tests/alerting/fakes.hpp"

namespace brandwacht::alerting {

using Replies = std::vector<MailReply>;

inline MailReply mail_reply(MailReply::Kind kind, int code, std::string detail,
                            bool whole = false) {
  MailReply out;
  out.kind = kind;
  out.code = code;
  out.detail = std::move(detail);
  out.whole = whole;
  return out;
}
inline MailReply took() {
  return mail_reply(MailReply::Kind::accepted, 250, "");
}
inline MailReply later(bool whole = false) {
  return mail_reply(MailReply::Kind::transient, 451, "451 come back later", whole);
}
inline MailReply never() {
  return mail_reply(MailReply::Kind::permanent, 550, "550 no such user");
}

// What was sent, and answers from a script: one list of replies for each call.
struct ScriptedMail final : MailTransport {
  struct Shared {
    std::vector<Replies> script;
    std::vector<Mail> mails;
  };
  explicit ScriptedMail(std::shared_ptr<Shared> its) : shared(std::move(its)) {}
  boost::asio::awaitable<Replies> send(MailServer, Mail mail) override {
    const std::size_t call = shared->mails.size();
    shared->mails.push_back(std::move(mail));
    co_return shared->script.at(call);
  }
  std::shared_ptr<Shared> shared;
};

// A receiver "mail" before it.
inline std::unique_ptr<Notifier> make_scripted_smtp(std::vector<std::string> to,
                                                    std::shared_ptr<ScriptedMail::Shared> shared,
                                                    HttpClient& http) {
  SmtpSettings settings;
  settings.server.host = "mail.example";
  settings.server.password = "hunter2";
  settings.from = "brandwacht@acme.example";
  settings.to = std::move(to);
  NotifierContext context{http, "https://bw.example"};
  context.mail = [its = std::move(shared)] { return std::make_unique<ScriptedMail>(its); };
  context.ack_link = [](std::string_view incident, std::string_view receiver) {
    return "https://bw.example/ack/" + std::string(incident) + "?by=" + std::string(receiver);
  };
  return make_smtp("mail", std::move(settings), context);
}

}  // namespace brandwacht::alerting
