#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "monitor/database.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a new database and its log can be read by its owner only") {
  TempDir dir;
  Database db(dir / "x.db");
  db.execute("CREATE TABLE t(a)");
  CHECK(mode_of(dir / "x.db") == 0600);
  CHECK(mode_of(dir / "x.db-wal") == 0600);
}

TEST_CASE("a database is in WAL mode and syncs every commit") {
  TempDir dir;
  Database db(dir / "x.db");
  auto mode = db.prepare("PRAGMA journal_mode");
  REQUIRE(mode.step());
  CHECK(mode.text(0) == "wal");
  auto sync = db.prepare("PRAGMA synchronous");
  REQUIRE(sync.step());
  CHECK(sync.integer(0) == 2);
}

TEST_CASE("a statement gives back what was bound, bytes that are no text included") {
  Database db(":memory:");
  db.execute("CREATE TABLE t(a, b, c, d)");
  const std::string bytes("a\0\xFF", 3);
  db.prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4)")
      .bind(1, std::int64_t{-5})
      .bind(2, 0.5)
      .bind(3, bytes)
      .bind_null(4)
      .run();
  auto select = db.prepare("SELECT a, b, c, d FROM t");
  REQUIRE(select.step());
  CHECK(select.integer(0) == -5);
  CHECK(select.real(1) == 0.5);
  CHECK(select.text(2) == bytes);
  CHECK(select.is_null(3));
  CHECK_FALSE(select.step());
}

TEST_CASE("an empty text is stored as a text and not as NULL") {
  Database db(":memory:");
  db.execute("CREATE TABLE t(a TEXT NOT NULL)");
  db.prepare("INSERT INTO t VALUES (?1)").bind(1, std::string_view{}).run();
  CHECK(db.changes() == 1);
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  Database db(":memory:");
  db.execute("CREATE TABLE t(a)");
  {
    Transaction transaction(db);
    db.execute("INSERT INTO t VALUES (1)");
  }
  auto count = db.prepare("SELECT count(*) FROM t");
  REQUIRE(count.step());
  CHECK(count.integer(0) == 0);
}

TEST_CASE("a file that is no database is called corrupt") {
  TempDir dir;
  std::ofstream(dir / "x.db") << std::string(8192, 'x');
  try {
    Database db(dir / "x.db");
    FAIL("opened");
  } catch (const DatabaseError& error) {
    CHECK(error.corrupt());
    CHECK_FALSE(error.full());
    CHECK_THAT(error.what(), Catch::Contains("x.db"));
  }
}

TEST_CASE("a folder that is not there is named in the error") {
  TempDir dir;
  try {
    Database db(dir / "absent" / "x.db");
    FAIL("opened");
  } catch (const DatabaseError& error) {
    CHECK_FALSE(error.corrupt());
    CHECK_THAT(error.what(), Catch::Contains("absent") && Catch::Contains("No such file"));
  }
}

TEST_CASE("a database with a page limit says that it is full") {
  TempDir dir;
  Database db(dir / "x.db");
  db.execute("CREATE TABLE t(a)");
  db.execute("PRAGMA max_page_count = 2");
  try {
    db.prepare("INSERT INTO t VALUES (?1)").bind(1, std::string(100'000, 'x')).run();
    FAIL("stored");
  } catch (const DatabaseError& error) {
    CHECK(error.full());
  }
}

TEST_CASE("a schema version lasts") {
  TempDir dir;
  {
    Database db(dir / "x.db");
    CHECK(db.user_version() == 0);
    db.set_user_version(7);
  }
  CHECK(Database(dir / "x.db").user_version() == 7);
}

}  // namespace brandwacht::alerting
