#include "monitor/text/reply_model.hpp"

#include <algorithm>
#include <chrono>

#include "monitor/text/reply_advice.hpp"
#include "monitor/text/train/reply_train.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

ReplyCheck check(std::string_view text) {
  DeskDay desk;
  desk.calendar.zone = *Zone::find("Europe/Amsterdam");
  return check_reply(text, *parse_rfc3339("2026-11-25T09:00:00Z"), desk);
}

// The first replies of the repository's, so that a test learns within a second.
train::ReplyCorpus some_replies() {
  config::Problems problems;
  auto document = config::Document::from_string(
      "replies = 'replies-en.tsv'\nheld_out = ['re2']\nlearn_only = ['re1']", "replies.toml",
      problems);
  auto root = document.root();
  auto corpus = train::read_replies(root, BRANDWACHT_BENCH_DATA);
  REQUIRE_FALSE(problems.fatal());
  REQUIRE(corpus.broken == 0);
  REQUIRE(corpus.examples.size() > 300);
  corpus.examples.resize(300);
  return corpus;
}

}  // namespace

TEST_CASE("A reply that mocks without a phrase of the lists is read as rude, with its words") {
  int found = 0;
  for (const char* text : {"Zet dan eens een wekker, meneer. Wonderbaarlijk apparaat.",
                           "Fijn dat u zoveel verstand van treinen heeft. Kom vooral solliciteren.",
                           "Oh no, a whole ten minutes. However did you survive.",
                           "Perhaps read the sign next time. It has pictures and everything."}) {
    const ReplyCheck reply = check(text);
    found += reply.rude();
    if (!reply.unkind) continue;
    CHECK(std::ranges::any_of(reply.evidence, [&](const Evidence& one) {
      return one.trait == ReplyTrait::unkind && one.begin < one.end &&
             one.end <= std::string_view(text).size();
    }));
    CHECK_FALSE(advise(reply, {}).empty());
  }
  CHECK(found >= 3);
  for (const char* text :
       {"De eerste trein vertrekt om 5.42 uur van spoor 3.",
        "Our shop is open from nine to six today.", "Wat naar, sorry! We zoeken het voor je uit."})
    CHECK_FALSE(check(text).rude());
}

TEST_CASE("In a third language the model says nothing, whatever it would make of the words") {
  for (const char* text :
       {"Nous sommes vraiment désolés pour ce retard, un technicien passera vous voir.",
        "Wir bedauern die Unannehmlichkeiten und melden uns schnellstmöglich bei Ihnen.",
        "Lamentamos mucho lo ocurrido, envíenos un mensaje con su número de pedido."}) {
    INFO(text);
    const ReplyCheck reply = check(text);
    if (reply.language != Language::other) continue;  // the detector's fault, not the model's
    CHECK_FALSE(reply.rude());
    CHECK_FALSE(reply.empathy);
    CHECK_FALSE(reply.legalese);
    CHECK_FALSE(reply.unkind);
  }
}

TEST_CASE(
    "A reply without words says nothing, and a huge one of any bytes is read in bounded time") {
  for (const char* text : {"", "   ", "...", "?!"}) {
    const ReplyCheck reply = check(text);
    CHECK(answers(reply) == 0);
    CHECK(reply.evidence.empty());
  }
  std::string noise, sentences, one_word(200'000, 'a');
  for (unsigned i = 0; i < 100'000; ++i)
    noise += static_cast<char>(i * 2654435761U >> 24);
  for (int i = 0; i < 20'000; ++i)
    sentences += "Ja. ";
  for (const std::string* text : {&noise, &sentences, &one_word})
    for (const Evidence& one : check(*text).evidence)
      CHECK(one.end <= kMaxReply);
}

TEST_CASE("A time that stands in what happened is no deadline") {
  CHECK_FALSE(check("Sorry, de storing is vanochtend om 9.30 uur verholpen.").promise.by);
  CHECK(check("Sorry! We laten u vanmiddag voor 15.30 uur weten hoe het ervoor staat.").promise.by);
}

TEST_CASE("The same replies give the same reply model, byte for byte, small enough to ship") {
  const auto corpus = some_replies();
  const auto train = [&] {
    return train::train_replies(corpus, {.epochs = 2}, 7, kLargestReplyModel,
                                [](const std::string&) {});
  };
  const auto first = train(), second = train();
  CHECK(std::ranges::equal(first.file.bytes(), second.file.bytes()));
  CHECK(first.file.bytes().size() <= kLargestReplyModel);
  CHECK(std::get<Model>(Model::open(first.file.bytes())).header().version == 7);
}

TEST_CASE(
    "A packed reply model answers as the weights it was made of, and held-out replies teach "
    "nothing") {
  const auto corpus = some_replies();
  const auto trained =
      train::train_replies(corpus, {}, 1, kLargestReplyModel, [](const std::string&) {});
  const Model model = std::get<Model>(Model::open(trained.file.bytes()));
  std::vector<std::uint32_t> learnt;
  for (std::uint32_t e = 0; e < corpus.examples.size(); ++e)
    if (!corpus.examples[e].held_out) learnt.push_back(e);
  REQUIRE(learnt.size() < corpus.examples.size());
  train::ReplyFit fit(corpus, {});
  fit.fit(learnt);
  std::size_t differ = 0, right = 0, yes = 0;
  for (const std::uint32_t e : learnt) {
    const auto odds = reply_odds(model, corpus.examples[e].reading.text).odds;
    const auto exact = fit.log_odds(e);
    for (std::size_t k = 0; k < kReplyLabels; ++k) {
      const bool want = (corpus.examples[e].labels >> k & 1) != 0;
      differ += (odds[k] > 0) != (exact[k] > trained.cross.cuts[k]);
      yes += want;
      right += want && odds[k] > 0;
    }
  }
  CHECK(differ * 100 <= learnt.size() * kReplyLabels);
  CHECK(right * 10 >= yes * 9);
  for (std::size_t e = 0; e < corpus.examples.size(); ++e)
    if (corpus.examples[e].held_out) CHECK(trained.cross.unseen[e] == train::ReplyLogOdds{});
}

TEST_CASE("A line of labelled replies with a wrong letter or column is refused") {
  train::ReplyExample example;
  CHECK(train::read_reply_row("x1\ten\tbank\tAH\t-\t-\tSorry, we'll look into it.", example));
  CHECK(example.labels == (1U << 0 | 1U << 8));
  CHECK_FALSE(train::read_reply_row("x1\ten\tbank\tAZ\t-\t-\tSorry.", example));
  CHECK_FALSE(train::read_reply_row("x1\ten\tbank\tA\t-\tSorry.", example));
}

}  // namespace brandwacht::text
