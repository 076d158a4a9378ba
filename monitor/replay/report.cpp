#include "monitor/replay/report.hpp"

#include <fmt/format.h>

#include "monitor/line/contribution_words.hpp"
#include "monitor/replay/svg.hpp"

namespace brandwacht::replay {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--paper:#fcfcfb;--card:#fff;--ink:#1c1d1f;--soft:#5c6066;--rule:#e2e3e5;
--a:#1f5fa8;--b:#b8560f;--good:#1c7a43;--bad:#b3261e;--note:#fff6e3;--note-rule:#e0b252}
@media (prefers-color-scheme:dark){:root{--paper:#15171a;--card:#1d2024;--ink:#e9eaec;--soft:#a0a6ae;
--rule:#34383e;--a:#7ab4f5;--b:#f0a060;--good:#6fd197;--bad:#ff8f85;--note:#2c2616;--note-rule:#8a6d2c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:1.15rem;margin:0;color:var(--soft);font-weight:600}
h2{font-size:1.1rem;margin:2.25rem 0 .5rem}
h3{font-size:.95rem;margin:0 0 .35rem;font-weight:600}
p{margin:.35rem 0;max-width:46rem}
.lede{font-size:1.45rem;line-height:1.3;font-weight:600;margin:.4rem 0 .6rem;max-width:none;text-wrap:balance}
.soft{color:var(--soft);font-size:.88rem}
.note{background:var(--note);border-left:3px solid var(--note-rule);padding:.5rem .75rem;margin:.6rem 0;max-width:none}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1rem 0}
.tile{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.6rem .75rem}
.tile b{display:block;font-size:1.45rem;font-weight:600;line-height:1.2;font-variant-numeric:tabular-nums}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem}
figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.75rem;break-inside:avoid}
figcaption{font-size:.85rem;color:var(--soft);margin-top:.25rem}
svg{display:block;width:100%;height:auto}
svg text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--soft)}
svg .label{fill:var(--ink)}
.grid{stroke:var(--rule)}.base{stroke:var(--soft)}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round}.line.a{stroke:var(--a)}.line.b{stroke:var(--b)}
.line.quiet{stroke:var(--soft);stroke-dasharray:3 4;stroke-width:1.2}
.mark{stroke:var(--soft);stroke-dasharray:5 4}
.dot{stroke:var(--card);stroke-width:1.5}.dot.a,.bar.a{fill:var(--a)}.dot.b,.bar.b{fill:var(--b)}
.key{display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.3em;vertical-align:-.05em}
.key.a{background:var(--a)}.key.b{background:var(--b)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
th{color:var(--soft);font-weight:600;font-size:.85rem}
td.n,th.n{text-align:right;white-space:nowrap}
td.t{min-width:16rem;overflow-wrap:anywhere}
pre{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.75rem;overflow-x:auto;
font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre .add{color:var(--good)}pre .del{color:var(--bad)}
a{color:var(--a)}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#ccc;--a:#1f5fa8;--b:#b8560f;
--good:#1c7a43;--bad:#b3261e;--note:#fff;--note-rule:#888}body{max-width:none;padding:0;font-size:11pt}
.wide{overflow:visible}h2{break-after:avoid}tr{break-inside:avoid}pre{white-space:pre-wrap}}
)";

class Html {
 public:
  explicit Html(const ReportInput& input)
      : input_(input), result_(input.result), language_(input.language) {}

  std::string page() {
    head();
    if (result_.verdict == Verdict::good) {
      tiles();
      plots();
      figures();
      misses();
      worst();
    } else if (result_.verdict == Verdict::too_short) {
      weeks();
    }
    reliability();
    diff();
    out_ += "</main></body></html>\n";
    return std::move(out_);
  }

 private:
  std::string_view in(std::string_view english, std::string_view dutch) const {
    return say(language_, english, dutch);
  }
  void heading(std::string_view english, std::string_view dutch) {
    out_ += fmt::format("<h2>{}</h2>\n", in(english, dutch));
  }

  void head() {
    const TuneSettings& settings = input_.settings;
    const std::string title = fmt::format("Brandwacht: {} {}", in("tuned to", "afgesteld op"),
                                          to_string(settings.budget));
    out_ += fmt::format(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\n<meta "
        "name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\">\n<meta "
        "http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta name=\"referrer\" "
        "content=\"no-referrer\">\n<title>{}</title>\n<style>{}</style></"
        "head>\n<body><main>\n<h1>{}</h1>\n",
        in("en", "nl"), escape_html(title), kStyle, escape_html(title));
    const auto warnings = cautions(language_, settings, result_);
    const std::string lede =
        result_.verdict == Verdict::good
            ? in_one_sentence(language_, settings, result_)
            : std::string{in("No threshold was chosen.", "Er is geen drempel gekozen.")};
    out_ += fmt::format("<p class=\"lede\">{}</p>\n", escape_html(lede));
    out_ += fmt::format(
        "<p class=\"soft\">{} {} – {} UTC. {}</p>\n", in("Recording:", "Opname:"),
        when(settings.blocks.a.from), when(settings.end),
        fmt::format(fmt::runtime(in("Chosen on {} – {}, judged on {} – {}. An incident is {} "
                                    "critics in a thread within {}.",
                                    "Gekozen op {} – {}, beoordeeld op {} – {}. Een incident is {} "
                                    "critici in een gesprek binnen {}.")),
                    when(settings.blocks.c.from), when(settings.blocks.c.to),
                    when(settings.blocks.d.from), when(settings.blocks.d.to),
                    settings.outcome.critics, line::span(language_, settings.outcome.within)));
    for (const std::string& warning : warnings)
      out_ += fmt::format("<p class=\"note\">{}</p>\n", escape_html(warning));
  }

