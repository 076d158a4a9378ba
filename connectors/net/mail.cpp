#include "connectors/net/mail.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "monitor/pool.hpp"

namespace brandwacht::net {
namespace asio = boost::asio;

namespace {

using Kind = MailReply::Kind;
using Stop = std::shared_ptr<std::atomic<bool>>;

constexpr std::size_t kLongestReply = 512;

void need_curl() {
  // Thread-safe since 7.84, and counted: never undone, because others may use it.
  static const auto once = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)once;
}

// What one transaction showed of itself.
struct Talk {
  std::string_view body;         // still to be read by libcurl
  bool body_read = false;        // to its end: the final dot may have been sent
  bool about_recipient = false;  // the last command was RCPT or later
  bool quitting = false;         // what comes now is no part of the outcome
  bool said_all = false;
  std::string said;  // the server's last reply
  std::atomic<bool>* stop = nullptr;
};

std::size_t read_body(char* out, std::size_t size, std::size_t count, void* user) {
  auto& talk = *static_cast<Talk*>(user);
  const auto part = talk.body.substr(0, size * count);
  std::copy(part.begin(), part.end(), out);
  talk.body.remove_prefix(part.size());
  if (part.empty()) talk.body_read = true;
  return part.size();
}

int listen_in(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
  auto& talk = *static_cast<Talk*>(user);
  const std::string_view text(data, size);
  if (type == CURLINFO_HEADER_OUT) {  // never kept: it may be a password
    talk.quitting = talk.quitting || text.starts_with("QUIT");
    if (!talk.quitting) talk.about_recipient = text.starts_with("RCPT") || text.starts_with("DATA");
  } else if (type == CURLINFO_HEADER_IN && !talk.quitting) {
    // "550-one line", "550 and the last".
    if (std::exchange(talk.said_all, text.size() < 4 || text[3] != '-')) talk.said.clear();
    talk.said += text.substr(0, kLongestReply - std::min(kLongestReply, talk.said.size()));
  }
  return 0;
}

int look_up(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Talk*>(user)->stop->load() ? 1 : 0;
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  while (text.ends_with(' '))
    text.pop_back();
  return text;
}

// The server's words where it refused, else libcurl's.
std::string sentence(CURLcode failure, const MailReply& reply, const Talk& talk) {
  if (failure == CURLE_USE_SSL_FAILED) return "the server does not offer STARTTLS";
  if (reply.code >= 400 && !talk.said.empty()) return one_line(talk.said);
  if (failure == CURLE_LOGIN_DENIED) return "the server and we share no way to log in";
  return curl_easy_strerror(failure);
}

MailReply judge(CURL* curl, CURLcode result, const Talk& talk) {
  MailReply out;
  long code = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
  out.code = static_cast<int>(code);
  if (result == CURLE_OK) {
    out.kind = Kind::accepted;
    return out;
  }
  out.whole = !talk.about_recipient;
  if (out.code >= 500 && result != CURLE_USE_SSL_FAILED)
    out.kind = Kind::permanent;
  else if (out.code < 400 && talk.body_read)
    out.kind = Kind::ambiguous;  // 354 was the last word
  out.detail = sentence(result, out, talk);
  return out;
}

long milliseconds(Duration span) {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(span).count());
}

// One connection to one server, for the recipients of one message.
class Session {
 public:
  Session(const MailServer& server, const Mail& mail, std::atomic<bool>& stop)
      : server_(server), mail_(mail), stop_(stop) {
    after_.stop = &stop;
    curl_easy_setopt(curl_.get(), CURLOPT_URL, url().c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl_.get(), CURLOPT_PROXY, "");  // whatever the environment says
    curl_easy_setopt(curl_.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_.get(), CURLOPT_CONNECTTIMEOUT_MS, milliseconds(server.connect_within));
    curl_easy_setopt(curl_.get(), CURLOPT_TIMEOUT_MS, milliseconds(server.timeout));
    // In whole seconds: 0 would mean two minutes.
    curl_easy_setopt(curl_.get(), CURLOPT_SERVER_RESPONSE_TIMEOUT,
                     std::max(1L, milliseconds(server.reply_within) / 1000));
    set_tls();
    curl_easy_setopt(curl_.get(), CURLOPT_MAIL_FROM, envelope(mail.from).c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl_.get(), CURLOPT_INFILESIZE_LARGE,
                     static_cast<curl_off_t>(mail.message.size()));
    curl_easy_setopt(curl_.get(), CURLOPT_READFUNCTION, read_body);
    curl_easy_setopt(curl_.get(), CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl_.get(), CURLOPT_DEBUGFUNCTION, listen_in);
    curl_easy_setopt(curl_.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl_.get(), CURLOPT_XFERINFOFUNCTION, look_up);
  }

