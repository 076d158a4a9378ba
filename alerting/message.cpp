#include "alerting/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kLongestUrl = 2000;

// For programs: everything that fits.
constexpr std::array<Detail, 8> kLevels{{{64, 4000, 64, 1000, 16, 1000, 300},
                                         {32, 1000, 32, 500, 16, 500, 300},
                                         {16, 500, 16, 500, 16, 500, 300},
                                         {8, 280, 8, 300, 8, 300, 300},
                                         {3, 140, 5, 200, 5, 200, 300},
                                         {0, 0, 3, 200, 5, 200, 300},
                                         {0, 0, 0, 0, 3, 150, 300},
                                         {0, 0, 0, 0, 0, 0, 100}}};

// For people: nobody reads ten posts on a phone.
constexpr std::array<Detail, 11> kShown{{{5, 500, 16, 300, 5, 300, 300},
                                         {3, 280, 16, 300, 5, 300, 300},
                                         {2, 140, 8, 300, 5, 300, 300},
                                         {1, 100, 8, 300, 5, 300, 300},
                                         {0, 0, 8, 300, 5, 300, 300},
                                         {0, 0, 4, 200, 5, 200, 300},
                                         {0, 0, 2, 120, 4, 200, 300},
                                         {0, 0, 0, 0, 3, 150, 300},
                                         {0, 0, 0, 0, 1, 100, 300},
                                         {0, 0, 0, 0, 0, 0, 140},
                                         {0, 0, 0, 0, 0, 0, 60}}};
constexpr Detail kPhone{3, 280, 64, 300, 5, 300, 300};

std::string readable(std::string_view text, std::size_t limit) {
  return one_line(valid_utf8(text), limit);
}

std::string headline_of(const Page& page, std::string_view language, std::size_t title_length) {
  const std::string& name = page.incident.title.empty() ? page.incident.id : page.incident.title;
  const std::string title = readable(name, title_length);
  if (page.action == Action::resolve) return fmt::format("{}: {}", word_over(language), title);
  if (page.action == Action::acknowledge)
    return fmt::format("{}: {} {}", word_taken(language), to_string(page.incident.tier), title);
  if (page.event == IncidentEventKind::cool)
    return fmt::format("{}: {}", word_cooling(language), title);
  return fmt::format("{} {}", to_string(page.incident.tier), title);
}

void add_advice(std::vector<Line>& out, const Advice& advice, const Voice& voice,
                const Detail& detail) {
  for (std::size_t i = 0; i < std::min(detail.advice, advice.lines.size()); ++i)
    out.push_back({Line::Part::advice, readable(advice.lines[i], detail.advice_length)});
  if (detail.advice == 0 || advice.playbook_title.empty()) return;
  const std::string title = readable(advice.playbook_title, detail.advice_length);
  out.push_back(
      {Line::Part::playbook, fmt::format("{}: {}", word_playbook(voice.language), title)});
}

// The reasons say the figures in the desk's own language.
void add_reasons(std::vector<Line>& out, const Incident& incident, const Voice& voice,
                 const Detail& detail) {
  if (incident.reasons.empty()) {
    if (incident.joiners > 0)
      out.push_back({Line::Part::reason, critics_words(voice.language, incident)});
    if (incident.risk > 0)
      out.push_back({Line::Part::reason, risk_words(voice.language, incident)});
  }
  for (std::size_t i = 0; i < std::min(detail.reasons, incident.reasons.size()); ++i)
    out.push_back({Line::Part::reason, readable(incident.reasons[i].text, detail.reason_length)});
}

void add_posts(std::vector<Line>& out, const Incident& incident, const Detail& detail) {
  for (std::size_t i = 0; i < std::min(detail.posts, incident.evidence.size()); ++i) {
    const Evidence& post = incident.evidence[i];
    const std::string author = readable(post.author, 60);
    out.push_back({Line::Part::post, (author.empty() ? "" : author + ": ") +
                                         readable(post.text, detail.post_length)});
  }
}

// Everything but the headline, and the end of its line.
std::size_t length_without_headline(const Shown& shown, Unit unit) {
  Shown rest = shown;
  rest.headline.clear();
  const std::string text = to_text(rest);
  return text.empty() ? 0 : length(text, unit) + 1;
}

