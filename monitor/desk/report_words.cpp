// The report as text and as a page, in Dutch and English. Both say the same lines.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "monitor/desk/report.hpp"

namespace brandwacht::desk {
namespace {

// One line of the report: a label, what it says, and whether it wants a look.
struct Line {
  std::string label, value;
  bool warn = false;
};
struct Part {
  std::string title;
  std::vector<Line> lines;
};

std::string span(bool dutch, Duration duration) {
  std::string text = format_span(duration);
  if (dutch)
    if (const auto hour = text.find(" h"); hour != std::string::npos) text.replace(hour, 2, " u");
  return text;
}

Duration at_share(const std::vector<Duration>& sorted, double share) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::lround(share * last))];
}

int percent(double share) {
  return static_cast<int>(std::lround(100 * share));
}

std::string stamp(const Zone& zone, Time at) {
  const LocalTime local = zone.local(at);
  const std::chrono::year_month_day date{local.day};
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(local.since_midnight);
  return fmt::format("{:02}-{:02} {:02}:{:02}", static_cast<unsigned>(date.day()),
                     static_cast<unsigned>(date.month()), local.hour, minutes.count() % 60);
}

class Teller {
 public:
  Teller(const BrandWeek& week, bool dutch, const Zone& zone)
      : week_(week), dutch_(dutch), zone_(zone) {}

  std::vector<Part> parts() {
    answers();
    promises();
    people();
    removals();
    pages();
    return std::move(parts_);
  }

 private:
  const char* say(const char* nl, const char* en) const { return dutch_ ? nl : en; }
  void part(const char* nl, const char* en) { parts_.push_back({say(nl, en), {}}); }
  void line(const char* nl, const char* en, std::string value, bool warn = false) {
    parts_.back().lines.push_back({say(nl, en), std::move(value), warn});
  }
  template <class... Args>
  std::string words(const char* nl, const char* en, const Args&... args) const {
    return fmt::format(fmt::runtime(say(nl, en)), args...);
  }

  void answers() {
    part("Antwoorden", "Answers");
    line("klachten", "complaints",
         week_.before == 0 ? fmt::format("{}", week_.complaints)
                           : words("{}, waarvan {} begonnen voordat wij meekeken",
                                   "{}, of which {} began unseen", week_.complaints, week_.before));
    if (const auto share = week_.share())
      line("beantwoord", "answered",
           words("{} ({} %); gemiddeld bedrijf {} %", "{} ({} %); the average company {} %",
                 week_.answered, percent(*share), percent(kBenchmarkShare)),
           *share < kBenchmarkShare);
    if (const auto median = week_.median()) {
      line("eerste antwoord, mediaan", "first reply, median",
           words("{}; gemiddeld bedrijf {}", "{}; the average company {}", span(dutch_, *median),
                 span(dutch_, kBenchmarkReply)),
           *median > kBenchmarkReply);
      line("negen van de tien binnen", "nine of ten within",
           span(dutch_, at_share(week_.times, 0.9)));
    }
    if (week_.holding > 0)
      line("alleen uitgesteld", "only put off",
           words("{} van de {}", "{} of {}", week_.holding, week_.answered));
    if (week_.late > 0)
      line("te laat of nog niet", "late or not yet", fmt::format("{}", week_.late), true);
    if (week_.unlisted > 0)
      line("onbekende eigen accounts", "own accounts not listed",
           words("{}: zet ze in de configuratie", "{}: put them into the configuration",
                 week_.unlisted),
           true);
  }

  void promises() {
    if (week_.promised + week_.broken + week_.kept + week_.unclear == 0) return;
    part("Beloften", "Promises");
    line("gedaan", "made", fmt::format("{}", week_.promised));
    line("gehouden", "kept",
         week_.kept_late == 0 ? fmt::format("{}", week_.kept)
                              : words("{}, waarvan {} te laat", "{}, of which {} late", week_.kept,
                                      week_.kept_late));
    line("gebroken", "broken", fmt::format("{}", week_.broken), week_.broken > 0);
    if (week_.extended > 0) line("uitgesteld", "put off", fmt::format("{}", week_.extended));
    if (week_.unclear > 0)
      line("zonder tijd", "without a time", fmt::format("{}", week_.unclear), true);
  }

