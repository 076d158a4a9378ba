// What a promise costs: one durable commit of a page (its incident, its case and a row for each of
// three receivers), and that of the two marks around a send, beside a bare write and fdatasync of
// as many bytes on the same disk. The two take turns, so that a busy disk is busy for both.
//
//   outbox_bench [FOLDER]     default: a new one where temporary files go
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "alerting/outbox.hpp"
#include "bench/figure.hpp"
#include "bench/loopback.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::alerting;
using namespace brandwacht::bench;

constexpr int kRounds = 20, kCommits = 100;  // of each kind in each round
constexpr Time kStart{std::chrono::seconds{1'767'268'800}};
constexpr const char* kTargets[] = {"phone", "chat", "mail"};

// An invented incident of ordinary size: ten posts, five reasons.
Incident invented(int number) {
  Incident out;
  out.thread_key = static_cast<std::uint64_t>(number) + 1;
  out.id = incident_id(out.thread_key, 1);
  out.brand = "Polderbank";
  out.platform = "bench";
  out.thread = fmt::format("thread-{}", number);
  out.title = "Polderbank: 12 critici in 40 minuten (verzonnen)";
  out.tier = Tier::t2;
  out.opened_at = out.updated_at = kStart;
  out.reasons.assign(5, {"12 mensen sluiten zich aan bij de kritiek", 1.5});
  Evidence post;
  post.author = "j***";
  post.text = std::string(200, 'x');
  post.url = "https://social.example/post/1";
  out.evidence.assign(10, post);
  return out;
}

Write page_of(int number) {
  IncidentEvent event{IncidentEventKind::page, kStart, invented(number)};
  Write out;
  for (const char* target : kTargets) {
    auto page = std::make_shared<Page>();
    page->dedup_key = event.incident.id;
    page->delivery_id = delivery_id(event, target);
    page->at = kStart;
    page->incident = event.incident;
    OutboxRow row;
    row.target = target;
    row.page = std::move(page);
    row.created = row.next_due = kStart;
    out.rows.push_back(std::move(row));
  }
  Case desk;
  desk.incident = event.incident.id;
  out.cases.push_back(std::move(desk));
  out.incidents.push_back({std::move(event), std::string(64, 's')});
  return out;
}

Write mark_of(int number, RowState state) {
  const IncidentEvent event{IncidentEventKind::page, kStart, invented(number)};
  Write out;
  out.marks.push_back({delivery_id(event, "phone"), state, 1, kStart, kStart, ""});
  return out;
}

// What this process handed to write() so far.
double bytes_written() {
  std::ifstream file("/proc/self/io");
  std::string key;
  double value = 0;
  while (file >> key >> value)
    if (key == "wchar:") return value;
  return 0;
}

template <class Work>
double milliseconds(Work work) {
  const auto start = Wall::now();
  work();
  return std::chrono::duration<double, std::milli>(Wall::now() - start).count();
}

struct Kind {
  const char* name;
  std::vector<double> commits{}, bare{};
  double bytes = 0;  // of all commits
};

// As many bytes as the commits of this round wrote, each at the end of one file.
void write_bare(int fd, std::size_t bytes, Kind& kind) {
  const std::string block(bytes, 'b');
  for (int i = 0; i < kCommits; ++i)
    kind.bare.push_back(milliseconds([&] {
      require(::write(fd, block.data(), block.size()) == static_cast<ssize_t>(block.size()),
              "the disk takes nothing");
      require(::fdatasync(fd) == 0, "the disk does not sync");
    }));
}

void round(Outbox& outbox, int fd, int first, std::vector<Kind>& kinds) {
  const auto run = [&](Kind& kind, auto write_for) {
    const double before = bytes_written();
    for (int i = first; i < first + kCommits; ++i) {
      const Write write = write_for(i);
      kind.commits.push_back(milliseconds([&] { outbox.apply(write); }));
    }
    const double bytes = bytes_written() - before;
    kind.bytes += bytes;
    write_bare(fd, static_cast<std::size_t>(bytes / kCommits), kind);
  };
  run(kinds[0], page_of);
  run(kinds[1], [](int number) { return mark_of(number, RowState::sending); });
  run(kinds[2], [](int number) { return mark_of(number, RowState::accepted); });
}

// All that was committed is there for the next process: one row of each incident was accepted.
void check(const std::filesystem::path& file) {
  Outbox outbox(file, kStart);
  require(outbox.quarantined().empty(), "the file is damaged");
  constexpr auto kAll = static_cast<std::size_t>(kRounds) * kCommits;
  require(outbox.open_incidents().size() == kAll, "an incident is lost");
  require(outbox.pending("phone", 0, kAll).empty(), "an accepted page is still owed");
  require(outbox.pending("mail", 0, 2 * kAll).size() == kAll, "a page is lost");
  require(outbox.history("phone", kStart - std::chrono::hours{1}).sent.size() == kAll,
          "an attempt is not counted");
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path parent =
      argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
  const auto dir = parent / fmt::format("brandwacht-outbox-{}", ::getpid());
  std::filesystem::create_directories(dir);
  const int fd = ::open((dir / "bare").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  require(fd >= 0, "the folder takes no file");
  std::vector<Kind> kinds{{"page to 3 receivers"}, {"mark: sending"}, {"mark: accepted"}};
  {
    Outbox outbox(dir / "pages.db", kStart);
    for (int i = 0; i < kRounds; ++i)
      round(outbox, fd, i * kCommits, kinds);
  }
  check(dir / "pages.db");
  ::close(fd);
  std::filesystem::remove_all(dir);
  fmt::print(
      "a durable commit        bytes      p50      p99   bare p50  bare p99   ratio of p50\n");
  for (const auto& kind : kinds)
    fmt::print("{:<20} {:>8.0f} {:>5.2f} ms {:>5.2f} ms   {:>5.2f} ms  {:>5.2f} ms   {:>6.2f}\n",
               kind.name, kind.bytes / static_cast<double>(kind.commits.size()),
               median(kind.commits), quantile(kind.commits, 0.99), median(kind.bare),
               quantile(kind.bare, 0.99), median(kind.commits) / median(kind.bare));
  figure("outbox_commit_p50", median(kinds[0].commits), "ms");
  figure("outbox_commit_p99", quantile(kinds[0].commits, 0.99), "ms");
  figure("outbox_mark_p99", quantile(kinds[1].commits, 0.99), "ms");
  figure("outbox_commit_over_bare", median(kinds[0].commits) / median(kinds[0].bare), "ratio");
}
