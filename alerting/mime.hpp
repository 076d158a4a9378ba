// The forms of an e-mail: RFC 2047 headers, quoted-printable bodies, dates. Pure functions.
#pragma once
#include <string>
#include <string_view>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

// A header's text on one line, or folded ("\r\n ") where it is longer than a line: plain ASCII as
// it is, anything else as encoded words of at most 75 characters that break between code points. No
// text can begin a header of its own.
std::string mail_header_text(std::string_view text);

// A body of UTF-8 as quoted-printable: lines of at most 76 characters that end in CRLF.
std::string quoted_printable(std::string_view text);

// "Thu, 01 Jan 2026 12:00:00 +0000" (RFC 5322).
std::string mail_date(Time time);

// Lines of text as HTML: escaped, web addresses as links, the first line as a heading.
std::string mail_html(std::string_view text);

// For HTML and XML, between tags and in attributes.
std::string xml_escaped(std::string_view text);

// One address that SMTP takes as it is: local@domain in ASCII, at most 254 characters.
bool good_mail_address(std::string_view address) noexcept;

}  // namespace brandwacht::alerting
