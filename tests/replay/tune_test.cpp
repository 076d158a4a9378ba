#include "monitor/replay/tune.hpp"

#include <cmath>

#include "monitor/replay/feedback.hpp"
#include "monitor/replay/tune_words.hpp"
#include "tests/replay/tune_stream.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::replay {
namespace {
using namespace std::chrono_literals;

TEST_CASE("a block may show as many pages as the table of the model says, in all fifteen cells") {
  constexpr double kWeeks[] = {4, 8, 13, 26, 52};
  constexpr struct {
    double per_week;
    int most[5];
  } kTable[] = {{1, {1, 4, 8, 19, 42}}, {2, {4, 10, 19, 42, 90}}, {4, {10, 24, 42, 90, 189}}};
  for (const auto& row : kTable)
    for (std::size_t i = 0; i < 5; ++i) {
      INFO(row.per_week << " a week over " << kWeeks[i] << " weeks");
      CHECK(most_pages(row.per_week, kWeeks[i]) == row.most[i]);
    }
}

TEST_CASE("a block that is too short may show no page, or promises nothing at all") {
  CHECK(most_pages(1, 3) == 0);
  CHECK(most_pages(1, 2) == -1);
  CHECK(most_pages(2, weeks_needed(2) + 0.01) == 1);
  CHECK(most_pages(2, weeks_needed(2) - 0.01) == 0);
  // Where the sum ends and the normal begins, nothing jumps.
  CHECK(std::abs(most_pages(1, 500.5) - most_pages(1, 499.5)) <= 3);
}

TEST_CASE("the lowest threshold within the budget is found from any guess, and was tried") {
  for (const double guess : {0.0, 0.01, 0.2, 0.437, 0.5, 0.99, 1.0}) {
    int calls = 0;
    const auto choice = lowest_within(guess, 7, [&](double theta) {
      ++calls;
      return theta >= 0.4365 ? 7 : 8;
    });
    INFO(guess);
    CHECK(choice.within);
    CHECK(choice.theta == Approx(0.437));
    CHECK(choice.pages == 7);
    CHECK(calls == static_cast<int>(choice.tried.size()));
    CHECK(calls <= 24);
  }
  CHECK(lowest_within(0.5, 7, [](double) { return 0; }).theta == Approx(0.01));
  const auto never = lowest_within(0.5, 7, [](double) { return 8; });
  CHECK_FALSE(never.within);
  CHECK(never.theta == Approx(0.99));
}

TEST_CASE("blocks are cut by time, touch, and leave out what a model has seen") {
  const Time from{}, to = from + 1000h;
  const Blocks blocks = split(from, to);
  CHECK(blocks.a.to == from + 350h);
  CHECK(blocks.b.to == from + 500h);
  CHECK(blocks.c.to == from + 750h);
  CHECK(blocks.d.to == to);
  const Blocks rest = split_after(from + 600h, from, to);
  CHECK(rest.c.from == from + 600h);
  CHECK(rest.c.to == from + 800h);
  CHECK(rest.d.to == to);
  CHECK(split_after(to + 5h, from, to).c.weeks() == 0);
}

// A thread with a critic every minute and a risk that rises by `step` with each.
void grow(History& history, std::uint64_t key, Time from, int critics, double step) {
  for (int i = 1; i <= critics; ++i) {
    thread::Belief belief;
    belief.joiners = i;
    belief.share_low = 1;
    belief.risk = std::min(0.98, i * step);
    history.critic(key, belief, from + i * 1min);
  }
}

Page page_at(std::uint64_t thread, Time at, bool again = false) {
  Page page;
  page.thread = thread;
  page.at = at;
  page.again = again;
  page.incident = incident_id(thread, 1);
  return page;
}

TEST_CASE("a page about several threads is a page for each, and right if they are one together") {
  const thread::DecisionSettings gate;
  History history(gate);
  const Time from = test::kStreamStart;
  for (std::uint64_t key = 1; key <= 4; ++key)
    grow(history, key, from, 10, 0.02);  // of one matter: none of them an incident alone
  grow(history, 5, from, 40, 0.02);
  grow(history, 6, from + 24h, 10, 0.02);
  history.close();
  const Calendar calendar;
  const Judge judge(history, {}, from + 1000h, calendar);
  Page matter = page_at(1, from + 8min), surge = page_at(900, from + 9min),
       wrong = page_at(901, from + 24h + 9min);
  matter.threads = {1, 2, 3, 4};
  surge.threads = {2, 5};
  wrong.threads = {6};
  const Figures figures = judge.figures({matter, surge, wrong}, {from, from + 900h});
  CHECK(figures.threads_paged == 3);
  CHECK(figures.right == 2);
  CHECK(figures.incidents == 1);
  CHECK(figures.early == 1);  // thread 5, by the surge
  CHECK_FALSE(judge.right(901, {wrong}));
}

TEST_CASE("figures are counted as the model says: early, late, missed, wrong, repeated") {
  const thread::DecisionSettings gate;
  History history(gate);
  const Time from = test::kStreamStart;
  grow(history, 1, from, 40, 0.02);          // found in time
  grow(history, 2, from + 24h, 40, 0.02);    // found too late
  grow(history, 3, from + 48h, 40, 0.01);    // missed
  grow(history, 4, from + 72h, 8, 0.02);     // wrong
  grow(history, 5, from + 1000h, 40, 0.02);  // too young to be judged
  history.close();
  const Calendar calendar;
  const Judge judge(history, {}, from + 1001h, calendar);
  const std::vector<Page> pages{page_at(1, from + 10min), page_at(1, from + 35min, true),
                                page_at(2, from + 24h + 36min), page_at(4, from + 72h + 6min),
                                page_at(5, from + 1000h + 9min)};
  const Figures figures = judge.figures(pages, {from, from + 2000h});
  CHECK(figures.pages == 4);
  CHECK(figures.incidents_paged == 3);
  CHECK(figures.threads_paged == 3);
  CHECK(figures.right == 2);
  CHECK(figures.incidents == 3);
  CHECK(figures.found == 2);
  CHECK(figures.early == 1);
  CHECK(figures.worst_week == 4);
  CHECK(figures.weeks == Approx(977.0 / 168));
  CHECK(figures.lead.low == 30s);  // between -6 and 20 min, as the 30th came at minute 30
  CHECK(figures.lead.high == 13min + 30s);
  CHECK(figures.night_pages == 4);  // the stream begins at midnight
  CHECK(judge.figures({}, {from + 5000h, from + 6000h}).precision() == std::nullopt);
}

TEST_CASE("the curve pages less and finds less as the threshold rises") {
  const thread::DecisionSettings gate;
  History history(gate);
  for (int i = 0; i < 40; ++i)
    grow(history, static_cast<std::uint64_t>(i + 1), test::kStreamStart + i * 10h,
         i % 4 == 0 ? 45 : 8, i % 4 == 0 ? 0.02 : 0.01);
  history.close();
  const Calendar calendar;
  const Block block{test::kStreamStart, test::kStreamStart + 1000h};
  const Judge judge(history, {}, test::kStreamStart + 2000h, calendar);
  const auto points = curve(judge, block);
  REQUIRE(points.size() == 41);
  CHECK(std::ranges::is_sorted(points, {}, &CurvePoint::theta));
  for (std::size_t i = 1; i < points.size(); ++i) {
    CHECK(points[i].figures.pages <= points[i - 1].figures.pages);
    CHECK(points[i].figures.early <= points[i - 1].figures.early);
  }
  CHECK(points.front().figures.incidents == 10);
  CHECK(points.front().figures.pages == 40);
  CHECK(points.front().figures.early == 10);
}

TEST_CASE("an incident is so many critics within so long, not in all") {
  ThreadTrail thread;
  for (int i = 0; i < 40; ++i)
    thread.critics.push_back(test::kStreamStart + i * 1h);
  CHECK(thread.reached({30, 24h}) == std::nullopt);
  CHECK(thread.reached({30, 29h}) == thread.critics[29]);
  CHECK(thread.reached({25, 24h}) == thread.critics[24]);
}

TEST_CASE("average precision is one for a perfect order and the base rate for one score") {
  CHECK(average_precision({{0.9, true}, {0.8, true}, {0.1, false}}) == Approx(1));
  CHECK(average_precision({{0.5, true}, {0.5, false}, {0.5, false}, {0.5, false}}) == Approx(0.25));
  CHECK(average_precision({{0.5, false}}) == std::nullopt);
}

TEST_CASE("the desk's word is a second label beside the counts") {
  const auto parsed = parse_feedback(
      "{\"incident\":\"bw-0000000000000001-1\",\"feedback\":\"useful\"}\n\n"
      "{\"incident\":\"bw-0000000000000004-1\",\"feedback\":\"not_useful\"}\n"
      "{\"incident\":\"bw-0000000000000003-2\",\"feedback\":\"too_late\"}\n"
      "{\"incident\":\"bw-1\",\"feedback\":\"useful\"}\n"
      "{\"incident\":\"bw-0000000000000004-1\",\"feedback\":\"meh\"}\nnonsense\n");
  CHECK(parsed.feedback.size() == 3);
  REQUIRE(parsed.faults.size() == 3);
  CHECK(parsed.faults[0].starts_with("5: "));
  CHECK(parsed.faults[2].starts_with("7: "));
  const thread::DecisionSettings gate;
  History history(gate);
  for (const std::uint64_t key : {1U, 3U, 4U})
    grow(history, key, test::kStreamStart + key * 1h, 8, 0.02);
  history.close();
  const Calendar calendar;
  const Judge judge(history, {}, test::kStreamStart + 2000h, calendar);
  const auto desk =
      by_desk(judge, {page_at(1, test::kStreamStart + 2h), page_at(4, test::kStreamStart + 5h)},
              parsed.feedback, {test::kStreamStart, test::kStreamStart + 1000h});
  CHECK(desk.rated == 2);
  CHECK(desk.precision() == Approx(0.5));
  CHECK(desk.wanted == 2);
  CHECK(desk.recall() == Approx(0.5));
}

}  // namespace
}  // namespace brandwacht::replay
