// What people read, and how it is cut.
#include "alerting/form_writer.hpp"
#include "alerting/message.hpp"
#include "alerting/vendor_answer.hpp"
#include "tests/alerting/receivers.hpp"

namespace brandwacht::alerting {
namespace {

using enum IncidentEventKind;

Incident advised() {
  Incident out = invented_incident();
  out.advice.kind = "answer";
  out.advice.lines = {"Antwoord binnen 30 min", "Noem geen naam"};
  out.advice.playbook = "delivery";
  out.advice.playbook_title = "Pakket kwijt";
  return out;
}

Voice dutch() {
  Voice out;
  out.external_url = "https://bw.example/";
  out.language = "nl";
  return out;
}

}  // namespace

TEST_CASE("a message says what to do first, then why, then what people write, then where") {
  CHECK(phone_text(page_about(page, advised()), "https://bw.example", true, "nl") ==
        "T2 Acme: 12 critics in 40 min (verzonnen)\n"
        "\u2192 Antwoord binnen 30 min\n"
        "\u2192 Noem geen naam\n"
        "Draaiboek: Pakket kwijt\n"
        "- 12 mensen sluiten zich aan bij de kritiek\n"
        "- het tempo verdubbelt\n"
        "> j***: Mijn pakket is \"kwijt\" \u2014 al drie weken! (verzonnen)\n"
        "https://social.example/post/1\n"
        "https://bw.example/incidents/bw-1122334455667788-1");
}

TEST_CASE("why this target gets it now stands above everything else") {
  Page what = page_about(page);
  what.note = "step 2: nobody took it";
  CHECK(contains(phone_text(what, ""), "(verzonnen)\nstep 2: nobody took it\n- "));
}

TEST_CASE("an incident cools or is over, and is never all clear") {
  const std::string cools = headline(page_about(cool)), ends = headline(page_about(close));
  CHECK(cools == "cooling: Acme: 12 critics in 40 min (verzonnen)");
  CHECK(ends == "over: Acme: 12 critics in 40 min (verzonnen)");
  CHECK(headline(page_about(cool), "nl") == "koelt af: Acme: 12 critics in 40 min (verzonnen)");
  CHECK(headline(page_about(close), "nl") == "voorbij: Acme: 12 critics in 40 min (verzonnen)");
  for (const char* language : {"en", "nl"})
    for (const auto kind : {cool, close})
      for (const char* never : {"all clear", "veilig", "opgelost", "resolved"})
        CHECK_FALSE(contains(phone_text(page_about(kind), "", true, language), never));
}

TEST_CASE("without reasons a message says the figures in the desk's language") {
  Incident bare = invented_incident();
  bare.reasons.clear();
  CHECK(contains(phone_text(page_about(page, bare), "", true, "nl"),
                 "- 12 critici, 10 in het laatste uur, 17 mensen in totaal"));
  CHECK(
      contains(phone_text(page_about(page, bare), ""), "risk of a pile-on 62 % (not calibrated)"));
}

TEST_CASE("less room takes posts first, then reasons, then advice, then the title's end") {
  const Page what = page_about(page, advised());
  const auto in = [&](std::size_t limit) {
    return to_text(fit(what, dutch(), {limit, Unit::code_points}));
  };
  CHECK(contains(in(1000), "> j***"));
  CHECK_FALSE(contains(in(300), "> j***"));
  CHECK(contains(in(300), "- 12 mensen"));
  CHECK_FALSE(contains(in(210), "- 12 mensen"));
  CHECK(contains(in(210), "Antwoord binnen"));
  CHECK_FALSE(contains(in(150), "Antwoord binnen"));
  CHECK(contains(in(110), "\u2026\n"));
  for (const std::size_t limit : {1000, 300, 210, 150, 110})
    CHECK(contains(in(limit), "https://bw.example/incidents/bw-1122334455667788-1"));
}

TEST_CASE("a link that would take more than half of the room gives way, the other stays") {
  Incident incident = invented_incident();
  incident.url = "https://social.example/" + std::string(900, 'x');
  const Shown shown = fit(page_about(page, incident), dutch(), {1024, Unit::bytes});
  CHECK(shown.thread.empty());
  CHECK_FALSE(shown.incident.empty());
  CHECK(contains(to_text(shown), "- het tempo verdubbelt"));
}

TEST_CASE("property: what is fitted fits, in every unit, and keeps our link") {
  std::mt19937_64 random(42);
  for (int i = 0; i < 2000; ++i) {
    const Page what = page_about(i % 3 == 0 ? close : page, random_incident(random));
    for (const Unit unit : {Unit::code_points, Unit::utf16, Unit::bytes}) {
      const std::size_t limit = 150 + std::size_t(i) % 4000;
      const std::string text = to_text(fit(what, dutch(), {limit, unit}));
      CHECK(length(text, unit) <= limit);
      CHECK(valid_utf8(text) == text);
      CHECK(contains(text, what.incident.id));
    }
  }
}

TEST_CASE("property: a cut keeps whole code points, at most the limit, and marks what it took") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = valid_utf8(random_text(random, 60));
    for (const Unit unit : {Unit::code_points, Unit::utf16, Unit::bytes})
      for (const std::size_t limit : {0, 1, 2, 3, 4, 5, 17, 64}) {
        const std::string got = cut(text, {limit, unit});
        CHECK(length(got, unit) <= limit);
        CHECK(valid_utf8(got) == got);
        if (length(text, unit) <= limit)
          CHECK(got == text);
        else if (!got.empty())
          CHECK(got.ends_with("\u2026"));
      }
  }
}

TEST_CASE("what is above U+FFFF counts two in UTF-16 and four in bytes") {
  CHECK(length("a\u20ac\U0001F525", Unit::code_points) == 3);
  CHECK(length("a\u20ac\U0001F525", Unit::utf16) == 4);
  CHECK(length("a\u20ac\U0001F525", Unit::bytes) == 8);
  CHECK(cut(fire(3), {5, Unit::utf16}) == fire(2) + "\u2026");
  CHECK(cut(fire(3), {4, Unit::utf16}) == fire(1) + "\u2026");
  CHECK(cut(fire(3), {6, Unit::utf16}) == fire(3));
}

TEST_CASE("bytes that are no text become the replacement character, one each") {
  CHECK(valid_utf8("a\xff\xc3(\xed\xa0\x80\xc0\xaf") ==
        "a\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(valid_utf8("\xf4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(valid_utf8("\U0010FFFF\u20ac") == "\U0010FFFF\u20ac");
}

TEST_CASE("a form escapes all but letters, digits and four signs") {
  CHECK(FormWriter().field("a b", "x&y=z\u20ac+~").field("n", 30).text() ==
        "a%20b=x%26y%3Dz%E2%82%AC%2B~&n=30");
}

TEST_CASE("a vendor's answer that is no object says nothing") {
  for (const char* body : {"", "ok", "[1]", "{", "<html>", "{\"a\":1"}) {
    const VendorAnswer answer(body);
    CHECK_FALSE(answer.is_object());
    CHECK(answer.text("/a").empty());
    CHECK_FALSE(answer.integer("/a"));
  }
  const VendorAnswer answer(R"({"a":{"b":3},"c":"x","d":true})");
  CHECK(answer.integer("/a/b") == 3);
  CHECK(answer.number("/a/b") == 3.0);
  CHECK(answer.text("/c") == "x");
  CHECK(answer.flag("/d") == true);
  CHECK_FALSE(answer.integer("/c"));
}

}  // namespace brandwacht::alerting
