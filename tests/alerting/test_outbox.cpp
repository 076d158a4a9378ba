#include <sqlite3.h>

#include <fstream>

#include "alerting/incident_json.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;

Write page_for(const std::vector<std::string>& targets,
               const Incident& incident = invented_incident(), IncidentEventKind kind = page,
               Time at = kNoon) {
  Write out;
  out.incidents.push_back({invented_event(kind, incident, at), std::string("state\0bytes", 11)});
  for (const auto& target : targets)
    out.rows.push_back(invented_row(kind, target, incident, at));
  return out;
}

Write mark(const OutboxRow& row, RowState state, unsigned attempts = 1, Time at = kNoon) {
  Write out;
  out.marks.push_back({row.page->delivery_id, state, attempts, at + 1min, at, "HTTP 500"});
  return out;
}

void flip_page(const std::filesystem::path& file, std::size_t page) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(page * 4096));
  stream << std::string(4096, '\xA5');
}

std::size_t quarantined_files(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    count += entry.path().string().find(".corrupt-") != std::string::npos &&
             entry.path().string().find("-wal") == std::string::npos &&
             entry.path().string().find("-shm") == std::string::npos;
  return count;
}

}  // namespace

TEST_CASE("an incident and its pages are found after a restart as they were committed") {
  TempDir dir;
  Outbox(dir / "x.db", kNoon).apply(page_for({"chat", "phone"}));
  Outbox outbox(dir / "x.db", kNoon);
  const auto rows = outbox.pending("phone", 0, 10);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].page->dedup_key == invented_incident().id);
  CHECK(rows[0].page->delivery_id == "bw-1122334455667788-1-page-T2-12-phone");
  CHECK(rows[0].page->delivery_id.find('.') == std::string::npos);
  CHECK(rows[0].page->action == Action::trigger);
  CHECK(rows[0].page->event == page);
  CHECK(rows[0].page->at == kNoon);
  CHECK(encode(rows[0].page->incident) == encode(invented_event(page).incident));
  CHECK(rows[0].created == kNoon);
  const auto incidents = outbox.open_incidents();
  REQUIRE(incidents.size() == 1);
  CHECK(incidents[0].decision == std::string("state\0bytes", 11));
  CHECK(incidents[0].joiners_at_page == 12);
  CHECK(incidents[0].last_event == page);
  CHECK(incidents[0].targets == std::vector<std::string>{"chat", "phone"});
}

TEST_CASE("complaint 10: an event that is derived again after a crash is not doubled") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  const auto first = outbox.apply(page_for({"phone"}));
  const auto again =
      outbox.apply(page_for({"phone", "chat"}, invented_incident(), page, kNoon + 2s));
  CHECK(first == std::vector<std::int64_t>{1});
  REQUIRE(again.size() == 2);
  CHECK(again[0] == 0);
  CHECK(again[1] > 0);
  CHECK(outbox.pending("phone", 0, 10).size() == 1);
}

TEST_CASE("a second page of the same incident with more critics is another delivery") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  outbox.apply(page_for({"phone"}));
  const auto again =
      outbox.apply(page_for({"phone"}, invented_incident(0x1122334455667788, Tier::t2, 18)));
  CHECK(again.at(0) > 0);
}

TEST_CASE("an older event does not set its incident back") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  outbox.apply(page_for({"phone"}));
  outbox.apply(page_for({"phone"}, invented_incident(), close, kNoon + 1h));
  outbox.apply(page_for({"phone"}));
  CHECK(outbox.open_incidents().empty());
}

TEST_CASE("a row that was being sent in a crash is found again with its keys and attempts") {
  TempDir dir;
  {
    Outbox outbox(dir / "x.db", kNoon);
    const auto write = page_for({"phone"});
    outbox.apply(write);
    outbox.apply(mark(write.rows[0], RowState::sending, 3));
  }
  const auto rows = Outbox(dir / "x.db", kNoon).pending("phone", 0, 10);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].attempts == 3);
  CHECK(rows[0].page->delivery_id == page_for({"phone"}).rows[0].page->delivery_id);
}

TEST_CASE("accepted and dead rows are not delivered again") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  const auto write = page_for({"chat", "phone"});
  outbox.apply(write);
  outbox.apply(mark(write.rows[0], RowState::accepted));
  outbox.apply(mark(write.rows[1], RowState::dead));
  CHECK(outbox.pending("chat", 0, 10).empty());
  CHECK(outbox.pending("phone", 0, 10).empty());
}

TEST_CASE("an accepted row keeps no text of posts") {
  TempDir dir;
  {
    Outbox outbox(dir / "x.db", kNoon);
    const auto write = page_for({"phone"});
    outbox.apply(write);
    outbox.apply(mark(write.rows[0], RowState::accepted));
  }
  Database db(dir / "x.db");
  auto payload = db.prepare("SELECT payload FROM outbox");
  REQUIRE(payload.step());
  CHECK(payload.text(0).empty());
}