  MailReply send_to(const std::string& recipient) {
    Talk talk;
    talk.body = mail_.message;
    talk.stop = &stop_;
    using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
    const List list(curl_slist_append(nullptr, envelope(recipient).c_str()), curl_slist_free_all);
    curl_easy_setopt(curl_.get(), CURLOPT_MAIL_RCPT, list.get());
    curl_easy_setopt(curl_.get(), CURLOPT_READDATA, &talk);
    curl_easy_setopt(curl_.get(), CURLOPT_DEBUGDATA, &talk);
    curl_easy_setopt(curl_.get(), CURLOPT_XFERINFODATA, &talk);
    const CURLcode result = curl_easy_perform(curl_.get());
    const MailReply out = judge(curl_.get(), result, talk);
    curl_easy_setopt(curl_.get(), CURLOPT_DEBUGDATA, &after_);  // QUIT is also listened to
    curl_easy_setopt(curl_.get(), CURLOPT_XFERINFODATA, &after_);
    return out;
  }

 private:
  static std::string envelope(const std::string& address) { return "<" + address + ">"; }

  std::string url() const {
    const bool v6 = server_.host.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}/{}",
                       server_.tls == MailServer::Tls::implicit ? "smtps" : "smtp", v6 ? "[" : "",
                       server_.host, v6 ? "]" : "", server_.port, server_.hello);
  }

  void set_tls() {
    const bool none = server_.tls == MailServer::Tls::none;
    curl_easy_setopt(curl_.get(), CURLOPT_USE_SSL,
                     static_cast<long>(none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl_.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!server_.ca_file.empty())
      curl_easy_setopt(curl_.get(), CURLOPT_CAINFO, server_.ca_file.c_str());
    if (none || server_.user.empty()) return;  // never a password in the clear
    curl_easy_setopt(curl_.get(), CURLOPT_USERNAME, server_.user.c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_PASSWORD, server_.password.c_str());
  }

  const MailServer& server_;
  const Mail& mail_;
  std::atomic<bool>& stop_;
  Talk after_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_{curl_easy_init(), curl_easy_cleanup};
};

std::vector<MailReply> send_all(const MailServer& server, const Mail& mail,
                                std::atomic<bool>& stop) {
  std::vector<MailReply> out;
  Session session(server, mail, stop);
  std::optional<MailReply> broken;  // the server, and so everybody behind it
  for (const auto& recipient : mail.to) {
    out.push_back(broken ? *broken : session.send_to(recipient));
    if (out.back().whole) broken = out.back();
  }
  return out;
}

class CurlMail final : public MailTransport {
 public:
  CurlMail() { need_curl(); }
  ~CurlMail() override {
    stop_->store(true);
    pool_.join();
  }

  asio::awaitable<std::vector<MailReply>> send(MailServer server, Mail mail) override {
    const auto state = co_await asio::this_coro::cancellation_state;
    const Stop stop = stop_;
    stop->store(false);
    // on_pool() is not interrupted by a cancellation; this is what interrupts it.
    auto slot = state.slot();
    if (slot.is_connected()) slot.assign([stop](asio::cancellation_type) { stop->store(true); });
    auto work = [server = std::move(server), mail = std::move(mail), stop] {
      return send_all(server, mail, *stop);
    };
    auto call = on_pool(pool_, std::move(work));
    auto out = co_await std::move(call);
    slot.clear();
    if (state.cancelled() != asio::cancellation_type::none)
      throw boost::system::system_error(asio::error::operation_aborted);
    co_return out;
  }

 private:
  Stop stop_ = std::make_shared<std::atomic<bool>>(false);
  asio::thread_pool pool_{1};
};

}  // namespace

std::unique_ptr<MailTransport> make_mail_transport() {
  return std::make_unique<CurlMail>();
}

}  // namespace brandwacht::net
