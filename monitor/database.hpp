// SQLite, thinly: RAII, prepared statements, errors as exceptions with a sentence. Blocking; used
// on the store's pool thread only, never on the line.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace brandwacht {

class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const noexcept { return code_; }  // SQLite's extended result code
  bool full() const noexcept;                  // the disk is full
  bool corrupt() const noexcept;               // the file is damaged or no database

 private:
  int code_;
};

class Statement {
 public:
  Statement(sqlite3* db, std::string_view sql);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Parameters count from 1.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, double value);
  Statement& bind(int index, std::string_view value);  // copied
  Statement& bind_null(int index);
  bool step();  // true: a row is there
  void run();   // step to the end, reset and clear the bindings
  void reset();

  // Columns count from 0.
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_ = nullptr;
  sqlite3* db_ = nullptr;
};

class Database {
 public:
  // Opens or makes the file (mode 0600) with WAL and synchronous=FULL, so that a committed
  // transaction survives a power cut. ":memory:" for tests.
  explicit Database(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(std::string_view sql);
  Statement prepare(std::string_view sql) { return Statement(db_, sql); }
  int changes() const noexcept;
  std::int64_t user_version();
  void set_user_version(std::int64_t version);

 private:
  sqlite3* db_ = nullptr;
};

// BEGIN IMMEDIATE now; ROLLBACK unless committed.
class Transaction {
 public:
  explicit Transaction(Database& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& db_;
  bool open_ = true;
};

}  // namespace brandwacht