TEST_CASE("a transaction that fails in the middle leaves neither incident nor page") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  {
    Database other(dir / "x.db");
    other.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON outbox WHEN NEW.target = 'bad' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END");
  }
  CHECK_THROWS_AS(outbox.apply(page_for({"phone", "bad"})), DatabaseError);
  CHECK(outbox.pending("phone", 0, 10).empty());
  CHECK(outbox.open_incidents().empty());
  outbox.apply(page_for({"phone"}));
  CHECK(outbox.pending("phone", 0, 10).size() == 1);
}

TEST_CASE("what is over is pruned, what is open or undelivered is kept") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  const auto over = page_for({"phone"}, invented_incident(1));
  const auto open = page_for({"phone"}, invented_incident(2));
  const auto stuck = page_for({"phone"}, invented_incident(3));
  for (const auto* write : {&over, &open, &stuck})
    outbox.apply(*write);
  outbox.apply(mark(over.rows[0], RowState::accepted));
  outbox.apply(mark(open.rows[0], RowState::accepted));
  outbox.apply(page_for({}, invented_incident(1), close, kNoon + 1h));
  outbox.apply(page_for({}, invented_incident(3), close, kNoon + 1h));
  CHECK(outbox.prune(kNoon - 1s) == 0);
  CHECK(outbox.prune(kNoon + 2h) == 2);  // the first incident and its row
  CHECK(outbox.open_incidents().at(0).targets == std::vector<std::string>{"phone"});
  CHECK(outbox.pending("phone", 0, 10).size() == 1);
}

TEST_CASE("a file of garbage is set aside and a new one begun") {
  TempDir dir;
  std::ofstream(dir / "x.db") << std::string(20'000, 'x');
  Outbox outbox(dir / "x.db", kNoon);
  CHECK_THAT(outbox.quarantined(), Catch::Contains("x.db.corrupt-20260101T120000"));
  CHECK(std::filesystem::file_size(outbox.quarantined()) == 20'000);
  outbox.apply(page_for({"phone"}));
  CHECK(outbox.pending("phone", 0, 10).size() == 1);
}

TEST_CASE("a torn file is set aside and what can be read of it is taken over") {
  TempDir dir;
  constexpr std::uint64_t kIncidents = 60;
  {
    Outbox outbox(dir / "x.db", kNoon);
    for (std::uint64_t i = 0; i < kIncidents; ++i)
      outbox.apply(page_for({"phone"}, invented_incident(i + 1)));
  }
  const auto pages = std::filesystem::file_size(dir / "x.db") / 4096;
  REQUIRE(pages > 20);
  flip_page(dir / "x.db", pages / 2);
  Outbox outbox(dir / "x.db", kNoon);
  CHECK_FALSE(outbox.quarantined().empty());
  CHECK(outbox.pending("phone", 0, 1000).size() > kIncidents / 2);
  CHECK(outbox.open_incidents().size() > kIncidents / 2);
}

TEST_CASE("no single damaged page stops the outbox from starting and storing") {
  TempDir dir;
  {
    Outbox outbox(dir / "good.db", kNoon);
    for (std::uint64_t i = 0; i < 12; ++i)
      outbox.apply(page_for({"phone"}, invented_incident(i + 1)));
  }
  const auto pages = std::filesystem::file_size(dir / "good.db") / 4096;
  for (std::size_t page = 0; page < pages; ++page) {
    const auto file = dir / ("bad" + std::to_string(page) + ".db");
    std::filesystem::copy_file(dir / "good.db", file);
    flip_page(file, page);
    Outbox outbox(file, kNoon);
    CHECK(outbox.apply(page_for({"phone"}, invented_incident(99))).at(0) > 0);
  }
  CHECK(quarantined_files(dir.path()) > 0);
}

TEST_CASE("a torn write-ahead log costs what was not committed and nothing else") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  outbox.apply(page_for({"phone"}, invented_incident(1)));
  const auto whole = std::filesystem::file_size(dir / "x.db-wal");
  outbox.apply(page_for({"phone"}, invented_incident(2)));
  std::filesystem::copy_file(dir / "x.db", dir / "y.db");
  std::filesystem::copy_file(dir / "x.db-wal", dir / "y.db-wal");
  std::filesystem::resize_file(dir / "y.db-wal", whole + 1000);
  Outbox torn(dir / "y.db", kNoon);
  CHECK(torn.quarantined().empty());
  CHECK(torn.pending("phone", 0, 10).size() == 1);
}

TEST_CASE("a page whose payload was damaged still goes out") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  outbox.apply(page_for({"phone"}));
  Database(dir / "x.db").execute("UPDATE outbox SET payload = '{\"id\":'");
  const auto rows = outbox.pending("phone", 0, 10);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].page->incident.id == invented_incident().id);
  CHECK_THAT(rows[0].page->incident.title, Catch::Contains("damaged"));
}

