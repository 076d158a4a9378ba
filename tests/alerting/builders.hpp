// Invented incidents, and a folder that goes away.
#pragma once
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "alerting/outbox.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::alerting {

inline constexpr Time kNoon{std::chrono::seconds{1'767'268'800}};  // 2026-01-01T12:00:00Z

inline Incident invented_incident(std::uint64_t thread_key = 0x1122334455667788,
                                  Tier tier = Tier::t2, int joiners = 12) {
  Incident out;
  out.id = incident_id(thread_key, 1);
  out.thread_key = thread_key;
  out.brand = "acme";
  out.platform = "bluesky";
  out.thread = "at://did:plc:invented/app.bsky.feed.post/1";
  out.url = "https://social.example/post/1";
  out.tier = tier;
  out.first_at = kNoon - std::chrono::minutes{40};
  out.opened_at = kNoon;
  out.updated_at = kNoon;
  out.risk = 0.625;
  out.joiners = joiners;
  out.joiners_window = joiners - 2;
  out.participants = joiners + 5;
  out.title = "Acme: 12 critics in 40 min (verzonnen)";
  out.reasons = {{"12 mensen sluiten zich aan bij de kritiek", 1.5},
                 {"het tempo verdubbelt", 0.25}};
  Evidence post;
  post.mention = 0xFEDCBA9876543210;
  post.author_key = 7;
  post.author = "j***";
  post.text = "Mijn pakket is \"kwijt\" \u2014 al drie weken! (verzonnen)";
  post.url = "https://social.example/post/1";
  post.at = kNoon - std::chrono::minutes{40};
  post.negative = 0.875;
  post.root = true;
  out.evidence = {post};
  return out;
}

inline IncidentEvent invented_event(IncidentEventKind kind, Incident incident = invented_incident(),
                                    Time at = kNoon) {
  incident.state = kind == IncidentEventKind::close  ? IncidentState::closed
                   : kind == IncidentEventKind::cool ? IncidentState::cooling
                                                     : IncidentState::paged;
  incident.updated_at = at;
  return {kind, at, std::move(incident)};
}

inline std::shared_ptr<const Page> invented_page(IncidentEventKind kind, const std::string& target,
                                                 Incident incident = invented_incident(),
                                                 Time at = kNoon) {
  const IncidentEvent event = invented_event(kind, std::move(incident), at);
  auto page = std::make_shared<Page>();
  page->dedup_key = event.incident.id;
  page->action = kind == IncidentEventKind::close ? Action::resolve : Action::trigger;
  page->event = kind;
  page->delivery_id = delivery_id(event, target);
  page->at = at;
  page->incident = event.incident;
  return page;
}

inline OutboxRow invented_row(IncidentEventKind kind, const std::string& target,
                              Incident incident = invented_incident(), Time at = kNoon) {
  OutboxRow out;
  out.target = target;
  out.page = invented_page(kind, target, std::move(incident), at);
  out.created = out.next_due = at;
  return out;
}

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "brandwacht-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace brandwacht::alerting