  void people() {
    const BrandWeek& w = week_;
    if (w.invited + w.asked + static_cast<int>(w.recovered.size()) + w.compensated + w.exposed +
            w.same_reply ==
        0)
      return;
    part("Mensen", "People");
    if (w.invited > 0)
      line("naar privé", "moved to private",
           words("uitgenodigd {}, ging mee {}, ging in het openbaar door {}",
                 "invited {}, went along {}, went on in public {}", w.invited, w.accepted,
                 w.still_public));
    if (w.asked > 0)
      line("gevraagd of het is opgelost", "asked whether it is solved",
           words("{}: tevreden {}, stil {}, nog boos {}",
                 "{}: satisfied {}, silent {}, still angry {}", w.asked, w.satisfied, w.silent,
                 w.still_angry));
    if (!w.recovered.empty())
      line("van boos naar blij", "from angry to glad",
           words("{}, mediaan {} na het eerste antwoord", "{}, median {} after the first reply",
                 w.recovered.size(), span(dutch_, at_share(w.recovered, 0.5))));
    if (w.compensated > 0)
      line("in het openbaar vergoed", "compensated in public",
           words("{}: een precedent", "{}: a precedent", w.compensated));
    if (w.same_reply > 0)
      line("hetzelfde antwoord geplakt", "one reply pasted", fmt::format("{}", w.same_reply), true);
    if (w.exposed > 0)
      line("gegevens in het openbaar", "private data in public", fmt::format("{}", w.exposed),
           true);
  }

  void removals() {
    if (week_.removed == 0) return;
    part("Verwijderd", "Removed");
    line("berichten", "posts", fmt::format("{}", week_.removed));
    line("met reden", "with a reason", fmt::format("{}", week_.explained));
    line("zonder reden", "without a reason", fmt::format("{}", week_.unexplained),
         week_.unexplained > 0);
    line("teruggekomen", "came back",
         words("{} keer, door de schrijver of met bezwaar van anderen",
               "{} times, by the author or as an objection of others", week_.backfired),
         week_.backfired > 0);
  }

  std::string outcome(const ReportedIncident& one) const {
    std::string out;
    const auto add = [&out](std::string_view text) {
      if (!text.empty()) out += (out.empty() ? "" : ", ") + std::string(text);
    };
    const bool nl = dutch_;
    add(one.state == "closed"    ? (nl ? "gesloten" : "closed")
        : one.state == "cooling" ? (nl ? "koelt af" : "cooling")
                                 : (nl ? "loopt" : "open"));
    add(one.strategy == "remove"   ? (nl ? "verwijderd" : "removed")
        : one.strategy == "ignore" ? (nl ? "genegeerd" : "ignored")
        : one.strategy == "answer" ? (nl ? "beantwoord" : "answered")
                                   : "");
    add(one.outcome == "unfounded_explained"
            ? (nl ? "ongegrond, uitgelegd" : "unfounded, explained")
        : one.outcome == "resolved"    ? (nl ? "opgelost" : "resolved")
        : one.outcome == "satisfied"   ? (nl ? "tevreden" : "satisfied")
        : one.outcome == "still_angry" ? (nl ? "nog boos" : "still angry")
        : one.outcome == "silent"      ? (nl ? "stil" : "silent")
                                       : "");
    add(one.feedback == "useful"       ? (nl ? "nuttig" : "useful")
        : one.feedback == "not_useful" ? (nl ? "niet nuttig" : "not useful")
        : one.feedback == "too_late"   ? (nl ? "te laat" : "too late")
                                       : "");
    return out;
  }

