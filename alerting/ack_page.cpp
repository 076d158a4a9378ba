#include "alerting/ack_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/json.hpp"
#include "alerting/policy_words.hpp"
#include "alerting/signature.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--page:#f3f4f6;--card:#fff;--ink:#16181d;--soft:#5b6270;--line:#e1e4ea;--go:#0b6e4f;--t:#2563a8}
@media(prefers-color-scheme:dark){:root{--page:#0f1115;--card:#191c22;--ink:#eceef2;--soft:#a2a9b6;--line:#2b2f38;--go:#17936b;--t:#5b9bdf}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:17px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:32rem;margin:0 auto;padding:1rem 1rem 3rem}
header{display:flex;justify-content:space-between;align-items:center;color:var(--soft);font-size:.9rem;padding:.25rem .25rem .75rem}
section{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:1.25rem;border-top:6px solid var(--t)}
.t1{--t:#c8202f}.t2{--t:#d9730d}
b.tier{color:#fff;background:var(--t);border-radius:6px;padding:.1rem .5rem;font-size:.85rem;letter-spacing:.03em}
h1{font-size:1.35rem;line-height:1.3;margin:.75rem 0 .5rem;overflow-wrap:anywhere}
p{margin:.5rem 0}ul{margin:.75rem 0;padding-left:1.2rem}li{margin:.3rem 0;overflow-wrap:anywhere}
.soft{color:var(--soft);font-size:.95rem}
.sign{font-size:2.5rem;line-height:1;margin:0 0 .5rem}
form{margin-top:1.25rem}
label{display:block;font-size:.95rem;color:var(--soft);margin-bottom:.35rem}
input{width:100%;font:inherit;padding:.75rem;border:1px solid var(--line);border-radius:10px;background:var(--page);color:var(--ink);margin-bottom:1rem}
button{width:100%;min-height:3.5rem;font:inherit;font-weight:600;font-size:1.15rem;color:#fff;background:var(--go);border:0;border-radius:12px;cursor:pointer}
button:focus-visible,input:focus-visible{outline:3px solid var(--t);outline-offset:2px}
)css";

struct Words {
  std::string_view gone, gone_more, expired, expired_more, forged, forged_more, broken, broken_more;
  std::string_view name, done_more, close_tab, since, critics, last_hour;
};
constexpr Words kDutch{
    "Deze melding staat niet meer open",
    "Hij is intussen gesloten, of hij heeft hier nooit gestaan. Er hoeft niets te gebeuren.",
    "Deze link is verlopen",
    "Gebruik de link uit het nieuwste bericht. Staat de melding nog open, dan komt er een nieuw.",
    "Deze link klopt niet",
    "Hij is niet door Brandwacht gemaakt, of onderweg afgebroken. Kopieer hem in zijn geheel uit "
    "het bericht.",
    "Dat lukte niet",
    "Brandwacht kon dit niet vastleggen. Er wordt verder opgeroepen; probeer het zo nog eens.",
    "Je naam, voor je collega's (mag leeg blijven)",
    "Niemand anders wordt hiervoor opgeroepen, tenzij het erger wordt of te lang duurt.",
    "Je kunt dit venster sluiten.",
    "sinds",
    "critici",
    "in het laatste uur"};
constexpr Words kEnglish{
    "This incident is no longer open",
    "It has been closed since, or was never here. There is nothing to do.",
    "This link has expired",
    "Use the link in the newest message. If the incident is still open, there will be a new one.",
    "This link is not right",
    "Brandwacht did not make it, or it was cut on its way. Copy all of it from the message.",
    "That did not work",
    "Brandwacht could not store it. Paging goes on; try again in a moment.",
    "Your name, for your colleagues (may stay empty)",
    "Nobody else is paged for this, unless it gets worse or takes too long.",
    "You can close this window.",
    "since",
    "critics",
    "in the last hour"};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : one_line(text, 300)) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
  return out;
}

std::string already_words(const AckPage& page, bool dutch, const Zone& zone) {
  return dutch ? fmt::format("Al gedaan door {} om {}", page.who, clock_of(zone, page.at))
               : fmt::format("Already done by {} at {}", page.who, clock_of(zone, page.at));
}

// What the page says in one line.
std::string sentence(const AckPage& page, bool dutch, const Zone& zone) {
  const Words& words = dutch ? kDutch : kEnglish;
  switch (page.state) {
    case AckPage::State::ask:
      return page.incident ? page.incident->title : std::string{};
    case AckPage::State::done:
    case AckPage::State::nothing:
      return page.text;
    case AckPage::State::already:
      return already_words(page, dutch, zone);
    case AckPage::State::gone:
      return std::string(words.gone);
    case AckPage::State::expired:
      return std::string(words.expired);
    case AckPage::State::broken:
      return std::string(words.broken);
    case AckPage::State::forged:
      break;
  }
  return std::string(words.forged);
}

std::string_view more(const AckPage& page, const Words& words) {
  switch (page.state) {
    case AckPage::State::done:
      return page.kind == Command::Kind::acknowledge ? words.done_more : words.close_tab;
    case AckPage::State::gone:
      return words.gone_more;
    case AckPage::State::expired:
      return words.expired_more;
    case AckPage::State::forged:
      return words.forged_more;
    case AckPage::State::broken:
      return words.broken_more;
    default:
      return words.close_tab;
  }
}

std::string about(const Incident& incident, const Words& words, const Zone& zone, Time now) {
  std::string out =
      fmt::format("<p><b class=tier>{}</b> <span class=soft>{} · {}</span></p>\n<h1>{}</h1>\n",
                  to_string(incident.tier), escaped(incident.brand), escaped(incident.platform),
                  escaped(incident.title));
  if (incident.opened_at > Time{})
    out += fmt::format("<p class=soft>{} {} ({})", words.since, clock_of(zone, incident.opened_at),
                       format_span(std::max(Duration{0}, now - incident.opened_at)));
  if (incident.opened_at > Time{} && incident.joiners > 0)
    out += fmt::format(" · {} {}, {} {}", incident.joiners, words.critics, incident.joiners_window,
                       words.last_hour);
  if (incident.opened_at > Time{}) out += "</p>\n";
  if (incident.reasons.empty()) return out;
  out += "<ul>";
  const std::size_t shown = std::min<std::size_t>(incident.reasons.size(), 4);
  for (std::size_t i = 0; i < shown; ++i)
    out += "<li>" + escaped(incident.reasons[i].text) + "</li>";
  return out + "</ul>\n";
}

std::string held_words(const AckPage& page, bool dutch, const Zone& zone) {
  const std::string until = clock_of(zone, page.held->until);
  return "<p><b>" +
         escaped(dutch ? fmt::format("{} heeft dit al, tot {}.", page.held->who, until)
                       : fmt::format("{} has it already, until {}.", page.held->who, until)) +
         "</b></p>\n";
}

std::string form(const AckPage& page, const Words& words, Language language) {
  return fmt::format(
      "<form method=post>\n<label for=name>{}</label>\n"
      "<input id=name name=name maxlength=60 autocomplete=name value=\"\">\n"
      "<button type=submit>{}</button>\n</form>\n",
      words.name, button_words(language, page.kind));
}

}  // namespace

std::string ack_page(const AckPage& page, Language language, const Zone& zone) {
  const bool dutch = language == "nl";
  const Words& words = dutch ? kDutch : kEnglish;
  const bool t1 = page.incident && page.incident->tier == Tier::t1;
  const bool t2 = page.incident && page.incident->tier == Tier::t2;
  const bool asks = page.state == AckPage::State::ask;
  std::string inner;
  if (!asks) {
    const bool good = page.state == AckPage::State::done || page.state == AckPage::State::already ||
                      page.state == AckPage::State::nothing;
    inner = fmt::format("<p class=sign>{}</p>\n<h1>{}</h1>\n<p>{}</p>\n", good ? "✓" : "!",
                        escaped(sentence(page, dutch, zone)), more(page, words));
  }
  if (page.incident && (asks || page.state == AckPage::State::already))
    inner += about(*page.incident, words, zone, page.now);
  if (asks && page.held) inner += held_words(page, dutch, zone);
  if (asks) inner += form(page, words, language);
  return fmt::format(
      "<!doctype html>\n<html lang={0}>\n<head>\n<meta charset=utf-8>\n"
      "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
      "<meta name=robots content=noindex>\n<title>Brandwacht</title>\n<style>{1}</style>\n</head>\n"
      "<body>\n<main>\n<header><b>Brandwacht</b><span>{2}</span></header>\n"
      "<section class=\"{3}\">\n{4}</section>\n</main>\n</body>\n</html>\n",
      dutch ? "nl" : "en", kStyle, clock_of(zone, page.now),
      t1   ? "t1"
      : t2 ? "t2"
           : "",
      inner);
}

std::string ack_text(const AckPage& page, Language language, const Zone& zone) {
  return one_line(sentence(page, language == "nl", zone), 300) + "\n";
}

int ack_status(AckPage::State state) noexcept {
  switch (state) {
    case AckPage::State::gone:
      return 404;
    case AckPage::State::expired:
      return 410;
    case AckPage::State::forged:
      return 403;
    case AckPage::State::broken:
      return 503;
    default:
      return 200;
  }
}

const HttpHeaders& ack_headers() {
  static const HttpHeaders headers = {
      {"Cache-Control", "no-store"},
      {"Content-Security-Policy",
       fmt::format(
           "default-src 'none'; style-src 'sha256-{}'; form-action 'self'; base-uri 'none'; "
           "frame-ancestors 'none'",
           to_base64(sha256(kStyle)))},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"X-Robots-Tag", "noindex, nofollow"},
  };
  return headers;
}

}  // namespace brandwacht::alerting
