// The limits that vendors publish (alerting's own sources name the pages), as strict fakes of them
// would hold them against us. What is counted in characters is counted in the largest unit.
#include "tests/alerting/vendors.hpp"

namespace brandwacht::alerting {
namespace {

namespace dom = simdjson::dom;

std::string all_text(dom::element json) {
  return simdjson::minify(json);
}

std::size_t utf16(dom::element element) {
  return length(std::string_view(element), Unit::utf16);
}

void check_json_post(const HttpRequest& request) {
  CHECK(request.method == "POST");
  CHECK(header(request, "Content-Type").starts_with("application/json"));
  CHECK(valid_utf8(request.body) == request.body);
}

// In Slack's mrkdwn and in Telegram's HTML, '<' only opens what we write ourselves, and '&' only
// one of the three entities.
void check_escaped(std::string_view text, std::initializer_list<std::string_view> tags) {
  for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const bool ours = std::any_of(tags.begin(), tags.end(), [&](std::string_view tag) {
      return text.substr(at).starts_with(tag);
    });
    if (!ours) FAIL_CHECK("an unescaped '<' in: " << text);
  }
  for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    const auto rest = text.substr(at);
    if (!rest.starts_with("&amp;") && !rest.starts_with("&lt;") && !rest.starts_with("&gt;"))
      FAIL_CHECK("an unescaped '&' in: " << text);
  }
}

std::string unescaped(std::string text) {
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"<b>", ""},
                                 {"</b>", ""},
                                 {"&lt;", "<"},
                                 {"&gt;", ">"},
                                 {"&amp;", "&"}})
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  return text;
}

void check_slack_block(dom::element block) {
  const auto type = std::string_view(block["type"]);
  if (type == "header") {
    CHECK(std::string_view(block["text"]["type"]) == "plain_text");
    CHECK(utf16(block["text"]["text"]) <= 150);
    CHECK(utf16(block["text"]["text"]) >= 1);
  } else if (type == "section") {
    CHECK(utf16(block["text"]["text"]) <= 3000);
    CHECK(utf16(block["text"]["text"]) >= 1);
    check_escaped(std::string_view(block["text"]["text"]), {"<http"});
  } else if (type == "actions") {
    for (auto button : dom::array(block["elements"])) {
      CHECK(utf16(button["text"]["text"]) <= 75);
      std::string_view value;
      if (!button["value"].get(value)) CHECK(value.size() <= 2000);
    }
  } else {
    CHECK(type == "context");
    CHECK(utf16(block["block_id"]) <= 255);
  }
}

}  // namespace

void check_alertmanager(const HttpRequest& request) {
  check_json_post(request);
  dom::parser parser;
  for (auto alert : dom::array(parsed(parser, request.body)))
    CHECK(dom::object(alert["labels"]).size() >= 1);
}

void check_goalert(const HttpRequest& request) {
  CHECK(request.method == "POST");
  CHECK_FALSE(contains(request.url, "?"));
  auto form = form_of(request.body);
  CHECK_FALSE(form["token"].empty());
  CHECK(form["summary"].size() <= 1024);
  CHECK(form["details"].size() <= 6144);
  CHECK(valid_utf8(form["summary"]) == form["summary"]);
}

void check_ntfy(const HttpRequest& request) {
  check_json_post(request);
  CHECK(request.body.size() <= 8192);
  dom::parser parser;
  const dom::element json = parsed(parser, request.body);
  const auto message = std::string_view(json["message"]);
  CHECK(message.size() <= 4096);
  CHECK(message.size() >= 1);
  CHECK(std::string_view(json["title"]).size() <= 250);
  CHECK(std::int64_t(json["priority"]) >= 1);
  CHECK(std::int64_t(json["priority"]) <= 5);
  CHECK(dom::array(json["actions"]).size() <= 3);
  CHECK(std::string_view(json["sequence_id"]).size() <= 64);
  for (auto action : dom::array(json["actions"]))
    CHECK(std::string_view(action["url"]).starts_with("https://"));
}

