// Builds invented mentions for tests of the line.
#pragma once
#include <string>

#include "monitor/line/line.hpp"

namespace brandwacht::line::scene {

inline constexpr Time kStart{std::chrono::seconds{1'767'260'000}};
inline constexpr const char* kAngry =
    "Schandalig, de app werkt weer niet en niemand reageert. Waardeloos!";
inline constexpr const char* kHappy = "Wat geweldig, dank jullie wel, heel mooi gedaan! 👏";

inline Settings settings() {
  Settings out;
  out.brands.push_back(
      {.name = "Polderbank", .terms = {"polderbank"}, .exclude = {}, .accounts = {"polderbank"}});
  out.brands.push_back(
      {.name = "Lumolo", .terms = {"lumolo"}, .exclude = {}, .accounts = {"lumolo"}});
  return out;
}

inline Mention post(std::string id, std::string author, std::string text, Time at) {
  Mention out;
  out.platform = "bluesky";
  out.id = std::move(id);
  out.author = std::move(author);
  out.author_name = out.author;
  out.text = std::move(text);
  out.created_at = out.received_at = at;
  return out;
}

inline Mention reply(std::string id, std::string to, std::string author, std::string text,
                     Time at) {
  Mention out = post(std::move(id), std::move(author), std::move(text), at);
  out.thread = out.parent = std::move(to);
  return out;
}

// A line that keeps what it says.
struct Watched {
  std::vector<IncidentEvent> events;
  std::vector<Evidence> learnt;
  Line line;

  explicit Watched(Settings with = settings()) : line(std::move(with), hooks()) {}
  void see(const Mention& mention) { line.process(mention.view(), mention.received_at); }
  std::size_t count(IncidentEventKind kind) const {
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [kind](const auto& event) { return event.kind == kind; }));
  }

 private:
  Hooks hooks() {
    Hooks out;
    out.event = [this](const IncidentEvent& event) { events.push_back(event); };
    out.learnt = [this](const Learnt& what) { learnt.push_back(what.post); };
    return out;
  }
};

// A root about Polderbank and `critics` angry replies, one every `apart`.
inline void pile_on(Watched& watched, int critics, Duration apart, Time start = kStart) {
  watched.see(
      post("root", "anouk", "Sinds vanmorgen werkt de app van Polderbank niet, schandalig", start));
  for (int i = 1; i <= critics; ++i)
    watched.see(reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), kAngry,
                      start + i * apart));
}

}  // namespace brandwacht::line::scene
