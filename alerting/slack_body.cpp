// Block Kit: docs.slack.dev/reference/block-kit
#include <algorithm>

#include "alerting/slack.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kMaxBody = 12'000;  // UTF-16 units of the whole JSON; ~13 200 were refused
constexpr std::size_t kMaxHeader = 150, kMaxSection = 3000, kMaxText = 4000;
constexpr std::size_t kMaxBlockId = 255, kMaxButtonText = 75, kMaxButtonUrl = 3000;

// The three characters that Slack's mrkdwn cannot do without. Whoever writes "<!channel>" in a post
// wakes nobody.
std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string link(std::string_view url, std::string_view label) {
  std::string address = escape(url);
  for (auto at = address.find('|'); at != std::string::npos; at = address.find('|', at))
    address.replace(at, 1, "%7C");
  return "<" + address + "|" + escape(label) + ">";
}

bool is_post(const Line& line) {
  return line.part == Line::Part::post;
}

// Whole lines as long as they fit into one section.
std::string lines_of(const Shown& shown, bool posts) {
  std::string out;
  for (const auto& line : shown.lines) {
    if (is_post(line) != posts) continue;
    std::string next = escape(plain(line));
    if (posts) next.replace(0, std::string_view("&gt;").size(), ">");  // a quotation
    if (length(out, Unit::utf16) + length(next, Unit::utf16) + 1 > kMaxSection) break;
    if (!out.empty()) out += '\n';
    out += next;
  }
  return out;
}

void write_text(JsonWriter& json, std::string_view type, std::string_view text) {
  json.begin_object().field("type", type).field("text", text);
  if (type == "mrkdwn")
    json.field("verbatim", true);  // nothing in a post becomes a link or a name
  else
    json.field("emoji", false);
  json.end_object();
}

void write_section(JsonWriter& json, std::string_view text) {
  if (text.empty()) return;
  json.begin_object().field("type", "section").key("text");
  write_text(json, "mrkdwn", text);
  json.end_object();
}

void write_links(JsonWriter& json, const Shown& shown, std::string_view language) {
  std::string text;
  if (!shown.thread.empty()) text = link(shown.thread, word_thread(language));
  if (!shown.incident.empty()) {
    if (!text.empty()) text += "  \u00B7  ";
    text += link(shown.incident, word_incident(language));
  }
  if (length(text, Unit::utf16) <= kMaxSection) write_section(json, text);
}

void write_button(JsonWriter& json, const SlackDraft& draft, std::string_view language) {
  const bool opens = draft.ack_button.empty();
  if (opens && (draft.ack_link.empty() || draft.ack_link.size() > kMaxButtonUrl)) return;
  json.begin_object().field("type", "actions").key("elements").begin_array();
  json.begin_object()
      .field("type", "button")
      .field("action_id", "acknowledge")
      .field("style", "primary")
      .key("text");
  write_text(json, "plain_text", cut(word_acknowledge(language), {kMaxButtonText, Unit::utf16}));
  if (opens)
    json.field("url", draft.ack_link);
  else
    json.field("value", draft.ack_button);
  json.end_object().end_array().end_object();
}

void write_blocks(JsonWriter& json, const Page& page, const Voice& voice, const Shown& shown,
                  const SlackDraft& draft) {
  json.key("blocks").begin_array();
  json.begin_object().field("type", "header").key("text");
  write_text(json, "plain_text", cut(shown.headline, {kMaxHeader, Unit::utf16}));
  json.end_object();
  if (length(shown.headline, Unit::utf16) > kMaxHeader) write_section(json, escape(shown.headline));
  write_section(json, lines_of(shown, false));
  write_section(json, lines_of(shown, true));
  write_links(json, shown, voice.language);
  if (can_be_acknowledged(page)) write_button(json, draft, voice.language);
  // The id is the same for every try of one delivery: what is shown twice can be told apart.
  json.begin_object()
      .field("type", "context")
      .field("block_id", cut_code_points(page.delivery_id, kMaxBlockId));
  json.key("elements").begin_array();
  write_text(json, "mrkdwn", escape(cut_code_points(page.incident.id, 100)));
  json.end_array().end_object().end_array();
}

void write_place(JsonWriter& json, const SlackDraft& draft) {
  if (draft.channel.empty()) return;
  json.field("channel", draft.channel);
  if (!draft.message.empty()) {
    json.field("ts", draft.message);
  } else if (!draft.thread.empty()) {
    json.field("thread_ts", draft.thread);
    if (draft.broadcast) json.field("reply_broadcast", true);
  }
}

}  // namespace

std::string slack_body(const Page& page, const Voice& voice, const SlackDraft& draft) {
  const auto fits = [](const std::string& body) { return length(body, Unit::utf16) <= kMaxBody; };
  return shrink_shown(fits, [&](const Detail& detail) {
    const Shown shown = show(page, voice, detail);
    JsonWriter json;
    json.begin_object();
    write_place(json, draft);
    // What a notification shows; with blocks the message itself does not.
    const std::string text = draft.only_text ? to_text(shown) : shown.headline;
    json.field("text", cut(escape(text), {kMaxText, Unit::utf16}));
    if (!draft.only_text) write_blocks(json, page, voice, shown, draft);
    json.field("unfurl_links", false).field("unfurl_media", false).end_object();
    return std::move(json).text();
  });
}

std::string slack_line(const Page& page, const Voice& voice) {
  std::string text = headline(page, voice.language);
  if (!page.note.empty()) text += "\n" + one_line(page.note, 200);
  JsonWriter json;
  json.begin_object()
      .field("text", cut(escape(text), {kMaxText, Unit::utf16}))
      .field("unfurl_links", false)
      .field("unfurl_media", false)
      .end_object();
  return std::move(json).text();
}

}  // namespace brandwacht::alerting
