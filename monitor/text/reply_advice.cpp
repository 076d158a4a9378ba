#include "monitor/text/reply_advice.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace brandwacht::text {
namespace {

using Kind = ReplyHint::Kind;

// One row: when it holds, what is said.
struct Rule {
  Kind kind;
  bool (*holds)(const ReplyCheck&, const ReplyPolicy&);
  std::string_view what_nl, why_nl, what_en, why_en;
};

constexpr auto kRules = std::to_array<Rule>({
    {Kind::fault, [](const ReplyCheck& r, const ReplyPolicy&) { return r.no_comment; },
     "Zeg niet 'geen commentaar'.",
     "Lezers zien er een bekentenis in. Wie niets zegt, laat anderen het verhaal vertellen (Van "
     "Laer en De Ruyter, 2011).",
     "Do not say 'no comment'.",
     "Readers take it for an admission, and others will tell the story (Van Laer and De Ruyter, "
     "2011)."},
    {Kind::fault, [](const ReplyCheck& r, const ReplyPolicy&) { return r.asks_private_data; },
     "Vraag hier niet om persoonlijke gegevens; vraag ze in een privébericht.",
     "Iedereen leest mee, en wat hier staat kan worden misbruikt.",
     "Do not ask for personal data here; ask for them in a private message.",
     "Everybody reads along, and what is posted here can be abused."},
    {Kind::fault, [](const ReplyCheck& r, const ReplyPolicy&) { return r.coarse; },
     "Haal de grove woorden weg.",
     "Een boze klant wordt er niet rustig van, en de lezers kiezen partij voor de klant.",
     "Take out the coarse words.",
     "They calm no angry customer, and readers take the customer's side."},
    {Kind::fault, [](const ReplyCheck& r, const ReplyPolicy&) { return r.sarcasm; },
     "Dit leest als sarcasme. Zeg het gewoon en vriendelijk.",
     "Sarcasme maakt een ontevreden klant bozer en wordt graag gedeeld.",
     "This reads as sarcasm. Say it plainly and kindly.",
     "Sarcasm makes an unhappy customer angrier, and people love to share it."},
    {Kind::fault, [](const ReplyCheck& r, const ReplyPolicy&) { return r.distant; },
     "Dit klinkt alsof het niet uw zaak is. Zeg wat u wel kunt doen.",
     "Een afstandelijk antwoord kalmeert niemand.",
     "This sounds as if it is none of your business. Say what you can do.",
     "A distant answer calms nobody."},
    {Kind::fault,
     [](const ReplyCheck& r, const ReplyPolicy&) {
       return r.unkind && !r.sarcasm && !r.coarse && !r.distant;
     },
     "Dit kan spottend of kortaf overkomen. Lees het eens zoals de klant het leest.",
     "Een onvriendelijk antwoord maakt een klacht groter.",
     "This may come across as mocking or curt. Read it the way the customer will.",
     "An unkind answer makes a complaint bigger."},
    {Kind::fault, [](const ReplyCheck& r, const ReplyPolicy&) { return r.legalese; },
     "Laat voorwaarden, administratie en artikelen weg; vertel wat er gebeurde.",
     "Klanten willen sorry horen, geen opsomming van regels (Van Laer en De Ruyter, 2011).",
     "Leave out terms, records and articles; tell what happened.",
     "Customers want to hear sorry, not a list of rules (Van Laer and De Ruyter, 2011)."},
    {Kind::fault,
     [](const ReplyCheck& r, const ReplyPolicy& p) { return p.public_first && r.only_invites(); },
     "Er staat alleen een uitnodiging voor een privégesprek. Zeg hier ook iets over de klacht.",
     "Wie meeleest moet zien dat de klacht wordt opgelost.",
     "There is only an invitation to talk in private. Say something about the complaint here too.",
     "Those who read along must see that the complaint is dealt with."},
    {Kind::fault, [](const ReplyCheck& r, const ReplyPolicy&) { return r.compensation; },
     "Een vergoeding staat nu in het openbaar.",
     "Wie vroeg in het openbaar vergoedt, maakt verder verspreiden aantrekkelijk en schept een "
     "precedent.",
     "A compensation is now public.",
     "Early compensation in public raises virality, and it sets a precedent."},
    {Kind::ask,
     [](const ReplyCheck& r, const ReplyPolicy&) { return r.promise.vague == Vague::past; },
     "De genoemde tijd is al voorbij. Wanneer komt het antwoord?", "",
     "The time that is named has passed. When will the answer come?", ""},
    {Kind::ask,
     [](const ReplyCheck& r, const ReplyPolicy&) {
       return r.promise.vague != Vague::none && r.promise.vague != Vague::past;
     },
     "Noem een tijd: de genoemde is op meer manieren te lezen. Wanneer precies?",
     "Een toezegging met een tijd is na te komen en te bewaken.",
     "Name a time: the one that is named can be read in several ways. When exactly?",
     "A promise with a time can be kept, and watched."},
    {Kind::ask,
     [](const ReplyCheck& r, const ReplyPolicy&) {
       return r.holding && !r.promise.by && r.promise.vague == Vague::none;
     },
     "Zeg wanneer het antwoord komt.",
     "Dat laat zien dat u de klant serieus neemt; kom de tijd daarna ook na.",
     "Say when the answer will come.",
     "It shows that you take the customer seriously; then keep to the time."},
    {Kind::missing,
     [](const ReplyCheck& r, const ReplyPolicy& p) { return p.to_complaint && !r.apology; },
     "Er staat geen excuus.",
     "Mensen willen sorry horen; het erkent wat zij meemaken (Van Laer en De Ruyter, 2011).",
     "There is no apology.",
     "People want to hear sorry; it accepts what they go through (Van Laer and De Ruyter, 2011)."},
    {Kind::missing,
     [](const ReplyCheck& r, const ReplyPolicy& p) {
       return p.to_complaint && !r.empathy && !r.apology;
     },
     "Laat zien dat u begrijpt hoe dit voor de klant is.", "Emotie die erkend wordt, zakt.",
     "Show that you understand what this is like for the customer.",
     "A feeling that is accepted goes down."},
    {Kind::missing,
     [](const ReplyCheck& r, const ReplyPolicy& p) {
       return p.to_complaint && !r.own_side && !r.holding && !r.only_invites();
     },
     "Vertel uw kant: wat ging er mis, en wat doen uw mensen eraan?",
     "Een excuus met een verhaal overtuigt meer dan een excuus alleen (Van Laer en De Ruyter, "
     "2011).",
     "Tell your side: what went wrong, and what do your people do about it?",
     "An apology with a story convinces more than one alone (Van Laer and De Ruyter, 2011)."},
    {Kind::missing,
     [](const ReplyCheck& r, const ReplyPolicy&) { return r.signed_by.empty() && r.words > 0; },
     "Zet er een naam onder.",
     "Klanten geloven een medewerker eerder dan een woordvoerder (Van Laer en De Ruyter, 2011).",
     "Sign it with a name.",
     "Customers believe an employee sooner than a spokesperson (Van Laer and De Ruyter, 2011)."},
    {Kind::good, [](const ReplyCheck& r, const ReplyPolicy&) { return r.apology; }, "Zegt sorry.",
     "", "Says sorry.", ""},
    {Kind::good, [](const ReplyCheck& r, const ReplyPolicy&) { return r.empathy; }, "Toont begrip.",
     "", "Shows understanding.", ""},
    {Kind::good, [](const ReplyCheck& r, const ReplyPolicy&) { return r.own_side; },
     "Vertelt wat er speelt.", "", "Tells what is going on.", ""},
    {Kind::good, [](const ReplyCheck& r, const ReplyPolicy&) { return r.admits; },
     "Geeft een eigen fout toe: dat houdt u geloofwaardig.", "",
     "Admits a mistake: that keeps you credible.", ""},
    {Kind::good, [](const ReplyCheck& r, const ReplyPolicy&) { return r.follow_up; },
     "Vraagt of het is opgelost.", "", "Asks whether it is solved.", ""},
});

}  // namespace

std::vector<ReplyHint> advise(const ReplyCheck& reply, const ReplyPolicy& policy) {
  std::vector<ReplyHint> out;
  if (reply.words == 0) return out;
  if (reply.language == Language::other)
    out.push_back({Kind::ask,
                   policy.dutch
                       ? "Dit lijkt geen Nederlands of Engels: de rest is onzeker."
                       : "This looks like neither Dutch nor English: the rest is uncertain.",
                   ""});
  for (const Rule& rule : kRules)
    if (rule.holds(reply, policy))
      out.push_back({rule.kind, std::string(policy.dutch ? rule.what_nl : rule.what_en),
                     std::string(policy.dutch ? rule.why_nl : rule.why_en)});
  return out;
}

}  // namespace brandwacht::text