  void tile(std::string_view name, const std::string& value, std::string_view below) {
    out_ += fmt::format(
        "<div class=\"tile\"><span class=\"soft\">{}</span><b>{}</b><span "
        "class=\"soft\">{}</span></div>\n",
        escape_html(name), escape_html(value), escape_html(below));
  }

  void tiles() {
    const Figures& figures = result_.after;
    out_ += "<div class=\"tiles\">\n";
    tile("theta_page", fmt::format("{:.3f}", result_.page.theta),
         fmt::format(fmt::runtime(in("was {:.3f}", "was {:.3f}")),
                     input_.settings.line.decision.theta_page));
    tile(in("pages a week", "oproepen per week"), fmt::format("{:.1f}", figures.per_week()),
         fmt::format(fmt::runtime(in("worst week {}", "drukste week {}")), figures.worst_week));
    tile(in("found in time", "op tijd gevonden"), percent(figures.early_recall()),
         fmt::format(fmt::runtime(in("{} of {} incidents", "{} van {} incidenten")), figures.early,
                     figures.incidents));
    tile(in("right pages", "terechte oproepen"), percent(figures.precision()),
         fmt::format(fmt::runtime(in("{} of {} threads", "{} van {} gesprekken")), figures.right,
                     figures.threads_paged));
    if (figures.lead.count > 0)
      tile(in("median lead", "mediane voorsprong"), lead(language_, figures.lead.middle),
           fmt::format("{} – {}", lead(language_, figures.lead.low),
                       lead(language_, figures.lead.high)));
    out_ += "</div>\n";
  }

  void figure(std::string_view title, const std::string& svg, std::string_view caption) {
    if (svg.empty()) return;
    out_ += fmt::format("<figure><h3>{}</h3>{}<figcaption>{}</figcaption></figure>\n", title, svg,
                        caption);
  }

  void plots() {
    heading("What a threshold costs and brings", "Wat een drempel kost en oplevert");
    out_ += "<div class=\"plots\">\n";
    figure(in("Pages a week", "Oproepen per week"), plot_pages(input_),
           in("Line: the threshold alone. Dot: with hold, repeats and all else that decides.",
              "Lijn: de drempel alleen. Stip: met wachttijd, herhalingen en al het andere dat "
              "beslist."));
    figure(in("Found in time, and right", "Op tijd gevonden, en terecht"), plot_recall(input_),
           in("<span class=\"key a\"></span>incidents paged in time &nbsp; <span class=\"key "
              "b\"></span>pages that became incidents",
              "<span class=\"key a\"></span>incidenten op tijd gevonden &nbsp; <span class=\"key "
              "b\"></span>oproepen die incidenten werden"));
    figure(in("Pages over time", "Oproepen in de tijd"), plot_weeks(input_),
           in("<span class=\"key a\"></span>became an incident &nbsp; <span class=\"key "
              "b\"></span>did not",
              "<span class=\"key a\"></span>werd een incident &nbsp; <span class=\"key "
              "b\"></span>werd dat niet"));
    figure(in("Lead time", "Voorsprong"), plot_leads(input_),
           in("From the page to the critic who made it an incident. The number stands at the left "
              "end of its bar.",
              "Van de oproep tot de criticus die er een incident van maakte. Het getal staat aan "
              "het linkereind van zijn balk."));
    out_ += "</div>\n";
  }

