#include "alerting/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kLongestUrl = 2000;

constexpr std::array<Detail, 7> kLevels{{{64, 4000, 64, 1000},
                                         {32, 1000, 32, 500},
                                         {16, 500, 16, 500},
                                         {8, 280, 8, 300},
                                         {3, 140, 5, 200},
                                         {0, 0, 3, 200},
                                         {0, 0, 0, 0}}};

void append_figures(std::string& out, const Incident& incident) {
  if (incident.joiners > 0)
    fmt::format_to(std::back_inserter(out), "\n{} critics, {} in the last hour, {} people in all",
                   incident.joiners, incident.joiners_window, incident.participants);
  if (incident.risk > 0)
    fmt::format_to(std::back_inserter(out), "\nrisk of a pile-on {:.0f} %{}", 100 * incident.risk,
                   incident.calibrated ? "" : " (not calibrated)");
}

void append_posts(std::string& out, const Incident& incident) {
  const std::size_t count = std::min(incident.evidence.size(), std::size_t{3});
  for (std::size_t i = 0; i < count; ++i) {
    const Evidence& post = incident.evidence[i];
    out += "\n> " + (post.author.empty() ? "" : post.author + ": ") + one_line(post.text, 280);
  }
}

}  // namespace

std::string headline(const Page& page) {
  const std::string title =
      page.incident.title.empty() ? page.incident.id : one_line(page.incident.title, 300);
  if (page.action == Action::resolve) return "over: " + title;
  if (page.event == IncidentEventKind::cool) return "cooling: " + title;
  return fmt::format("{} {}", to_string(page.incident.tier), title);
}

std::string phone_text(const Page& page, std::string_view external_url, bool with_posts) {
  const Incident& incident = page.incident;
  std::string out = headline(page);
  if (page.action == Action::trigger) {
    // The reasons say the figures in the desk's own language.
    if (incident.reasons.empty()) append_figures(out, incident);
    for (const auto& reason : incident.reasons)
      out += "\n- " + one_line(reason.text, 300);
    if (with_posts) append_posts(out, incident);
  }
  const std::string_view thread = web_url(incident.url);
  if (!thread.empty()) fmt::format_to(std::back_inserter(out), "\n{}", thread);
  const std::string link = incident_link(incident, external_url);
  if (!link.empty()) out += "\n" + link;
  return out;
}

std::string incident_link(const Incident& incident, std::string_view external_url) {
  if (web_url(external_url).empty()) return {};
  while (external_url.ends_with('/'))
    external_url.remove_suffix(1);
  return fmt::format("{}/incidents/{}", external_url, incident.id);
}

std::string_view web_url(std::string_view url) noexcept {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
  if (url.size() > kLongestUrl) return {};
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\' && c != '`';
  });
  return plain ? url : std::string_view{};
}

std::string_view severity(Tier tier) noexcept {
  switch (tier) {
    case Tier::t1:
      return "critical";
    case Tier::t2:
      return "error";
    case Tier::t3:
    case Tier::t4:
      break;
  }
  return "warning";
}

std::string shrink_to(std::size_t limit, const std::function<std::string(const Detail&)>& build) {
  std::string out;
  for (const Detail& level : kLevels) {
    out = build(level);
    if (out.size() <= limit) break;
  }
  return out;
}

void write_details(JsonWriter& json, const Incident& incident, const Detail& detail) {
  json.key("reasons").begin_array();
  for (std::size_t i = 0; i < std::min(detail.reasons, incident.reasons.size()); ++i)
    json.string(cut_code_points(incident.reasons[i].text, detail.reason_length));
  json.end_array().key("posts").begin_array();
  for (std::size_t i = 0; i < std::min(detail.posts, incident.evidence.size()); ++i) {
    const Evidence& post = incident.evidence[i];
    json.begin_object()
        .field("at", format_rfc3339(post.at))
        .field("author", cut_code_points(post.author, 100))
        .field("text", cut_code_points(post.text, detail.post_length))
        .field("url", web_url(post.url))
        .field("negative", post.negative)
        .field("root", post.root)
        .end_object();
  }
  json.end_array();
}

}  // namespace brandwacht::alerting
