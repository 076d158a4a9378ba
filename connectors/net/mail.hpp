// MailTransport over libcurl's SMTP. It stands here because it speaks to the network; no other
// folder includes libcurl.
//
// Why libcurl and not Beast's sockets: STARTTLS, SASL and dot-stuffing are done there and looked
// after. It blocks, so each transport has a thread of its own, which only waits: one server that
// hangs delays no other and never the line.
#pragma once
#include <memory>

#include "monitor/mail.hpp"

namespace brandwacht::net {

// Destroying it waits for what is under way, at most about a second.
std::unique_ptr<MailTransport> make_mail_transport();

}  // namespace brandwacht::net
