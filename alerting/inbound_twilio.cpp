// Twilio: a reply by SMS ("4821a" takes it, "4821c" closes it, "4821e" escalates it, after
// GoAlert's grammar), and digits pressed in a call (4 takes it, 6 closes it, 5 escalates it).
// Signed as twilio.com/docs/usage/security says: HMAC-SHA1 over the URL and the sorted fields of
// the form.
#include <algorithm>
#include <map>

#include "alerting/form.hpp"
#include "alerting/inbound.hpp"
#include "alerting/signature.hpp"
#include "alerting/twiml.hpp"

namespace brandwacht::alerting {
namespace {

// Who may answer by SMS: a code is short enough to be guessed, so the sender counts as well.
using Phones = std::map<std::string, std::string, std::less<>>;  // E.164 to a name

std::string signature_of(std::string_view token, std::string_view url, FormFields fields) {
  std::sort(fields.begin(), fields.end());
  // Twilio's own libraries take a field that stands there twice with one value once.
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  std::string text(url);
  for (const auto& [name, value] : fields)
    text.append(name).append(value);
  return to_base64(hmac_sha1(token, text));
}

// Behind some proxies Twilio signs with the port in the URL, and without it behind others.
std::string with_port(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto host_end = std::min(url.find_first_of("/?", scheme + 3), url.size());
  const auto host = url.substr(scheme + 3, host_end - scheme - 3);
  const auto colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && !host.ends_with(']');
  std::string out(url.substr(0, scheme + 3));
  out.append(has_port ? host.substr(0, colon) : host);
  if (!has_port) out.append(url.starts_with("https") ? ":443" : ":80");
  out.append(url.substr(host_end));
  return out;
}

Proof verify(const std::vector<std::string>& tokens, const InboundRequest& request) {
  const auto given = request.header("x-twilio-signature");
  if (given.empty()) return Proof::absent;
  const auto form = parse_form(request.body);
  if (!form) return Proof::forged;
  bool good = false;
  for (const auto& token : tokens)
    for (const auto& url : {request.url, with_port(request.url)})
      good = (!url.empty() && same_secret(signature_of(token, url, *form), given)) || good;
  return good ? Proof::good : Proof::forged;
}

std::optional<Command::Kind> kind_of(char letter) {
  switch (letter) {
    case 'a':
    case '4':
      return Command::Kind::acknowledge;
    case 'c':
    case '6':
      return Command::Kind::resolve;
    case 'e':
    case '5':
      return Command::Kind::escalate;
    default:
      return {};
  }
}

// "4821a", " 4821 A ", "4821 ack": the code, then a word of which the first letter counts.
void hear_sms(std::string_view body, std::string_view phone, const HookContext& context,
              Heard& heard) {
  const auto first = std::min(body.find_first_not_of(" \t\r\n"), body.size());
  body.remove_prefix(first);
  const auto digits = std::min(body.find_first_not_of("0123456789"), body.size());
  const auto code = body.substr(0, digits);
  auto rest = body.substr(digits);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const char letter = rest.empty() ? '\0' : rest.front();
  const auto kind = letter >= '0' && letter <= '9'   ? std::nullopt
                    : letter >= 'A' && letter <= 'Z' ? kind_of(static_cast<char>(letter + 32))
                                                     : kind_of(letter);
  if (code.empty() || code.size() > 6 || !kind) {
    heard.problem = "no code and letter, such as 4821a";
    return;
  }
  std::string incident =
      context.incident_of_code ? context.incident_of_code(phone, code) : std::string{};
  if (incident.empty()) {
    heard.problem = "this number has no open page with that code";
    return;
  }
  heard.command = Command{*kind, std::move(incident), heard.who, "sms", context.now, {}};
}

// The call's own URL says which page it was about: ?page=<button>.
void hear_digit(std::string_view digits, const FormFields& query, const HookContext& context,
                Heard& heard) {
  const auto kind = digits.size() == 1 ? kind_of(digits.front()) : std::nullopt;
  if (!kind) {
    heard.problem = "no digit that means something";
    return;
  }
  hear_button(form_field(query, "page"), context, heard);
  if (!heard.command) return;
  heard.command->kind = *kind;
  heard.command->via = "voice";
}

std::string name_of(const Phones& phones, std::string_view phone) {
  const auto found = phones.find(phone);
  return found == phones.end() || found->second.empty() ? masked_phone(phone) : found->second;
}

Heard parse(const Phones& phones, const InboundRequest& request, const HookContext& context) {
  Heard heard;
  const auto form = parse_form(request.body);
  const auto query = parse_form(query_of(request.target));
  if (!form || !query) {
    heard.problem = "no form that could be read";
    return heard;
  }
  const auto digits = form_field(*form, "Digits");
  const auto call = form_field(*form, "CallSid");
  auto phone = form_field(*form, "From");
  if (!call.empty()) {
    // We called them: they are To.
    if (form_field(*form, "Direction").starts_with("outbound")) phone = form_field(*form, "To");
    heard.who = name_of(phones, phone);
    // A machine that answered is nobody.
    if (form_field(*form, "AnsweredBy").starts_with("machine") || digits.empty()) return heard;
    heard.once = "twilio:" + std::string(call) + ":" + std::string(digits);
    hear_digit(digits, *query, context, heard);
    return heard;
  }
  const auto message = form_field(*form, "MessageSid");
  if (message.empty() || form_field(*form, "Body").empty()) return heard;  // a status, not a reply
  heard.once = "twilio:" + std::string(message);
  heard.who = name_of(phones, phone);
  if (phones.contains(phone))
    hear_sms(form_field(*form, "Body"), phone, context, heard);
  else
    heard.problem = "this number may not answer";
  return heard;
}

Phones read_phones(config::Section& section) {
  std::vector<std::string> lines;
  section.read("phones", lines);
  Phones out;
  for (const auto& line : lines) {
    const auto end = std::min(line.find(' '), line.size());
    const std::string number = line.substr(0, end);
    const bool digits = number.size() > 7 && number.front() == '+' &&
                        number.find_first_not_of("0123456789", 1) == std::string::npos;
    if (!digits)
      section.problem("phones", "a phone is '+', its country and its number, and then a name",
                      "\"+31612345678 Fatima\"");
    out[number] = shown_name(std::string_view(line).substr(end), "");
  }
  if (out.empty())
    section.warn("", "without 'phones' nobody can answer by SMS",
                 "phones = [\"+31612345678 Fatima\"]");
  return out;
}

HookAnswer answer(const InboundRequest& request, const Heard& heard, const Said& said) {
  HookAnswer out;
  out.content_type = "text/xml; charset=utf-8";
  const auto form = parse_form(request.body);
  const bool call = form && !form_field(*form, "CallSid").empty();
  const bool spoken_to = heard.command || !heard.problem.empty();
  out.body = !spoken_to ? twiml_nothing() : call ? twiml_say(said.text) : twiml_message(said.text);
  return out;
}

}  // namespace

std::string masked_phone(std::string_view phone) {
  if (phone.size() < 4) return "SMS";
  return "…" + std::string(phone.substr(phone.size() - 3));
}

std::string twiml_nothing() {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
}

std::string twiml_message(std::string_view text) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>" + xml_text(text) +
         "</Message></Response>";
}

std::string twiml_say(std::string_view text) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Say>" + xml_text(text) +
         "</Say></Response>";
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n')
      out += c;
  }
  return out;
}

Hook read_twilio_hook(config::Section& section) {
  Hook out;
  out.verify = [tokens = read_hook_secrets(section, "auth_token")](
                   const InboundRequest& request, Time) { return verify(tokens, request); };
  out.parse = [phones = read_phones(section)](const InboundRequest& request,
                                              const HookContext& context) {
    return parse(phones, request, context);
  };
  out.answer = answer;
  return out;
}

}  // namespace brandwacht::alerting
