// Slack interactivity: docs.slack.dev/authentication/verifying-requests-from-slack and
// docs.slack.dev/reference/interaction-payloads/block_actions-payload. A form with one field
// `payload`, JSON. Must be answered within 3 s; what people see of it goes to response_url.
#include <simdjson.h>

#include <charconv>

#include "alerting/form.hpp"
#include "alerting/inbound.hpp"
#include "alerting/json.hpp"
#include "alerting/signature.hpp"

namespace brandwacht::alerting {
namespace {

using Object = simdjson::dom::element;

std::string_view text_at(const Object& json, std::string_view pointer) {
  std::string_view out;
  if (json.at_pointer(pointer).get_string().get(out)) return {};
  return out;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || at != text.data() + text.size()) return {};
  return value;
}

Proof verify(const std::vector<std::string>& secrets, const InboundRequest& request, Time now) {
  const auto stamp = request.header("x-slack-request-timestamp");
  const auto signature = request.header("x-slack-signature");
  if (stamp.empty() || signature.empty()) return Proof::absent;
  std::string signed_text = "v0:";
  signed_text.append(stamp).append(":").append(request.body);
  bool good = false;
  for (const auto& secret : secrets)
    good = same_secret("v0=" + to_hex(hmac_sha256(secret, signed_text)), signature) || good;
  const auto seconds = whole_number(stamp);
  if (!good || !seconds || *seconds < 0 || *seconds > 32'503'680'000) return Proof::forged;
  const Time at{std::chrono::seconds{*seconds}};
  return now - at > kReplayWindow || at - now > kReplayWindow ? Proof::old : Proof::good;
}

// Only Slack's own: whoever could choose the address could make us call anything.
bool is_slacks(std::string_view url) {
  return url.starts_with("https://hooks.slack.com/") ||
         url.starts_with("https://hooks.slack-gov.com/");
}

Heard parse(const InboundRequest& request, const HookContext& context) {
  Heard heard;
  heard.once = "slack:" + std::string(request.header("x-slack-signature"));
  const auto form = parse_form(request.body);
  simdjson::dom::parser parser;
  Object json;
  if (!form || parser.parse(std::string(form_field(*form, "payload"))).get(json)) {
    heard.problem = "no payload that could be read";
    return heard;
  }
  if (text_at(json, "/type") != "block_actions") return heard;  // a shortcut, a modal: not ours
  auto name = text_at(json, "/user/name");
  if (name.empty()) name = text_at(json, "/user/username");
  if (name.empty()) name = text_at(json, "/user/id");
  heard.who = shown_name(name, "Slack");
  const auto url = text_at(json, "/response_url");
  if (is_slacks(url)) heard.reply_url = url;
  const auto value = text_at(json, "/actions/0/value");
  if (value.empty()) return heard;  // a button that opens a link is reported as well
  hear_button(value, context, heard);
  if (heard.command) heard.command->via = "slack";
  return heard;
}

HookAnswer answer(const InboundRequest&, const Heard& heard, const Said& said) {
  HookAnswer out;
  out.content_type = "text/plain; charset=utf-8";  // an empty 200 is what Slack asks for
  if (heard.reply_url.empty() || said.text.empty()) return out;
  HttpRequest then;
  then.url = heard.reply_url;
  then.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  JsonWriter json;
  json.begin_object()
      .field("replace_original", false)
      .field("response_type", said.done ? "in_channel" : "ephemeral")
      .field("text", said.text)
      .end_object();
  then.body = std::move(json).text();
  out.then = std::move(then);
  return out;
}

}  // namespace

Hook read_slack_hook(config::Section& section) {
  Hook out;
  out.verify = [secrets = read_hook_secrets(section, "signing_secret")](
                   const InboundRequest& request, Time now) {
    return verify(secrets, request, now);
  };
  out.parse = parse;
  out.answer = answer;
  return out;
}

}  // namespace brandwacht::alerting
