// What a person reads: the same words at every target, cut to what each one takes.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "alerting/json.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

// "T1 Acme: 12 critics in 40 min"; for a resolve "over: ...".
std::string headline(const Page& page);

// The text that reaches a phone: headline, figures, reasons, posts, links. Several lines, no
// newline at the end.
std::string phone_text(const Page& page, std::string_view external_url, bool with_posts = true);

// The incident's page in this daemon's API; empty without external_url.
std::string incident_link(const Incident& incident, std::string_view external_url);

// `url` if it is one that vendors take (http or https, printable ASCII), else empty: what a
// platform calls a URL must not cost the page.
std::string_view web_url(std::string_view url) noexcept;

// "critical" T1, "error" T2, "warning" below.
std::string_view severity(Tier tier) noexcept;

// How much of an incident goes into a message.
struct Detail {
  std::size_t posts, post_length, reasons, reason_length;  // lengths in code points
};

// The first result of `build` that has at most `limit` bytes, from everything down to the bare
// figures. The last one if none has.
std::string shrink_to(std::size_t limit, const std::function<std::string(const Detail&)>& build);

// "reasons":[...],"posts":[...] into an open object.
void write_details(JsonWriter& json, const Incident& incident, const Detail& detail);

}  // namespace brandwacht::alerting
