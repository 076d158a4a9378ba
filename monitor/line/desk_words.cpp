#include "monitor/line/desk_words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "monitor/line/contribution_words.hpp"

namespace brandwacht::line {
namespace {

using thread::PageReason;
using thread::Why;

// One text in the desk's language.
std::string say(DeskLanguage language, const char* nl, const char* en) {
  return dutch(language) ? nl : en;
}

std::string times(double factor) {
  return factor < 9.5 ? fmt::format("{:.1f}", factor) : fmt::format("{:.0f}", factor);
}

double factor_of(const Group& group) {
  return std::min(1000.0, group.joiners / std::max(group.expected, 1e-3));
}

// Of a rate: "2 per week" is what people wrote, a budget is named by its span only.
std::string span_name(DeskLanguage language, const Rate& rate) {
  if (rate.window <= std::chrono::hours{24}) return say(language, "dag", "day");
  if (rate.window <= std::chrono::hours{168}) return say(language, "week", "week");
  return say(language, "periode", "period");
}

}  // namespace

std::string surge_title(DeskLanguage language, std::string_view brand, const Group& group,
                        Time now) {
  const auto span_text = span(language, now - std::min(group.since, now));
  return dutch(language)
             ? fmt::format("{}: {} critici in {} draden in {}, {} keer zoveel als gewoonlijk",
                           brand, group.joiners, group.size, span_text, times(factor_of(group)))
             : fmt::format("{}: {} critics in {} threads in {}, {} times the usual", brand,
                           group.joiners, group.size, span_text, times(factor_of(group)));
}

std::vector<Reason> surge_reasons(DeskLanguage language, const Group& group, Time now) {
  const auto since = span(language, now - std::min(group.since, now));
  std::vector<Reason> out;
  out.push_back(
      {dutch(language)
           ? fmt::format("{} critici over alle draden van het merk in {}; verwacht waren er {:.1f}",
                         group.joiners, since, group.expected)
           : fmt::format("{} critics over all threads of the brand in {}; {:.1f} were expected",
                         group.joiners, since, group.expected),
       std::log(std::max(1.0, factor_of(group)))});
  if (auto text = threads_words(language, group)) out.push_back({std::move(*text), 0});
  return out;
}

std::optional<std::string> why_words(DeskLanguage language, const thread::Decision& decision) {
  switch (decision.why) {
    case Why::threat:
      return say(language, "er staat waarschijnlijk een bedreiging in",
                 "it probably holds a threat");
    case Why::private_data:
      return say(language, "het merk zelf plaatste persoonlijke gegevens",
                 "the brand itself posted private data");
    case Why::smoulder:
      return say(language, "het smeult: een enkele boze schrijver, of al uren een nieuwe criticus",
                 "it smoulders: a single angry author, or one more critic for hours");
    case Why::several:
      return say(language, "drie draden over hetzelfde zouden elk gepaged hebben",
                 "three threads on one matter would each have paged");
    case Why::morning:
      return say(language, "dit wachtte vannacht op de ochtend, en is nu rustiger",
                 "this waited for the morning and is calmer now");
    case Why::promise:
      return say(language, "het beloofde antwoord is er niet op tijd",
                 "the answer that was promised is not there in time");
    case Why::promise_soon:
      return say(language, "een beloofd antwoord moet er zo zijn",
                 "a promised answer falls due soon");
    case Why::unanswered:
      return say(language, "iemand wacht al lang op antwoord",
                 "somebody has waited long for an answer");
    case Why::removal:
      return say(language, "er is iets verwijderd, en niemand zei waarom",
                 "something was removed, and nobody said why");
    case Why::backfire:
      return say(language,
                 "een verwijderd bericht komt terug: de schrijver of anderen maken bezwaar",
                 "a removal backfires: its author or others object");
    case Why::exposed:
      return say(language, "een klant zette eigen persoonlijke gegevens in het openbaar",
                 "a customer put private data of their own in public");
    case Why::surge:
      if (decision.kind == IncidentEventKind::cool)
        return say(language, "er komen niet meer critici bij dan gewoonlijk",
                   "no more critics come than usual");
      return std::nullopt;
    case Why::forecast:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> budget_words(DeskLanguage language, PageReason reason,
                                        const thread::BudgetSettings& budget) {
  const auto spent = [&](const Rate& rate, const char* nl, const char* en) {
    return fmt::format(fmt::runtime(say(language, nl, en)), span_name(language, rate));
  };
  switch (reason) {
    case PageReason::spent:
      return spent(budget.pages, "het budget aan pages van deze {} is op",
                   "this {}'s budget of pages is spent");
    case PageReason::rules_spent:
      return spent(budget.rule_pages, "het budget aan pages bij regel van deze {} is op",
                   "this {}'s budget of pages by rule is spent");
    case PageReason::author:
      return spent(budget.per_author, "over deze auteur is deze {} al genoeg gepaged",
                   "enough pages this {} about threads of this author");
    case PageReason::night_spent:
    case PageReason::night:
    case PageReason::within:
    case PageReason::tier1:
    case PageReason::tier:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> threads_words(DeskLanguage language, const Group& group) {
  const int worth = group.worth_a_page();
  if (group.size < 2) return std::nullopt;
  return dutch(language) ? fmt::format("{} draden horen hierbij; {} daarvan zouden zelf pagen",
                                       group.size, worth)
                         : fmt::format(
                               "{} threads belong to this; {} of them would page by "
                               "themselves",
                               group.size, worth);
}

std::optional<std::string> coverage_words(DeskLanguage language, const Coverage& coverage) {
  constexpr double kWhole = 0.99;
  if (coverage.silent.empty() && coverage.share >= kWhole) return std::nullopt;
  std::string names;
  for (const auto& name : coverage.silent)
    names += (names.empty() ? "" : ", ") + name;
  const int percent = static_cast<int>(std::floor(100 * coverage.share));
  std::string out = dutch(language)
                        ? fmt::format("gat in de bron: {} % van de laatste 6 u is gezien", percent)
                        : fmt::format("source gap: {} % of the last 6 h was seen", percent);
  if (!names.empty())
    out +=
        dutch(language) ? fmt::format("; {} zwijgt", names) : fmt::format("; {} is silent", names);
  return out;
}

}  // namespace brandwacht::line
