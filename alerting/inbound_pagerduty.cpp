// PagerDuty Webhooks v3: PagerDuty/developer-docs, docs/webhooks/01-Overview.md and
// 04-Signatures.md. What somebody does about an incident there is done here as well. Deliveries may
// come several times and are retried for up to 48 h, so there is no replay window by time: the
// event's own number is.
#include <simdjson.h>

#include <algorithm>

#include "alerting/inbound.hpp"
#include "alerting/signature.hpp"

namespace brandwacht::alerting {
namespace {

// "v1=<hex>,v1=<hex>": one for each secret in use there.
Proof verify(const std::vector<std::string>& secrets, const InboundRequest& request) {
  std::string_view list = request.header("x-pagerduty-signature");
  if (list.empty()) return Proof::absent;
  bool good = false;
  for (const auto& secret : secrets) {
    const std::string expected = "v1=" + to_hex(hmac_sha256(secret, request.body));
    for (std::string_view rest = list; !rest.empty();) {
      const auto end = std::min(rest.find(','), rest.size());
      auto one = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (one.starts_with(' '))
        one.remove_prefix(1);
      good = same_secret(expected, one) || good;
    }
  }
  return good ? Proof::good : Proof::forged;
}

std::optional<Command::Kind> kind_of(std::string_view event) {
  if (event == "incident.acknowledged") return Command::Kind::acknowledge;
  if (event == "incident.unacknowledged") return Command::Kind::unacknowledge;
  if (event == "incident.resolved") return Command::Kind::resolve;
  return {};  // escalated, reassigned, ...: PagerDuty's own business
}

Heard parse(const InboundRequest& request, const HookContext& context) {
  Heard heard;
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  if (parser.parse(std::string(request.body)).get(json)) {
    heard.problem = "no event that could be read";
    return heard;
  }
  const auto text = [&](std::string_view pointer) {
    std::string_view out;
    return json.at_pointer(pointer).get_string().get(out) ? std::string_view{} : out;
  };
  const auto delivery = request.header("x-webhook-id");
  const auto event = text("/event/id");
  // The event's own number holds for every delivery of it; the header's for one subscription.
  if (!event.empty())
    heard.once = "pagerduty:" + std::string(event);
  else if (!delivery.empty())
    heard.once = "pagerduty:" + std::string(delivery);
  heard.who = shown_name(text("/event/agent/summary"), "PagerDuty");
  const auto kind = kind_of(text("/event/event_type"));
  const auto key = text("/event/data/incident_key");
  if (!kind || !key.starts_with("bw-")) return heard;  // of another source in the same service
  Command command;
  command.kind = *kind;
  command.incident = key;
  command.who = heard.who;
  command.via = "pagerduty";
  command.at = context.now;
  // Only a person takes or ends it here. What we told PagerDuty ourselves comes back as an event of
  // an integration, and after four hours PagerDuty resolves by itself what may still be growing.
  const bool person = text("/event/agent/type").starts_with("user");
  if (*kind != Command::Kind::unacknowledge && !person) return heard;
  heard.command = std::move(command);
  return heard;
}

HookAnswer answer(const InboundRequest&, const Heard&, const Said&) {
  HookAnswer out;
  out.body = "{}";
  return out;
}

}  // namespace

Hook read_pagerduty_hook(config::Section& section) {
  Hook out;
  out.verify = [secrets = read_hook_secrets(section, "secret")](
                   const InboundRequest& request, Time) { return verify(secrets, request); };
  out.parse = parse;
  out.answer = answer;
  return out;
}

}  // namespace brandwacht::alerting