void check_pagerduty(const HttpRequest& request) {
  check_json_post(request);
  CHECK(request.body.size() <= 512'000);
  dom::parser parser;
  const dom::element json = parsed(parser, request.body);
  CHECK(std::string_view(json["routing_key"]).size() == 32);
  CHECK(utf16(json["dedup_key"]) <= 255);
  dom::element payload;
  if (json["payload"].get(payload)) return;
  CHECK(length(std::string_view(payload["summary"]), Unit::code_points) <= 1024);
  CHECK(utf16(payload["summary"]) >= 1);
}

void check_pushover(const HttpRequest& request) {
  CHECK(request.method == "POST");
  CHECK_FALSE(contains(request.url, "?"));
  CHECK(header(request, "Content-Type") == "application/x-www-form-urlencoded");
  auto form = form_of(request.body);
  CHECK(form["token"].size() == 30);
  if (contains(request.url, "/receipts/cancel_by_tag/")) return;
  CHECK(valid_utf8(form["message"]) == form["message"]);
  CHECK(length(form["message"], Unit::code_points) <= 1024);
  CHECK_FALSE(form["message"].empty());
  CHECK(length(form["title"], Unit::code_points) <= 250);
  CHECK(form["url"].size() <= 512);
  CHECK(length(form["url_title"], Unit::code_points) <= 100);
  if (form["priority"] != "2") return;
  CHECK(std::stol(form["retry"]) >= 30);
  CHECK(std::stol(form["expire"]) <= 10'800);
}

void check_slack(const HttpRequest& request) {
  check_json_post(request);
  CHECK(length(request.body, Unit::utf16) <= 13'000);
  dom::parser parser;
  const dom::element json = parsed(parser, request.body);
  CHECK(utf16(json["text"]) >= 1);
  CHECK(utf16(json["text"]) <= 4000);
  dom::array blocks;
  if (json["blocks"].get(blocks)) return;
  CHECK(blocks.size() <= 50);
  for (auto block : blocks)
    check_slack_block(block);
}

void check_teams(const HttpRequest& request) {
  check_json_post(request);
  CHECK(contains(header(request, "Content-Type"), "charset=utf-8"));
  CHECK(request.body.size() <= 28'000);
  dom::parser parser;
  const dom::element json = parsed(parser, request.body);
  CHECK(std::string_view(json["type"]) == "message");
  const dom::element attachment = json["attachments"].at(0);
  CHECK(std::string_view(attachment["contentType"]) == "application/vnd.microsoft.card.adaptive");
  CHECK(attachment["contentUrl"].is_null());
  const dom::element card = attachment["content"];
  CHECK(std::string_view(card["type"]) == "AdaptiveCard");
  for (auto part : dom::array(card["body"]))  // a TextBlock would read Markdown
    CHECK(std::string_view(part["type"]) == "RichTextBlock");
  CHECK_FALSE(contains(all_text(card), "Action.Submit"));
}

void check_telegram(const HttpRequest& request) {
  check_json_post(request);
  dom::parser parser;
  const dom::element json = parsed(parser, request.body);
  std::string text = text_of(json["text"]);
  std::string_view mode;
  if (!json["parse_mode"].get(mode)) {
    CHECK(mode == "HTML");
    check_escaped(text, {"<b>", "</b>"});
    text = unescaped(text);
  }
  CHECK(length(text, Unit::utf16) <= 4096);
  CHECK(length(text, Unit::utf16) >= 1);
  std::string_view data;
  if (!json.at_pointer("/reply_markup/inline_keyboard/0/0/callback_data").get(data))
    CHECK(data.size() <= 64);
}

namespace {

// twilio_api_v2010: what both kinds share.
std::map<std::string, std::string> check_twilio(const HttpRequest& request,
                                                std::string_view resource) {
  CHECK(request.method == "POST");
  CHECK(contains(request.url, resource));
  CHECK(header(request, "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(header(request, "Authorization").starts_with("Basic "));
  auto form = form_of(request.body);
  CHECK(form["To"] == "+31600000000");
  CHECK(form["From"] == "+31970000000");
  return form;
}

}  // namespace

void check_twilio_sms(const HttpRequest& request) {
  auto form = check_twilio(request, "/Messages.json");
  const std::string& body = form["Body"];
  CHECK(valid_utf8(body) == body);
  CHECK(length(body, Unit::utf16) >= 1);
  CHECK(length(body, Unit::utf16) <= 1600);
  CHECK(std::stoi(form["ValidityPeriod"]) <= 36'000);
}

void check_twilio_voice(const HttpRequest& request) {
  auto form = check_twilio(request, "/Calls.json");
  const std::string& script = form["Twiml"];
  CHECK(valid_utf8(script) == script);
  CHECK(length(script, Unit::code_points) <= 4000);
  CHECK(script.starts_with("<?xml"));
  CHECK(script.ends_with("</Response>"));
  const auto tags = std::count(script.begin(), script.end(), '<');
  CHECK(std::count(script.begin(), script.end(), '>') == tags);  // no text has one of its own
  CHECK(std::none_of(script.begin(), script.end(), [](unsigned char c) { return c < 0x20; }));
  CHECK(std::stoi(form["Timeout"]) <= 600);
}

void check_webhook(const HttpRequest& request) {
  check_json_post(request);
  CHECK(request.body.size() <= 20'000);
  dom::parser parser;
  parsed(parser, request.body);
}

}  // namespace brandwacht::alerting