void drop_long_links(Shown& shown, Room room) {
  for (std::string* link : {&shown.thread, &shown.incident})
    if (length(*link, room.unit) > room.limit / 2) link->clear();
}

// The barest message: what a room of some hundred units cannot hold is cut here.
void squeeze(Shown& shown, Room room, bool with_headline) {
  shown.lines.clear();
  if (length_without_headline(shown, room.unit) + 4 > room.limit) shown.thread.clear();
  if (!with_headline) return;
  const std::size_t taken = length_without_headline(shown, room.unit);
  shown.headline = cut(shown.headline, Room{room.limit - std::min(room.limit, taken), room.unit});
}

}  // namespace

std::string headline(const Page& page, std::string_view language) {
  return headline_of(page, language, 300);
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

bool can_be_acknowledged(const Page& page) noexcept {
  return page.action == Action::trigger && page.event != IncidentEventKind::cool;
}

std::string shrink_to(std::size_t limit, const std::function<std::string(const Detail&)>& build) {
  std::string out;
  for (const Detail& level : kLevels) {
    out = build(level);
    if (out.size() <= limit) break;
  }
  return out;
}

std::string shrink_shown(const std::function<bool(const std::string&)>& fits,
                         const std::function<std::string(const Detail&)>& build) {
  std::string out;
  for (const Detail& level : kShown) {
    out = build(level);
    if (fits(out)) break;
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
  const Advice& advice = incident.advice;
  if (advice.kind.empty() || detail.advice == 0) return;
  json.key("advice").begin_object().field("kind", cut_code_points(advice.kind, 40));
  json.key("lines").begin_array();
  for (std::size_t i = 0; i < std::min(detail.advice, advice.lines.size()); ++i)
    json.string(cut_code_points(advice.lines[i], detail.advice_length));
  json.end_array()
      .field("playbook", cut_code_points(advice.playbook, 100))
      .field("playbook_title", cut_code_points(advice.playbook_title, detail.advice_length))
      .end_object();
}

Shown show(const Page& page, const Voice& voice, const Detail& detail) {
  Shown out;
  const Incident& incident = page.incident;
  out.headline = headline_of(page, voice.language, detail.title_length);
  if (!page.note.empty()) out.lines.push_back({Line::Part::note, readable(page.note, 200)});
  if (can_be_acknowledged(page)) add_advice(out.lines, incident.advice, voice, detail);
  if (page.action == Action::trigger) {
    add_reasons(out.lines, incident, voice, detail);
    if (voice.posts) add_posts(out.lines, incident, detail);
  }
  out.thread = web_url(incident.url);
  out.incident = incident_link(incident, voice.external_url);
  return out;
}

std::string plain(const Line& line) {
  switch (line.part) {
    case Line::Part::advice:
      return "\u2192 " + line.text;
    case Line::Part::reason:
      return "- " + line.text;
    case Line::Part::post:
      return "> " + line.text;
    case Line::Part::note:
    case Line::Part::playbook:
      break;
  }
  return line.text;
}

std::string to_text(const Shown& shown, bool with_headline) {
  std::string out = with_headline ? shown.headline : std::string();
  const auto add = [&](std::string_view line) {
    if (line.empty()) return;
    if (!out.empty()) out += '\n';
    out += line;
  };
  for (const auto& line : shown.lines)
    add(plain(line));
  add(shown.thread);
  add(shown.incident);
  return out;
}

Shown fit(const Page& page, const Voice& voice, Room room, bool with_headline) {
  Shown out;
  for (const Detail& level : kShown) {
    out = show(page, voice, level);
    drop_long_links(out, room);
    if (length(to_text(out, with_headline), room.unit) <= room.limit) return out;
  }
  squeeze(out, room, with_headline);
  return out;
}

std::string phone_text(const Page& page, std::string_view external_url, bool with_posts,
                       std::string_view language) {
  Voice voice;
  voice.external_url = external_url;
  voice.language = language;
  voice.posts = with_posts;
  return to_text(show(page, voice, kPhone));
}

}  // namespace brandwacht::alerting
