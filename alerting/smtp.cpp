#include "alerting/smtp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "alerting/classify.hpp"
#include "alerting/message.hpp"
#include "alerting/mime.hpp"
#include "alerting/setting_checks.hpp"
#include "monitor/hash.hpp"

namespace brandwacht::alerting {
namespace {

using Kind = MailReply::Kind;

constexpr std::size_t kMostRecipients = 50;
constexpr Duration kSpacing = std::chrono::milliseconds{200};

std::string_view domain_of(std::string_view address) {
  return address.substr(address.find('@') + 1);
}

// The left side of a Message-ID takes no more than this.
std::string id_token(std::string_view text) {
  std::string out(text.substr(0, 100));
  std::replace_if(
      out.begin(), out.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-');
      },
      '-');
  return out.empty() ? "none" : out;
}

std::string conversation_id(const SmtpSettings& settings, const Page& page) {
  // Not the dedup key, which rises with a level: it stays one conversation.
  return fmt::format("<{}.{:016x}@{}>", id_token(page.incident.id), hash_bytes(page.incident.id),
                     domain_of(settings.from));
}

std::string message_id(const SmtpSettings& settings, const Page& page) {
  return fmt::format("<{}.{}.{:016x}@{}>", id_token(page.incident.id), to_string(page.event),
                     hash_bytes(page.delivery_id), domain_of(settings.from));
}

// Enough to find it in the configuration, too little to be worth keeping in a log.
std::string masked(std::string_view address) {
  return fmt::format("{}***@{}", address.substr(0, 1), domain_of(address));
}

struct Recipient {
  std::string address;
  bool has_it = false, refused = false;
  std::string why;
};

class Smtp final : public Notifier {
 public:
  Smtp(std::string name, SmtpSettings settings, const NotifierContext& context)
      : name_(std::move(name)),
        settings_(std::move(settings)),
        external_url_(context.external_url),
        ack_link_(context.ack_link),
        dutch_(context.language == "nl"),
        transport_(context.mail ? context.mail() : nullptr) {}

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.spacing = kSpacing;
    return out;
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time) override {
    Outcome out;
    if (!transport_) {
      out.kind = Outcome::Kind::permanent;
      out.detail = "e-mail: this program was built without it";
      co_return out;
    }
    Recipients recipients = recipients_of(page);
    Mail mail;
    mail.from = settings_.from;
    mail.message = smtp_message(settings_, page, text_of(page));
    for (const auto& recipient : recipients)
      if (!recipient.has_it && !recipient.refused) mail.to.push_back(recipient.address);
    auto replies = co_await transport_->send(settings_.server, std::move(mail));
    note(recipients, replies);
    out = judge(recipients, replies);
    out.progress = progress(recipients);
    co_return out;
  }

 private:
  using Recipients = std::vector<Recipient>;

  std::string text_of(const Page& page) const {
    std::string out = phone_text(page, external_url_, true, dutch_ ? "nl" : "en");
    if (page.action == Action::resolve || !ack_link_) return out;
    const std::string link = ack_link_(page.incident.id, name_);
    if (!link.empty()) out += (dutch_ ? "\n\nBevestigen:\n" : "\n\nAcknowledge:\n") + link;
    return out;
  }

  // As the last attempt left them; who was added to the configuration since has nothing.
  Recipients recipients_of(const Page& page) const {
    const std::string before = "\n" + page.progress;
    Recipients out;
    for (const auto& address : settings_.to) {
      Recipient& one = out.emplace_back(Recipient{address, false, false, {}});
      one.has_it = before.find(fmt::format("\n+{} ", address)) != std::string::npos;
      const auto at = before.find(fmt::format("\n-{} ", address));
      one.refused = at != std::string::npos;
      if (!one.refused) continue;
      const auto why = at + address.size() + 3;
      one.why = before.substr(why, before.find('\n', why) - why);
    }
    return out;
  }

  // A line each for who has it and who was refused: "+anna@acme.example ", "-bram@acme.example 550
  // no such user".
  static std::string progress(const Recipients& recipients) {
    std::string out;
    for (const auto& one : recipients) {
      if (one.has_it) out += fmt::format("+{} \n", one.address);
      if (one.refused) out += fmt::format("-{} {}\n", one.address, one.why);
    }
    return out;
  }

  void note(Recipients& recipients, const std::vector<MailReply>& replies) const {
    auto reply = replies.begin();
    for (auto& recipient : recipients) {
      if (recipient.has_it || recipient.refused || reply == replies.end()) continue;
      recipient.has_it = reply->kind == Kind::accepted;
      recipient.refused = reply->kind == Kind::permanent;
      recipient.why = one_line(redact_secrets(reply->detail, {settings_.server.password}), 160);
      ++reply;
    }
  }

  Outcome judge(const Recipients& recipients, const std::vector<MailReply>& replies) const {
    Outcome out;
    const auto count = [&](auto what) {
      return std::count_if(recipients.begin(), recipients.end(), what);
    };
    const auto have = count([](const Recipient& one) { return one.has_it; });
    const auto refused = count([](const Recipient& one) { return one.refused; });
    const auto all = std::ssize(recipients);
    if (have + refused < all) {
      const bool lost = std::any_of(replies.begin(), replies.end(), [](const MailReply& reply) {
        return reply.kind == Kind::ambiguous;
      });
      out.kind = lost ? Outcome::Kind::ambiguous : Outcome::Kind::retry;
      out.target_works = std::none_of(replies.begin(), replies.end(),
                                      [](const MailReply& reply) { return reply.whole; });
    } else {
      out.kind = have > 0 ? Outcome::Kind::accepted : Outcome::Kind::permanent;
    }
    if (out.kind != Outcome::Kind::accepted)
      out.detail = fmt::format("e-mail: {} of {} recipients have it; {}", have, all,
                               sentence(recipients, false));
    if (refused > 0 && out.kind != Outcome::Kind::permanent)
      out.undelivered = "e-mail to " + sentence(recipients, true);
    return out;
  }