  void pages() {
    part("Pages en meldingen", "Pages and notices");
    const int pages = week_.pages();
    line("pages", "pages",
         words("{}: nuttig {}, niet nuttig {}, te laat {}, zonder oordeel {}",
               "{}: useful {}, not useful {}, too late {}, not judged {}", pages, week_.useful,
               week_.not_useful, week_.too_late,
               std::max(0, pages - week_.useful - week_.not_useful - week_.too_late)),
         week_.too_late > 0);
    line("meldingen", "notices",
         fmt::format("{}", week_.incidents.size() - static_cast<std::size_t>(pages)));
    for (const ReportedIncident& one : week_.incidents)
      parts_.back().lines.push_back(
          {fmt::format("{} T{} {}", stamp(zone_, one.at), one.tier, one.id),
           one.title + " (" + outcome(one) + ")", false});
  }

  const BrandWeek& week_;
  bool dutch_;
  const Zone& zone_;
  std::vector<Part> parts_;
};

std::string title(const Report& report, bool dutch) {
  return dutch ? fmt::format("Webcare in week {}", report.week.name())
               : fmt::format("Webcare in week {}", report.week.name());
}

std::string range(const Report& report, bool dutch, const Zone& zone) {
  return fmt::format("{} {} {}, {}", stamp(zone, report.week.from), dutch ? "tot" : "to",
                     stamp(zone, report.week.to), zone.name());
}

const char* source(bool dutch) {
  return dutch ? "Gemiddeld bedrijf: Einwiller & Steilen 2015, klachten op Facebookpagina's van "
                 "grote bedrijven."
               : "The average company: Einwiller & Steilen 2015, complaints on Facebook pages of "
                 "large companies.";
}

const char* nothing(bool dutch) {
  return dutch ? "Er is deze week niets gebeurd, of het logboek is leeg."
               : "Nothing happened this week, or the log is empty.";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string to_text(const Report& report, bool dutch, const Zone& zone) {
  std::string out = title(report, dutch) + "\n" + range(report, dutch, zone) + "\n";
  if (report.brands.empty()) return out + "\n" + nothing(dutch) + "\n";
  for (const BrandWeek& brand : report.brands) {
    out += "\n" + brand.brand + "\n";
    for (const Part& part : Teller(brand, dutch, zone).parts()) {
      out += "  " + part.title + "\n";
      for (const Line& line : part.lines)
        fmt::format_to(std::back_inserter(out), "  {} {}: {}\n", line.warn ? '!' : ' ', line.label,
                       line.value);
    }
  }
  return out + "\n" + source(dutch) + "\n";
}

std::string to_html(const Report& report, bool dutch, const Zone& zone) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n"
      "<style>\nbody{{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem "
      "auto;padding:0 1rem;"
      "color:#222;background:#fff}}\nh1{{margin-bottom:0}}\nh3{{margin:1.2rem 0 .3rem}}\n"
      "dl{{display:grid;grid-template-columns:minmax(10rem,18rem) 1fr;gap:.2rem 1rem;margin:0}}\n"
      "dt{{color:#555}}\ndd{{margin:0}}\n.warn{{color:#a40000;font-weight:600}}\n"
      "footer{{margin-top:2rem;color:#555;font-size:.9rem}}\n</style>\n</head>\n<body>\n<h1>{}</"
      "h1>\n<p>{}</p>\n",
      dutch ? "nl" : "en", escaped(title(report, dutch)), escaped(title(report, dutch)),
      escaped(range(report, dutch, zone)));
  if (report.brands.empty()) out += fmt::format("<p>{}</p>\n", nothing(dutch));
  for (const BrandWeek& brand : report.brands) {
    out += fmt::format("<h2>{}</h2>\n", escaped(brand.brand));
    for (const Part& part : Teller(brand, dutch, zone).parts()) {
      out += fmt::format("<h3>{}</h3>\n<dl>\n", escaped(part.title));
      for (const Line& line : part.lines)
        out += fmt::format("<dt>{}</dt><dd{}>{}</dd>\n", escaped(line.label),
                           line.warn ? " class=\"warn\"" : "", escaped(line.value));
      out += "</dl>\n";
    }
  }
  return out + fmt::format("<footer>{}</footer>\n</body>\n</html>\n", escaped(source(dutch)));
}

}  // namespace brandwacht::desk