  void figures() {
    heading("In numbers", "In getallen");
    out_ += fmt::format(
        "<div class=\"wide\"><table><tr><th></th><th class=\"n\">{}</th><th "
        "class=\"n\">{}</th></tr>\n",
        in("as it is", "zoals het is"), in("tuned", "afgesteld"));
    for (const FigureRow& row : figure_rows(language_, result_.before, result_.after))
      out_ += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                          escape_html(row.name), escape_html(row.before), escape_html(row.after));
    out_ += "</table></div>\n";
    if (result_.desk.rated + result_.desk.wanted > 0)
      out_ += fmt::format("<p>{}</p>\n", escape_html(desk_sentence(language_, result_.desk)));
  }

  static std::string link(const std::string& url, std::string_view word) {
    if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
    return fmt::format(" <a rel=\"noopener noreferrer\" href=\"{}\">{}</a>", escape_html(url),
                       word);
  }

  void misses() {
    if (result_.misses.empty()) return;
    heading("Nearest misses", "Net gemist");
    out_ += fmt::format(
        "<p class=\"soft\">{}</p><div class=\"wide\"><table><tr><th>{}</th><th "
        "class=\"n\">{}</th><th "
        "class=\"n\">{}</th><th>{}</th></tr>\n",
        in("Incidents without a page in time, the highest risk first.",
           "Incidenten zonder tijdige oproep, het hoogste risico eerst."),
        in("incident at", "incident om"), in("risk before", "risico vooraf"),
        in("critics", "critici"), in("thread", "gesprek"));
    for (const Miss& miss : result_.misses)
      out_ += fmt::format(
          "<tr><td>{}{}</td><td class=\"n\">{:.3f}</td><td class=\"n\">{}</td><td "
          "class=\"t\"><b>{}</b> "
          "{}{}</td></tr>\n",
          when(miss.reached),
          miss.paged ? fmt::format("<br><span class=\"soft\">{} {}</span>", in("paged", "oproep"),
                                   when(*miss.paged).substr(11))
                     : std::string{},
          miss.peak, miss.critics, escape_html(miss.brand), escape_html(miss.text),
          link(miss.url, in("open", "openen")));
    out_ += "</table></div>\n";
  }

  void worst() {
    if (result_.worst.empty()) return;
    heading("Worst pages", "Slechtste oproepen");
    out_ += fmt::format(
        "<p class=\"soft\">{}</p><div class=\"wide\"><table><tr><th>{}</th><th "
        "class=\"n\">{}</th><th "
        "class=\"n\">{}</th><th>{}</th></tr>\n",
        in("Pages about threads that stayed small, the smallest first.",
           "Oproepen voor gesprekken die klein bleven, de kleinste eerst."),
        in("paged at", "oproep om"), in("risk", "risico"),
        in("critics: then, in the end", "critici: toen, uiteindelijk"), in("thread", "gesprek"));
    for (const FalsePage& at : result_.worst)
      out_ += fmt::format(
          "<tr><td>{}</td><td class=\"n\">{:.3f}</td><td class=\"n\">{} → {}</td><td "
          "class=\"t\"><b>{}</b> "
          "{}{}</td></tr>\n",
          when(at.page.at), at.page.risk, at.page.critics, at.critics, escape_html(at.page.brand),
          escape_html(at.page.text), link(at.page.url, in("open", "openen")));
    out_ += "</table></div>\n";
  }

  void weeks() {
    heading("How long to record", "Hoe lang opnemen");
    out_ +=
        fmt::format("<table><tr><th>{}</th><th class=\"n\">{}</th><th class=\"n\">{}</th></tr>\n",
                    in("budget", "budget"), in("weeks in block C", "weken in blok C"),
                    in("weeks in all", "weken in totaal"));
    for (const FigureRow& row : weeks_rows(language_))
      out_ += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                          row.name, row.before, row.after);
    out_ += "</table>\n";
  }

  void reliability() {
    const Calibrated& at = result_.calibrated;
    if (at.rows == 0) return;
    heading("Can its percentages be believed?", "Zijn de percentages te geloven?");
    out_ += fmt::format("<p>{}</p>\n", escape_html(reliability_sentence(language_, at)));
    out_ += "<div class=\"plots\">\n";
    figure(in("Said and happened", "Gezegd en gebeurd"), plot_reliability(input_),
           in("Each dot is a tenth of the rows of block D. On the dashed line what was said is "
              "what happened.",
              "Elke stip is een tiende van de rijen van blok D. Op de stippellijn is gezegd wat er "
              "gebeurde."));
    out_ += fmt::format(
        "<figure><h3>{}</h3><table><tr><th class=\"n\">{}</th><th class=\"n\">{}</th><th "
        "class=\"n\">{}</th></tr>\n",
        in("The same in numbers", "Hetzelfde in getallen"), in("said", "gezegd"),
        in("happened", "gebeurd"), in("rows", "rijen"));
    for (const Decile& tenth : at.tenths)
      out_ += fmt::format(
          "<tr><td class=\"n\">{:.1f} %</td><td class=\"n\">{:.1f} %</td><td "
          "class=\"n\">{}</td></tr>\n",
          tenth.said * 100, tenth.happened * 100, tenth.count);
    out_ += "</table></figure></div>\n";
  }

  void diff() {
    if (input_.diff.empty()) return;
    heading("The change of the configuration", "De wijziging van de configuratie");
    out_ += "<pre>";
    std::string_view rest = input_.diff;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      const std::string line = escape_html(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const bool names = line.starts_with("---") || line.starts_with("+++");
      if (!names && line.starts_with('+'))
        out_ += fmt::format("<span class=\"add\">{}</span>\n", line);
      else if (!names && line.starts_with('-'))
        out_ += fmt::format("<span class=\"del\">{}</span>\n", line);
      else
        out_ += line + "\n";
    }
    out_ += "</pre>\n";
  }

  const ReportInput& input_;
  const TuneResult& result_;
  DeskLanguage language_;
  std::string out_;
};

}  // namespace

std::string report_html(const ReportInput& input) {
  return Html(input).page();
}

}  // namespace brandwacht::replay
