#include "monitor/incident.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "monitor/mention_json.hpp"

namespace brandwacht {

std::string_view to_string(Tier tier) noexcept {
  switch (tier) {
    case Tier::t1:
      return "T1";
    case Tier::t2:
      return "T2";
    case Tier::t3:
      return "T3";
    case Tier::t4:
      return "T4";
  }
  return "T4";
}

std::string_view to_string(IncidentState state) noexcept {
  switch (state) {
    case IncidentState::calm:
      return "calm";
    case IncidentState::watch:
      return "watch";
    case IncidentState::paged:
      return "paged";
    case IncidentState::acknowledged:
      return "acknowledged";
    case IncidentState::cooling:
      return "cooling";
    case IncidentState::closed:
      return "closed";
  }
  return "calm";
}

std::string_view to_string(IncidentEventKind kind) noexcept {
  switch (kind) {
    case IncidentEventKind::page:
      return "page";
    case IncidentEventKind::notify:
      return "notify";
    case IncidentEventKind::upgrade:
      return "upgrade";
    case IncidentEventKind::cool:
      return "cool";
    case IncidentEventKind::close:
      return "close";
  }
  return "page";
}

std::string incident_id(std::uint64_t thread_key, int episode) {
  return fmt::format("bw-{:016x}-{}", thread_key, episode);
}

namespace {

void append_field(std::string& out, std::string_view key, std::string_view value) {
  out += ",\"";
  out += key;
  out += "\":";
  append_json_string(out, value);
}

// JSON has no way to write what is not finite.
void append_number(std::string& out, double value, int digits) {
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(out), "{:.{}f}", value, digits);
  else
    out += "null";
}

void append_reasons(std::string& out, const std::vector<Reason>& reasons) {
  out += ",\"reasons\":[";
  for (const auto& reason : reasons) {
    if (&reason != reasons.data()) out += ',';
    out += "{\"text\":";
    append_json_string(out, reason.text);
    out += ",\"weight\":";
    append_number(out, reason.weight, 2);
    out += '}';
  }
  out += ']';
}

// Roots by the platform's id, or by our key where that is not known.
void append_threads(std::string& out, const Incident& incident) {
  out += ",\"threads\":[";
  if (incident.threads.empty() && !incident.surge) append_json_string(out, incident.thread);
  for (const auto& thread : incident.threads) {
    if (&thread != incident.threads.data()) out += ',';
    append_json_string(out, thread.id.empty() ? fmt::format("{:016x}", thread.key) : thread.id);
  }
  out += ']';
}

void append_evidence(std::string& out, const std::vector<Evidence>& evidence) {
  out += ",\"evidence\":[";
  for (const auto& post : evidence) {
    if (&post != evidence.data()) out += ',';
    fmt::format_to(std::back_inserter(out), R"({{"at":"{}","root":{},"negative":)",
                   format_rfc3339(post.at), post.root);
    append_number(out, post.negative, 2);
    append_field(out, "author", post.author);
    append_field(out, "text", post.text);
    append_field(out, "url", post.url);
    out += '}';
  }
  out += ']';
}

void append_advice(std::string& out, const Advice& advice) {
  if (advice.kind.empty()) return;
  out += ",\"advice\":{\"kind\":";
  append_json_string(out, advice.kind);
  out += ",\"lines\":[";
  for (const auto& line : advice.lines) {
    if (&line != advice.lines.data()) out += ',';
    append_json_string(out, line);
  }
  out += ']';
  append_field(out, "playbook", advice.playbook);
  append_field(out, "playbook_title", advice.playbook_title);
  out += '}';
}

}  // namespace

std::string to_json(const IncidentEvent& event) {
  const Incident& incident = event.incident;
  std::string out =
      fmt::format(R"({{"event":"{}","at":"{}")", to_string(event.kind), format_rfc3339(event.at));
  append_field(out, "incident", incident.id);
  append_field(out, "tier", to_string(incident.tier));
  append_field(out, "state", to_string(incident.state));
  append_field(out, "brand", incident.brand);
  append_field(out, "platform", incident.platform);
  append_threads(out, incident);
  append_field(out, "url", incident.url);
  append_field(out, "title", incident.title);
  out += ",\"risk\":";
  append_number(out, incident.risk, 3);
  fmt::format_to(std::back_inserter(out),
                 R"(,"calibrated":{},"joiners":{},"joiners_window":{},"participants":{})",
                 incident.calibrated, incident.joiners, incident.joiners_window,
                 incident.participants);
  append_reasons(out, incident.reasons);
  append_evidence(out, incident.evidence);
  append_advice(out, incident.advice);
  out += '}';
  return out;
}

}  // namespace brandwacht
