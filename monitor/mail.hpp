// The seam for outgoing e-mail. alerting/ sees only this; connectors/net implements it with
// libcurl.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht {

struct MailServer {
  enum class Tls : std::uint8_t {
    starttls,  // EHLO, STARTTLS, EHLO; a server that does not offer it is not spoken to
    implicit,  // from the first byte, mostly on port 465
    none,
  };
  std::string host;
  std::uint16_t port = 587;
  Tls tls = Tls::starttls;
  std::string user, password;  // asked for on TLS only; secret; empty: no AUTH
  std::string ca_file;         // PEM; empty: the system's trust store
  std::string hello;           // how we call ourselves in EHLO; empty: the machine's name
  Duration connect_within = std::chrono::seconds{5};
  // Each of the server's replies, and the whole transaction of one recipient.
  Duration reply_within = std::chrono::seconds{10}, timeout = std::chrono::seconds{30};
};

struct Mail {
  std::string from;             // envelope
  std::vector<std::string> to;  // envelope
  std::string message;          // header and body, lines end in CRLF; dots are not yet stuffed
};

// How it ended for one recipient.
struct MailReply {
  enum class Kind : std::uint8_t {
    accepted,   // 250 after the final dot: the server answers for it from now on
    transient,  // 4yz, or the server was not reached
    permanent,  // 5yz
    ambiguous,  // lost after the final dot: it may have arrived
  };
  Kind kind = Kind::transient;
  int code = 0;        // of the server's last reply; 0: there was none
  bool whole = false;  // not about this recipient: the others were not tried
  std::string detail;  // one sentence; what the server said, without any command of ours
};

class MailTransport {
 public:
  virtual ~MailTransport() = default;
  // One transaction for each recipient, so that each outcome is exact; one reply for each of
  // mail.to, in its order. One call at a time. When the caller is cancelled, what is under way is
  // broken off within about a second.
  virtual boost::asio::awaitable<std::vector<MailReply>> send(MailServer server, Mail mail) = 0;
};

}  // namespace brandwacht
