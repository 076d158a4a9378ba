// Telegram's webhook: core.telegram.org/bots/api#setwebhook (secret_token comes back in a header)
// and #callbackquery. The answer's body is itself a call of the API, so that no second request is
// needed.
#include <simdjson.h>

#include <algorithm>

#include "alerting/inbound.hpp"
#include "alerting/json.hpp"
#include "alerting/signature.hpp"

namespace brandwacht::alerting {
namespace {

Proof verify(const std::vector<std::string>& secrets, const InboundRequest& request) {
  const auto given = request.header("x-telegram-bot-api-secret-token");
  if (given.empty()) return Proof::absent;
  bool good = false;
  for (const auto& secret : secrets)
    good = same_secret(secret, given) || good;
  return good ? Proof::good : Proof::forged;
}

Heard parse(const InboundRequest& request, const HookContext& context) {
  Heard heard;
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  std::int64_t update = 0;
  if (parser.parse(std::string(request.body)).get(json) ||
      json["update_id"].get_int64().get(update)) {
    heard.problem = "no update that could be read";
    return heard;
  }
  heard.once = "telegram:" + std::to_string(update);
  simdjson::dom::element query;
  if (json["callback_query"].get(query)) return heard;  // a message to the bot: not ours
  const auto text = [&](std::string_view pointer) {
    std::string_view out;
    return query.at_pointer(pointer).get_string().get(out) ? std::string_view{} : out;
  };
  heard.reply_id = text("/id");
  std::string name(text("/from/first_name"));
  if (const auto last = text("/from/last_name"); !last.empty()) name.append(" ").append(last);
  if (name.empty()) name = text("/from/username");
  heard.who = shown_name(name, "Telegram");
  hear_button(text("/data"), context, heard);
  if (heard.command) heard.command->via = "telegram";
  return heard;
}

HookAnswer answer(const InboundRequest&, const Heard& heard, const Said& said) {
  HookAnswer out;
  out.body = "{}";
  if (heard.reply_id.empty()) return out;
  JsonWriter json;
  json.begin_object()
      .field("method", "answerCallbackQuery")
      .field("callback_query_id", heard.reply_id)
      .field("text", cut_code_points(said.text, 200))  // the API's own limit
      .field("show_alert", !said.done)
      .end_object();
  out.body = std::move(json).text();
  return out;
}

}  // namespace

Hook read_telegram_hook(config::Section& section) {
  auto secrets = read_hook_secrets(section, "secret_token");
  for (const auto& secret : secrets) {
    const bool fits = secret.size() <= 256 && std::all_of(secret.begin(), secret.end(), [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '_' || c == '-';
                      });
    if (!fits)
      section.problem("secret_token_file",
                      "Telegram takes 1 to 256 letters, digits, '_' and '-' as secret_token",
                      "make one with: openssl rand -hex 32");
  }
  Hook out;
  out.verify = [secrets = std::move(secrets)](const InboundRequest& request, Time) {
    return verify(secrets, request);
  };
  out.parse = parse;
  out.answer = answer;
  return out;
}

}  // namespace brandwacht::alerting