TEST_CASE("a file of a newer version is refused and left alone") {
  TempDir dir;
  Database(dir / "x.db").set_user_version(99);
  CHECK_THROWS_WITH(Outbox(dir / "x.db", kNoon), Catch::Contains("newer version"));
  CHECK(quarantined_files(dir.path()) == 0);
}

TEST_CASE("pages for targets that are no longer configured are found") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  outbox.apply(page_for({"old", "phone"}));
  const auto rows = outbox.orphans({"phone"});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].target == "old");
}

TEST_CASE("positions are stored in the transaction of what they led to") {
  TempDir dir;
  {
    Outbox outbox(dir / "x.db", kNoon);
    auto write = page_for({"phone"});
    write.positions = {{"jetstream", "1"}};
    outbox.apply(write);
    write.positions = {{"jetstream", "2"}, {"file", "a"}};
    outbox.apply(write);
  }
  Outbox outbox(dir / "x.db", kNoon);
  CHECK(outbox.positions() ==
        std::map<std::string, std::string>{{"file", "a"}, {"jetstream", "2"}});
}

TEST_CASE("a deleted post vanishes from every snapshot") {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  outbox.apply(page_for({"phone", "chat"}));
  const auto gone = [](const Evidence& post) { return post.author_key == 7; };
  CHECK(outbox.erase_evidence(gone) == 3);
  CHECK(outbox.erase_evidence(gone) == 0);
  CHECK(outbox.pending("phone", 0, 1).at(0).page->incident.evidence.empty());
  CHECK(outbox.open_incidents().at(0).incident.evidence.empty());
}

// As the version before wrote it.
constexpr std::string_view kFirstSchema = R"sql(
CREATE TABLE incidents(
  id TEXT PRIMARY KEY,
  thread_key INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  state TEXT NOT NULL,
  joiners INTEGER NOT NULL,
  joiners_at_page INTEGER NOT NULL,
  last_event TEXT NOT NULL,
  last_at INTEGER NOT NULL,       -- microseconds since 1970, like every time here
  closed INTEGER NOT NULL,
  snapshot TEXT NOT NULL,         -- JSON, alerting/incident_json.hpp
  decision BLOB NOT NULL);        -- thread::DecisionState, as the line gave it
CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_id TEXT NOT NULL UNIQUE,
  dedup_key TEXT NOT NULL,        -- incidents.id
  target TEXT NOT NULL,
  action TEXT NOT NULL,
  event TEXT NOT NULL,
  at INTEGER NOT NULL,
  payload TEXT NOT NULL,          -- the incident as it was; emptied once accepted
  state TEXT NOT NULL,            -- queued, sending, accepted, dead
  attempts INTEGER NOT NULL,
  next_due INTEGER NOT NULL,
  created INTEGER NOT NULL,
  finished INTEGER,
  last_detail TEXT NOT NULL DEFAULT '');
CREATE INDEX outbox_pending ON outbox(target, seq) WHERE finished IS NULL;
CREATE INDEX outbox_key ON outbox(dedup_key);
CREATE TABLE positions(source TEXT PRIMARY KEY, cursor TEXT NOT NULL);
)sql";

TEST_CASE("a file of the version before is taken over with its pages and its incidents") {
  TempDir dir;
  {
    Database db(dir / "x.db");
    db.execute(kFirstSchema);
    db.set_user_version(1);
    const auto incident = invented_incident(1);
    db.prepare("INSERT INTO incidents VALUES (?1, 1, 1, 2, 'paged', 12, 12, 'page', 5, 0, ?2, '')")
        .bind(1, incident.id)
        .bind(2, encode(incident))
        .run();
    for (const char* finished : {"NULL", "7"})
      db.prepare(std::string("INSERT INTO outbox VALUES (NULL, ?1, ?2, 'phone', 'trigger', 'page', "
                             "5, ?3, 'queued', 0, 5, 5, ") +
                 finished + ", '')")
          .bind(1, std::string("d-") + finished)
          .bind(2, incident.id)
          .bind(3, encode(incident))
          .run();
  }
  for (int again = 0; again < 2; ++again) {
    Outbox outbox(dir / "x.db", kNoon);
    CHECK(outbox.quarantined().empty());
    REQUIRE(outbox.pending("phone", 0, 9).size() == 1);
    CHECK(outbox.pending("phone", 0, 9).at(0).page->delivery_id == "d-NULL");
    const auto open = outbox.open_incidents();
    REQUIRE(open.size() == 1);
    CHECK(open.at(0).told ==
          std::vector<std::pair<std::string, std::string>>{{"phone", incident_id(1, 1)}});
  }
}

}  // namespace brandwacht::alerting
