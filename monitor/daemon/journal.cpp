#include "monitor/daemon/journal.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <bit>

#include "monitor/daemon/set_aside.hpp"
#include "monitor/pool.hpp"

namespace brandwacht::daemon {
namespace {

constexpr std::int64_t kSchema = 1;

std::int64_t bits(std::uint64_t key) {
  return std::bit_cast<std::int64_t>(key);
}
std::uint64_t key(std::int64_t value) {
  return std::bit_cast<std::uint64_t>(value);
}
std::int64_t micros(Time time) {
  return time.time_since_epoch().count();
}
Time time(std::int64_t value) {
  return Time{Duration{value}};
}

}  // namespace

Entry::Entry(const line::Learnt& learnt)
    : kind(learnt.kind),
      observation(learnt.observation),
      brand(learnt.brand),
      platform(learnt.platform),
      root_id(learnt.root_id),
      post(learnt.post) {}

line::Learnt Entry::view() const {
  return {.kind = kind,
          .observation = observation,
          .brand = brand,
          .platform = platform,
          .root_id = root_id,
          .post = post};
}

JournalStore::JournalStore(const std::filesystem::path& file) : db_(file) {
  if (db_.user_version() > kSchema)
    throw DatabaseError(
        0, file.string() + " was written by a newer brandwacht; this one cannot read it");
  db_.execute(R"(
    CREATE TABLE IF NOT EXISTS learnt(
      seq INTEGER PRIMARY KEY, mention INTEGER NOT NULL, author INTEGER NOT NULL, kind INTEGER NOT NULL,
      thread INTEGER NOT NULL, quoted INTEGER NOT NULL, parent INTEGER NOT NULL, brand TEXT NOT NULL, created_at INTEGER NOT NULL,
      received_at INTEGER NOT NULL, negative REAL NOT NULL, official INTEGER NOT NULL,
      scorer INTEGER NOT NULL, platform TEXT NOT NULL, root_id TEXT NOT NULL, root INTEGER NOT NULL,
      author_name TEXT NOT NULL, text TEXT NOT NULL, url TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS learnt_mention ON learnt(mention);
    CREATE INDEX IF NOT EXISTS learnt_author ON learnt(author);
    CREATE INDEX IF NOT EXISTS learnt_received ON learnt(received_at);
    CREATE TABLE IF NOT EXISTS cursors(source TEXT PRIMARY KEY, cursor TEXT NOT NULL) WITHOUT ROWID;)");
  db_.set_user_version(kSchema);
}

void JournalStore::write(const std::vector<Entry>& entries,
                         const std::map<std::string, std::string>& cursors) {
  Transaction transaction(db_);
  auto insert = db_.prepare(
      "INSERT INTO "
      "learnt(mention,author,kind,thread,quoted,brand,created_at,received_at,negative,official,"
      "scorer,platform,root_id,root,author_name,text,url,parent) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  auto erase = db_.prepare("UPDATE learnt SET author_name='', text='', url='' WHERE mention=?");
  auto erase_author =
      db_.prepare("UPDATE learnt SET author_name='', text='', url='' WHERE author=?");
  for (const Entry& entry : entries) {
    const thread::Observation& seen = entry.observation;
    if (entry.kind == MentionKind::remove) {
      erase.bind(1, bits(entry.post.mention)).run();
      if (seen.thread == 0) continue;  // most deletes of a network are not about us
    }
    if (entry.kind == MentionKind::author_gone) {
      erase_author.bind(1, bits(entry.post.author_key)).run();
      continue;
    }
    insert.bind(1, bits(entry.post.mention)).bind(2, bits(entry.post.author_key));
    insert.bind(3, static_cast<std::int64_t>(entry.kind))
        .bind(4, bits(seen.thread))
        .bind(5, bits(seen.quoted));
    insert.bind(6, std::string_view(entry.brand)).bind(7, micros(seen.created_at));
    insert.bind(8, micros(entry.kind == MentionKind::remove ? entry.post.at : seen.received_at));
    insert.bind(9, static_cast<double>(seen.negative)).bind(10, std::int64_t{seen.official});
    insert.bind(11, std::int64_t{text::scorer_version()})
        .bind(12, std::string_view(entry.platform));
    insert.bind(13, std::string_view(entry.root_id)).bind(14, std::int64_t{entry.post.root});
    insert.bind(15, std::string_view(entry.post.author))
        .bind(16, std::string_view(entry.post.text));
    insert.bind(17, std::string_view(entry.post.url)).bind(18, bits(seen.parent)).run();
  }
  auto place = db_.prepare(
      "INSERT INTO cursors(source,cursor) VALUES(?,?) ON CONFLICT(source) DO UPDATE SET "
      "cursor=excluded.cursor");
  for (const auto& [source, cursor] : cursors)
    place.bind(1, std::string_view(source)).bind(2, std::string_view(cursor)).run();
  transaction.commit();
}

void JournalStore::check() {
  auto result = db_.prepare("PRAGMA quick_check(1)");
  if (result.step() && result.text(0) != "ok") throw DatabaseError(SQLITE_CORRUPT, result.text(0));
}

void JournalStore::prune(Time before) {
  db_.prepare("DELETE FROM learnt WHERE received_at < ?").bind(1, micros(before)).run();
}

void JournalStore::read(const std::function<void(const Entry&)>& each) {
  auto rows = db_.prepare(
      "SELECT "
      "mention,author,kind,thread,quoted,brand,created_at,received_at,negative,official,platform,"
      "root_id,"
      "root,author_name,text,url,parent FROM learnt ORDER BY seq");
  while (rows.step()) {
    Entry entry;
    thread::Observation& seen = entry.observation;
    entry.post.mention = seen.mention = key(rows.integer(0));
    entry.post.author_key = seen.author = key(rows.integer(1));
    entry.kind = static_cast<MentionKind>(rows.integer(2));
    seen.thread = key(rows.integer(3));
    seen.quoted = key(rows.integer(4));
    entry.brand = rows.text(5);
    entry.post.at = seen.created_at = time(rows.integer(6));
    seen.received_at = time(rows.integer(7));
    seen.negative = static_cast<float>(rows.real(8));
    entry.post.negative = rows.real(8);
    seen.official = rows.integer(9) != 0;
    seen.edit = entry.kind == MentionKind::edit;
    entry.platform = rows.text(10);
    entry.root_id = rows.text(11);
    entry.post.root = rows.integer(12) != 0;
    entry.post.author = rows.text(13);
    entry.post.text = rows.text(14);
    entry.post.url = rows.text(15);
    seen.parent = key(rows.integer(16));
    each(entry);
  }
}

std::map<std::string, std::string> JournalStore::cursors() {
  std::map<std::string, std::string> out;
  auto rows = db_.prepare("SELECT source,cursor FROM cursors");
  while (rows.step())
    out.emplace(rows.text(0), rows.text(1));
  return out;
}

std::shared_ptr<JournalStore> open_journal(const std::filesystem::path& file, Time now) {
  return open_or_set_aside<JournalStore>(file, now, "the journal");
}

std::string Journal::cursor(const std::string& source) const {
  const auto found = cursors_.find(source);
  return found == cursors_.end() ? std::string{} : found->second;
}

boost::asio::awaitable<void> Journal::flush() {
  if (!dirty()) co_return;
  auto batch = std::make_shared<std::vector<Entry>>(std::move(entries_));
  entries_.clear();
  moved_ = false;
  auto work = [store = store_, batch, cursors = cursors_]() -> std::string {
    try {
      store->write(*batch, cursors);
      return {};
    } catch (const DatabaseError& error) {
      return error.what();
    }
  };
  std::string problem = co_await on_pool(pool_, std::move(work));
  if (problem.empty()) {
    stored_ += batch->size();
    if (!failed_.empty()) spdlog::info("the journal can be written again");
    failed_.clear();
    written_.notify_all();
    co_return;
  }
  if (failed_.empty())
    spdlog::error("the journal cannot be written, so a restart may forget threads: {}", problem);
  failed_ = std::move(problem);
  // Keep the order: what failed comes first.
  batch->insert(batch->end(), std::make_move_iterator(entries_.begin()),
                std::make_move_iterator(entries_.end()));
  if (batch->size() > 2 * kHighWater) {
    const std::size_t surplus = batch->size() - 2 * kHighWater;
    batch->erase(batch->begin(), batch->begin() + static_cast<std::ptrdiff_t>(surplus));
    dropped_ += surplus;
  }
  entries_ = std::move(*batch);
  moved_ = true;
  written_.notify_all();
}

boost::asio::awaitable<bool> Journal::settled() {
  const std::uint64_t mine = learnt_;
  while (stored_ + dropped_ < mine) {
    if (!failed_.empty()) co_return false;  // the next try is seconds away
    co_await written_.wait();
  }
  co_return true;
}

boost::asio::awaitable<void> Journal::prune(Time before) {
  auto work = [store = store_, before] {
    try {
      store->prune(before);
    } catch (const DatabaseError& error) {
      spdlog::warn("old journal entries cannot be removed: {}", error.what());
    }
  };
  co_await on_pool(pool_, std::move(work));
}

}  // namespace brandwacht::daemon
