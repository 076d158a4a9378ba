#include "monitor/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace brandwacht {
namespace {

std::string file_name(sqlite3* db) {
  const char* name = db ? sqlite3_db_filename(db, "main") : nullptr;
  return name && *name ? std::filesystem::path(name).filename().string() : "in memory";
}

// SQLite says "disk I/O error"; the errno behind it is what an operator can act on.
[[noreturn]] void fail(sqlite3* db, int code, std::string_view doing) {
  const int extended = db ? sqlite3_extended_errcode(db) : code;
  const int shown = (extended & 0xff) == (code & 0xff) ? extended : code;
  std::string text = fmt::format("database {}: {}: {}", file_name(db), doing,
                                 db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  const int system = db ? sqlite3_system_errno(db) : 0;
  const int primary = shown & 0xff;
  if (system != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN))
    text += fmt::format(" ({})", std::strerror(system));
  throw DatabaseError(shown, text);
}

bool in_memory(const std::filesystem::path& file) {
  return file == ":memory:";
}

void sync_directory(const std::filesystem::path& file) {
  const auto directory = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

// SQLite would make the file readable for everybody. Its -wal and -shm take over the mode of the
// file.
void make_private(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0) {
    ::close(fd);
    sync_directory(file);  // else a power cut could take the whole file with its promises
  } else if (errno != EEXIST) {
    const int error = errno;
    const int code = error == ENOSPC || error == EDQUOT ? SQLITE_FULL : SQLITE_CANTOPEN;
    throw DatabaseError(
        code, fmt::format("cannot make the database {}: {}", file.string(), std::strerror(error)));
  }
}

}  // namespace

bool DatabaseError::full() const noexcept {
  return (code_ & 0xff) == SQLITE_FULL;
}

bool DatabaseError::corrupt() const noexcept {
  return (code_ & 0xff) == SQLITE_CORRUPT || (code_ & 0xff) == SQLITE_NOTADB;
}

Statement::Statement(sqlite3* db, std::string_view sql) : db_(db) {
  const int code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) fail(db, code, "a statement was refused");
}

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), db_(other.db_) {}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement& Statement::bind(int index, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_, index, value);
  if (code != SQLITE_OK) fail(db_, code, "cannot bind a number");
  return *this;
}

Statement& Statement::bind(int index, double value) {
  const int code = sqlite3_bind_double(statement_, index, value);
  if (code != SQLITE_OK) fail(db_, code, "cannot bind a number");
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  // An empty view may have a null pointer, which SQLite would store as NULL.
  const char* data = value.data() ? value.data() : "";
  const int code =
      sqlite3_bind_text64(statement_, index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) fail(db_, code, "cannot bind a text");
  return *this;
}

Statement& Statement::bind_null(int index) {
  const int code = sqlite3_bind_null(statement_, index);
  if (code != SQLITE_OK) fail(db_, code, "cannot bind NULL");
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  try {
    fail(db_, code, "a statement failed");
  } catch (...) {
    sqlite3_reset(statement_);  // after fail() has read the message, which reset() replaces
    throw;
  }
}

void Statement::run() {
  while (step()) {
  }
  reset();
  sqlite3_clear_bindings(statement_);
}

void Statement::reset() {
  sqlite3_reset(statement_);  // repeats the error of the last step, which was thrown already
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data ? std::string(data, size) : std::string();
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Database::Database(const std::filesystem::path& file) {
  if (!in_memory(file)) make_private(file);
  const int code = sqlite3_open_v2(
      file.c_str(), &db_,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  try {
    if (code != SQLITE_OK) fail(db_, code, "cannot open " + file.string());
    sqlite3_busy_timeout(db_, 5000);
    auto mode = prepare("PRAGMA journal_mode = WAL");
    const std::string got = mode.step() ? mode.text(0) : "";
    if (got != "wal" && got != "memory")
      throw DatabaseError(SQLITE_CANTOPEN, fmt::format("database {}: write-ahead logging is not "
                                                       "possible here (got '{}')",
                                                       file.string(), got));
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA foreign_keys = ON");
    execute(
        "PRAGMA secure_delete = ON");  // what is erased on request must not linger in free pages
    execute("PRAGMA trusted_schema = OFF");
  } catch (...) {
    sqlite3_close_v2(db_);
    throw;
  }
}

Database::~Database() {
  sqlite3_close_v2(db_);
}

void Database::execute(std::string_view sql) {
  const int code = sqlite3_exec(db_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(db_, code, "a statement failed");
}

int Database::changes() const noexcept {
  return sqlite3_changes(db_);
}

std::int64_t Database::user_version() {
  auto statement = prepare("PRAGMA user_version");
  return statement.step() ? statement.integer(0) : 0;
}

void Database::set_user_version(std::int64_t version) {
  execute(fmt::format("PRAGMA user_version = {}", version));
}

Transaction::Transaction(Database& db) : db_(db) {
  db_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    db_.execute("ROLLBACK");
  } catch (const DatabaseError&) {  // NOLINT(bugprone-empty-catch)
    // After an I/O error SQLite has rolled back by itself and says that no transaction is active.
  }
}

void Transaction::commit() {
  db_.execute("COMMIT");  // a failure leaves the transaction open: the destructor rolls it back
  open_ = false;
}

}  // namespace brandwacht
