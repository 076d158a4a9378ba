// What the tests of receivers share: invented incidents at their worst, and one attempt.
#pragma once
#include <simdjson.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <random>
#include <set>
#include <string>

#include "alerting/cut.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {

inline Outcome attempt(Notifier& notifier, const Page& what, Time now = kNoon) {
  boost::asio::io_context io;
  auto out = boost::asio::co_spawn(io, notifier.notify(what, now), boost::asio::use_future);
  io.run();
  return out.get();
}

inline std::vector<NotifierSpec> read_specs(std::string_view toml, config::Problems& problems) {
  auto document = config::Document::from_string(toml, "test.toml", problems);
  auto root = document.root();
  return read_receivers(root);
}

inline std::string problems_in(std::string_view toml) {
  config::Problems problems;
  read_specs(toml, problems);
  std::string out;
  for (const auto& problem : problems.sorted())
    out += to_string(problem) + "\n";
  return out;
}

// Links and buttons as the daemon lends them.
inline NotifierContext lend(HttpClient& http, std::string language = "en", bool listens = true) {
  NotifierContext out{http, "https://bw.example"};
  out.language = std::move(language);
  out.ack_link = [](std::string_view incident, std::string_view receiver) {
    return "https://bw.example/a/" + std::string(receiver) + "-" + std::string(incident);
  };
  out.ack_callback = [](std::string_view incident, std::string_view receiver) {
    return "https://bw.example/c/" + std::string(receiver) + "-" + std::string(incident);
  };
  if (listens)
    out.ack_button = [](std::string_view incident, std::string_view) {
      return "a1." + std::string(incident.substr(0, 60));
    };
  return out;
}

// A long text of four-byte letters: 1 code point, 2 units of UTF-16, 4 bytes.
inline std::string fire(std::size_t code_points) {
  std::string out;
  for (std::size_t i = 0; i < code_points; ++i)
    out += "\U0001F525";
  return out;
}

inline Incident oversize_incident() {
  Incident out = invented_incident();
  out.title = fire(5000);
  out.brand = fire(300);
  out.reasons.assign(200, {fire(2000), 1});
  out.advice.kind = "answer";
  out.advice.lines.assign(20, fire(2000));
  out.advice.playbook_title = fire(500);
  Evidence post = out.evidence.at(0);
  post.author = fire(300);
  post.text = fire(20'000);
  out.evidence.assign(500, post);
  return out;
}

// Words that every kind of markup might trip over, and bytes that are no text at all.
inline std::string random_text(std::mt19937_64& random, std::size_t most) {
  static const std::vector<std::string> kPieces{
      "a",  "Z ",      "&",      "<",          ">",       "\"", "\\",          "\n",
      "\t", "\x01",    "<b>",    "</b>",       "&amp;",   "|",  "*_~`",        "[x](y)",
      "%",  "\u00e9",  "\u20ac", "\U0001F525", "e\u0301", "=",  "{}",          "<!channel>",
      "@",  "\u202e!", "\u4e2d", "\xff",       "\xc3",    "+",  "\xed\xa0\x80"};
  std::uniform_int_distribution<std::size_t> length(0, most), pick(0, kPieces.size() - 1);
  std::string out;
  for (std::size_t left = length(random); left > 0; --left)
    out += kPieces[pick(random)];
  return out;
}

inline Incident random_incident(std::mt19937_64& random) {
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit)(random);
  };
  Incident out = invented_incident();
  out.title = random_text(random, 500);
  out.brand = random_text(random, 30);
  out.tier = static_cast<Tier>(1 + below(3));
  if (below(3) == 0) out.url = "https://social.example/" + std::string(below(2500), 'x');
  if (below(5) == 0) out.url = "at://no/web/url";
  out.reasons.clear();
  for (std::size_t i = below(20); i > 0; --i)
    out.reasons.push_back({random_text(random, 200), 1});
  if (below(1) == 0) out.advice.kind = "answer";
  for (std::size_t i = below(6); i > 0; --i)
    out.advice.lines.push_back(random_text(random, 200));
  out.advice.playbook_title = random_text(random, 40);
  Evidence post = out.evidence.at(0);
  out.evidence.clear();
  for (std::size_t i = below(10); i > 0; --i) {
    post.author = random_text(random, 40);
    post.text = random_text(random, 600);
    out.evidence.push_back(post);
  }
  return out;
}

inline Page page_about(IncidentEventKind kind, Incident incident = invented_incident()) {
  return *invented_page(kind, "phone", std::move(incident));
}

inline simdjson::dom::element parsed(simdjson::dom::parser& parser, const std::string& body) {
  simdjson::dom::element out;
  REQUIRE_FALSE(parser.parse(body).get(out));
  return out;
}

inline std::string text_of(simdjson::dom::element element) {
  return std::string(std::string_view(element));
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// %-escapes undone; empty pieces left out.
inline std::map<std::string, std::string> form_of(std::string_view body) {
  const auto decode = [](std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%' && i + 2 < text.size()) {
        out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
      } else {
        out += text[i] == '+' ? ' ' : text[i];
      }
    }
    return out;
  };
  std::map<std::string, std::string> out;
  for (std::size_t at = 0; at < body.size();) {
    const auto end = std::min(body.size(), body.find('&', at));
    const auto field = body.substr(at, end - at);
    const auto equals = std::min(field.size(), field.find('='));
    out[decode(field.substr(0, equals))] = decode(field.substr(std::min(field.size(), equals + 1)));
    at = end + 1;
  }
  return out;
}

}  // namespace brandwacht::alerting
