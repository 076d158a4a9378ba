// Builds invented mentions for tests of the line.
#pragma once
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "monitor/line/line.hpp"

namespace brandwacht::line::scene {

inline constexpr Time kStart{std::chrono::seconds{1'767'260'000}};
inline constexpr const char* kAngry =
    "Schandalig, de app werkt weer niet en niemand reageert. Waardeloos!";
// Angry in words of one's own: twelve ways, so that no two of a page's last eight are copies.
inline std::string angry(int i) {
  static constexpr const char* kWays[] = {
      "Schandalig, de app werkt weer niet en niemand reageert. Waardeloos!",
      "Ik wacht al uren op mijn geld, wat een waardeloze service is dit",
      "Belachelijk dat ik nergens kan betalen, dit is echt niet normaal meer",
      "Alweer een storing, ik ben hier zo klaar mee en stap over",
      "Niemand neemt de telefoon op, wat een slechte klantenservice zeg",
      "Sta voor schut aan de kassa door jullie, schaam je kapot",
      "Dit is de derde keer deze maand, onacceptabel en heel irritant",
      "Waarom krijg ik geen antwoord? Slecht, heel slecht geregeld hoor",
      "Mijn rekening is leeg en jullie doen niets, ongelooflijk slecht",
      "Wat een puinhoop weer, al mijn betalingen mislukken vandaag, woedend",
      "Nooit meer, jullie beloven alles en lossen helemaal niets op",
      "Boos en teleurgesteld, zo ga je niet met klanten om, waardeloos"};
  return kWays[i % 12];
}
inline constexpr const char* kHappy = "Wat geweldig, dank jullie wel, heel mooi gedaan! 👏";

inline Settings settings() {
  Settings out;
  out.brands.push_back(
      {.name = "Polderbank", .terms = {"polderbank"}, .exclude = {}, .accounts = {"polderbank"}});
  out.brands.push_back(
      {.name = "Lumolo", .terms = {"lumolo"}, .exclude = {}, .accounts = {"lumolo"}});
  return out;
}

// A model that says the same of every thread: tests of what follows from a risk set the risk.
inline std::shared_ptr<const thread::Model> says(double page, double major = 0.2,
                                                 double notice = 0.01) {
  auto model = std::make_shared<thread::Model>(thread::default_model());
  const double risks[] = {notice, page, major};
  for (std::size_t i = 0; i < thread::kHorizons; ++i) {
    model->calibration[i] = {};
    model->calibration[i].intercept = std::log(risks[i] / (1 - risks[i]));
  }
  return model;
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
    watched.see(reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i),
                      start + i * apart));
}

}  // namespace brandwacht::line::scene
