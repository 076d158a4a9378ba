#include "monitor/desk/advice.hpp"

#include <fmt/format.h>

namespace brandwacht::desk {
namespace {

constexpr std::size_t kMostLines = 8;

class Lines {
 public:
  explicit Lines(bool dutch) : dutch_(dutch) {}
  template <class... Args>
  void add(const char* nl, const char* en, const Args&... args) {
    out_.push_back(fmt::format(fmt::runtime(dutch_ ? nl : en), args...));
  }
  bool dutch() const { return dutch_; }
  std::vector<std::string> take() {
    if (out_.size() > kMostLines) out_.resize(kMostLines);
    return std::move(out_);
  }

 private:
  bool dutch_;
  std::vector<std::string> out_;
};

std::string span(bool dutch, Duration duration) {
  std::string text = format_span(duration);
  if (dutch)
    if (const auto hour = text.find(" h"); hour != std::string::npos) text.replace(hour, 2, " u");
  return text;
}

// By the clock on the desk's wall: "17:00", or "za 17:00" on another day.
std::string clock(const Settings& settings, bool dutch, Time at, Time now) {
  constexpr const char* kDays[2][7] = {{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
                                       {"ma", "di", "wo", "do", "vr", "za", "zo"}};
  const LocalTime local = settings.calendar.zone.local(at);
  const auto minute =
      std::chrono::duration_cast<std::chrono::minutes>(local.since_midnight).count() % 60;
  std::string text = fmt::format("{:02}:{:02}", local.hour, minute);
  if (local.day == settings.calendar.zone.local(now).day) return text;
  return fmt::format("{} {}", kDays[dutch ? 1 : 0][local.weekday], text);
}

std::string kind_of(const Settings& settings, const Situation& now) {
  if (now.one && now.one->outcome == Outcome::unfounded_explained) return "explain";
  if ((now.signs & (kSignThreat | kSignHate | kSignAbuse | kSignSpam)) != 0) return "may_remove";
  const bool vague = now.concrete < settings.vague_concrete && now.joiners < settings.vague_joiners;
  if (settings.vague == Vague::watch && vague && now.tier >= Tier::t3 && !now.promise_broken &&
      !now.backfire)
    return "watch";
  const bool lasting = now.one && (now.one->angrier >= 2 || now.one->still_public >= 2);
  if ((now.signs & kSignPrivate) != 0 || (now.one && now.one->exposed) || lasting)
    return "move_to_private";
  if (now.playbook != nullptr &&
      (now.playbook->kind == "explain" || now.playbook->kind == "move_to_private"))
    return now.playbook->kind;
  return "answer";
}

void standing(const Settings& settings, const Situation& now, Lines& lines) {
  if (!now.one) return;
  const Case& one = *now.one;
  const bool nl = lines.dutch();
  if (one.promise == Promise::broken)
    lines.add(
        "Beloofd was een antwoord voor {}; dat is er niet. Antwoord nu inhoudelijk, en zeg sorry "
        "dat het later werd.",
        "An answer was promised by {} and is not there. Answer now, with substance, and "
        "apologise for being late.",
        clock(settings, nl, one.promised_by, now.now));
  if (one.promise == Promise::standing)
    lines.add("Er is een antwoord beloofd voor {}: houd die afspraak.",
              "An answer is promised by {}: keep that promise.",
              clock(settings, nl, one.promised_by, now.now));
  if (one.backfires > 0)
    lines.add(
        "Een verwijderd bericht komt terug. Leg in het openbaar uit waarom het weg is; "
        "verwijder niet nog meer.",
        "A removed post has come back. Say in public why it was removed; do not remove more.");
  else if (now.unexplained)
    lines.add("Er is iets verwijderd zonder uitleg: zeg alsnog onder welke huisregel dat viel.",
              "Something was removed without a word: say now under which house rule.");
  else if (one.reason_until != Time{})
    lines.add("Er is iets verwijderd: zeg voor {} onder welke huisregel dat viel.",
              "Something was removed: say by {} under which house rule.",
              clock(settings, nl, one.reason_until, now.now));
}

void first_answer(const Settings& settings, const Situation& now, Lines& lines) {
  const bool nl = lines.dutch();
  if (now.one && now.one->waits()) {
    lines.add(
        "Reageer nu, er wordt al {} gewacht. Nog geen antwoord? Zeg dan wanneer het komt, met "
        "een tijd.",
        "Reply now, somebody has waited for {}. No answer yet? Then say when it will come, "
        "with a time.",
        span(nl, now.age));
  } else if (!now.one || now.one->last_official == Time{}) {
    lines.add(
        "Reageer snel en in het openbaar: een excuus, dan jullie kant als verhaal, zonder "
        "voorwaarden.",
        "Reply soon and in public: an apology, then your side as a story, without terms and "
        "conditions.");
  }
  if (settings.policy == Policy::public_first) {
    if (now.one && now.one->invited_only)
      lines.add(
          "Er staat alleen een uitnodiging voor een privébericht. Antwoord ook in het openbaar, "
          "zodat meelezers zien dat het wordt opgelost.",
          "Only an invitation to a private talk stands there. Answer in public too, so that "
          "readers see it being solved.");
    else
      lines.add("Erken de klacht in het openbaar; vraag gegevens alleen in een privébericht.",
                "Acknowledge the complaint in public; ask for details in a private message only.");
  } else if (!now.one || now.one->invited_at == Time{}) {
    lines.add(
        "Nodig de schrijver uit voor een privébericht, en zeg in het openbaar dat je contact "
        "opneemt.",
        "Invite the author to a private talk, and say in public that you will get in touch.");
  }
}

void main_lines(const Settings& settings, const Situation& now, const std::string& kind,
                Lines& lines) {
  if (kind == "may_remove") {
    const bool threat = (now.signs & kSignThreat) != 0;
    if (threat)
      lines.add(
          "Een bedreiging: bewaar het bewijs, waarschuw beveiliging of politie, en beantwoord het "
          "niet.",
          "A threat: keep the evidence, warn security or the police, and do not answer it.");
    lines.add("Mag weg volgens de huisregels ({}). Zeg erbij dat het verwijderd is en waarom.",
              "May be removed under the house rules ({}). Say that it was removed, and why.",
              threat                          ? (lines.dutch() ? "bedreiging" : "threat")
              : (now.signs & kSignHate) != 0  ? (lines.dutch() ? "haat" : "hate")
              : (now.signs & kSignAbuse) != 0 ? (lines.dutch() ? "schelden" : "abuse")
                                              : "spam");
    lines.add("Laat kritiek staan: ook een boze klacht is geen reden om te verwijderen.",
              "Leave criticism where it is: an angry complaint is no reason to remove it.");
    return;
  }
  if (kind == "watch") {
    lines.add(
        "Nog niet reageren: er staat niets concreets en niemand sluit zich aan. Bij {} critici "
        "melden we het opnieuw.",
        "Do not react yet: nothing concrete is said and nobody joins in. You hear again at {} "
        "critics.",
        settings.vague_joiners);
    return;
  }
  if (kind == "explain") {
    lines.add(
        "Leg rustig en volledig uit waarom dit niet klopt, en blijf vriendelijk. Publiciteit is "
        "geen "
        "reden om van beleid af te wijken.",
        "Explain calmly and fully why this is not so, and stay friendly. Publicity is no "
        "reason to change policy.");
    lines.add("Niet voor rede vatbaar? Nodig dan uit voor een privégesprek.",
              "Not open to reason? Then invite to a private talk.");
    return;
  }
  if (kind == "move_to_private") {
    lines.add(
        (now.signs & kSignPrivate) != 0 || (now.one && now.one->exposed)
            ? "Er staan persoonlijke gegevens in het openbaar: vraag de schrijver ze weg te halen, "
              "herhaal ze niet, en ga privé verder."
            : "De boosheid houdt aan: ga privé verder, en zeg in het openbaar dat je dat doet.",
        (now.signs & kSignPrivate) != 0 || (now.one && now.one->exposed)
            ? "Private data stands in public: ask the author to take it away, do not repeat "
              "it, and go on in private."
            : "The anger lasts: go on in private, and say in public that you do.");
  }
  first_answer(settings, now, lines);
}

void around(const Settings& settings, const Situation& now, Lines& lines) {
  const bool nl = lines.dutch();
  for (const Elsewhere& reply : now.elsewhere)
    lines.add("Hierover is op {} al geantwoord, om {}: zeg hier hetzelfde.",
              "This was answered on {} already, at {}: say the same here.", reply.platform,
              clock(settings, nl, reply.at, now.now));
  if (now.precedents > 0)
    lines.add(
        "In 30 dagen is {} keer in het openbaar iets vergoed: beloof dat pas als het beleid is. "
        "Vroeg vergoeden jaagt de verspreiding aan.",
        "Compensation was given in public {} time{} in 30 days: promise it only where it is "
        "policy. Compensating early raises virality.",
        now.precedents, now.precedents == 1 ? "" : "s");
  if (now.one && now.one->strategy == Strategy::ignore)
    lines.add("De desk koos eerder voor negeren; het wordt gevolgd.",
              "The desk chose to ignore this before; it is being watched.");
  if (now.paged_at != Time{})
    lines.add("Hierover is om {} al gepaged.", "A page about this went out at {} already.",
              clock(settings, nl, now.paged_at, now.now));
}

}  // namespace

Advice advise(const Settings& settings, const Situation& now) {
  Advice out;
  Lines lines(now.dutch);
  out.kind = kind_of(settings, now);
  if (now.calm) {
    // Never that it is over: it can flare up again.
    lines.add("Het koelt af. Blijf meelezen, en vraag de schrijver of het is opgelost.",
              "It is cooling. Keep reading along, and ask the author whether it is solved.");
    standing(settings, now, lines);
  } else {
    standing(settings, now, lines);
    main_lines(settings, now, out.kind, lines);
    around(settings, now, lines);
  }
  if (now.playbook != nullptr) {
    out.playbook = now.playbook->name;
    out.playbook_title = now.playbook->title;
  }
  out.lines = lines.take();
  return out;
}

}  // namespace brandwacht::desk