  // "o***@acme.example: 550 no such user; ..." of those who are still owed or were refused.
  std::string sentence(const Recipients& recipients, bool refused_only) const {
    std::string out;
    for (const auto& one : recipients) {
      if (one.has_it || (refused_only && !one.refused)) continue;
      out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", masked(one.address), one.why);
    }
    return out;
  }

  std::string name_;
  SmtpSettings settings_;
  std::string external_url_;
  AckUrl ack_link_;
  bool dutch_;
  std::unique_ptr<MailTransport> transport_;
};

// "mail.example.com:587"
void read_server(config::Section& section, MailServer& server) {
  std::string text;
  section.require("server");
  section.read("server", text);
  const auto colon = text.rfind(':');
  server.host = text.substr(0, colon);
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, server.port);
    if (error != std::errc{} || stop != end) server.host.clear();
  } else if (server.tls == MailServer::Tls::implicit) {
    server.port = 465;
  }
  const bool good =
      !server.host.empty() && std::all_of(server.host.begin(), server.host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-';
      });
  if (section.has("server") && !good)
    section.problem("server", "this is no server", "write \"mail.example.com:587\"");
}

void read_tls(config::Section& section, MailServer& server) {
  using Tls = MailServer::Tls;
  static constexpr Tls kChoices[] = {Tls::starttls, Tls::implicit, Tls::none};
  if (const auto choice = section.choice("tls", {"starttls", "implicit", "none"}))
    server.tls = kChoices[*choice];
  section.read("user", server.user);
  section.read_secret("password", server.password);
  if (!server.user.empty()) require_secret(section, "password");
  if (server.tls == Tls::none && !server.user.empty())
    section.problem("tls", "a password is never sent unencrypted",
                    "use tls = \"starttls\" or \"implicit\", or leave 'user' out");
  std::filesystem::path ca;
  section.read_path("ca_file", ca);
  server.ca_file = ca.string();
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host.starts_with("127.");
}

void read_addresses(config::Section& section, SmtpSettings& out) {
  section.require("from");
  section.read("from", out.from);
  if (section.has("from") && !good_mail_address(out.from))
    section.problem("from", "this is no address", "write \"brandwacht@example.com\"");
  section.require("to");
  section.read("to", out.to);
  for (const auto& address : out.to)
    if (!good_mail_address(address))
      section.problem("to", fmt::format("'{}' is no address", one_line(address, 60)),
                      "write [\"desk@example.com\", \"night@example.com\"]");
  std::sort(out.to.begin(), out.to.end());
  if (std::unique(out.to.begin(), out.to.end()) != out.to.end())
    section.problem("to", "a recipient stands there twice");
  if (section.has("to") && (out.to.empty() || out.to.size() > kMostRecipients))
    section.problem("to", fmt::format("1 to {} recipients", kMostRecipients),
                    "more of them are better reached by a mailing list");
}

// The first line is the headline, in the desk's language.
std::string page_title(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

std::string part(std::string_view type, std::string_view text) {
  return fmt::format(
      "Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
      type, quoted_printable(text));
}

}  // namespace

SmtpSettings read_smtp(config::Section& section) {
  SmtpSettings out;
  read_tls(section, out.server);
  read_server(section, out.server);
  if (out.server.tls == MailServer::Tls::none && !out.server.host.empty() &&
      !is_this_machine(out.server.host))
    section.warn("tls", "pages would cross the network unencrypted", "use tls = \"starttls\"");
  read_addresses(section, out);
  section.read("hello", out.server.hello);
  section.read("timeout", out.server.timeout, std::chrono::seconds{5}, std::chrono::minutes{10});
  out.server.reply_within = std::min(out.server.reply_within, out.server.timeout);
  return out;
}

std::string smtp_message(const SmtpSettings& settings, const Page& page, std::string_view text) {
  const std::string conversation = conversation_id(settings, page);
  const std::string boundary = fmt::format("bw-{:016x}", hash_bytes(page.delivery_id));
  std::string out =
      fmt::format("Date: {}\r\nFrom: Brandwacht <{}>\r\nTo: ", mail_date(page.at), settings.from);
  for (std::size_t i = 0; i < settings.to.size(); ++i)
    out += (i == 0 ? "" : ",\r\n ") + settings.to[i];
  out += fmt::format(
      "\r\nSubject: {}\r\nMessage-ID: {}\r\nIn-Reply-To: {}\r\nReferences: {}\r\n"
      "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n",
      mail_header_text(valid_utf8(page_title(text))), message_id(settings, page), conversation,
      conversation);
  if (page.action == Action::trigger && page.incident.tier == Tier::t1)
    out += "Importance: high\r\nX-Priority: 1\r\n";
  out += fmt::format(
      "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"{0}\"\r\n\r\n"
      "--{0}\r\n{1}\r\n--{0}\r\n{2}\r\n--{0}--\r\n",
      boundary, part("text/plain", text), part("text/html", mail_html(text)));
  return out;
}

std::unique_ptr<Notifier> make_smtp(std::string name, SmtpSettings settings,
                                    const NotifierContext& context) {
  return std::make_unique<Smtp>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
