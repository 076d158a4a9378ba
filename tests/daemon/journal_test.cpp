#include "monitor/daemon/journal.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {
using namespace std::chrono_literals;

constexpr Time kNow{std::chrono::seconds{1'767'260'000}};

Entry entry(std::uint64_t mention, std::string text) {
  Entry out;
  out.observation.mention = mention;
  out.observation.thread = 0xFEDCBA9876543210;
  out.observation.quoted = 7;
  out.observation.author = 0x8000000000000001;
  out.observation.created_at = kNow - 5s;
  out.observation.received_at = kNow;
  out.observation.negative = 0.75F;
  out.brand = "Polderbank";
  out.platform = "bluesky";
  out.root_id = "at://root";
  out.post = {.mention = mention,
              .author_key = 0x8000000000000001,
              .author = "anouk",
              .text = std::move(text),
              .url = "https://social.example/1",
              .at = kNow - 5s,
              .negative = 0.75,
              .root = true};
  return out;
}

std::vector<Entry> all(JournalStore& store) {
  std::vector<Entry> out;
  store.read([&](const Entry& one) { out.push_back(one); });
  return out;
}

TEST_CASE(
    "what the journal stores comes back as it was, in its order, with the cursors of the same "
    "moment") {
  const test::TempDir dir;
  {
    JournalStore store(dir.path() / "journal.db");
    store.write({entry(1, "een"), entry(2, "twee")}, {{"bluesky", "1779719009157119"}});
    store.write({entry(3, "drie")}, {{"bluesky", "1779719009157999"}, {"file", "1:2:3"}});
  }
  JournalStore store(dir.path() / "journal.db");
  const auto entries = all(store);
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].post.text == "een");
  CHECK(entries[2].post.mention == 3);
  CHECK(entries[1].observation.thread == 0xFEDCBA9876543210);
  CHECK(entries[1].observation.author == 0x8000000000000001);
  CHECK(entries[1].observation.negative == 0.75F);
  CHECK(entries[1].observation.created_at == kNow - 5s);
  CHECK(entries[1].post.root);
  CHECK(entries[1].root_id == "at://root");
  CHECK(store.cursors() ==
        std::map<std::string, std::string>{{"bluesky", "1779719009157999"}, {"file", "1:2:3"}});
}

TEST_CASE("a delete erases the text in the journal, a vanished author all of theirs") {
  const test::TempDir dir;
  JournalStore store(dir.path() / "journal.db");
  store.write({entry(1, "geheim een"), entry(2, "geheim twee")}, {});
  Entry gone;
  SECTION("delete") {
    gone.kind = MentionKind::remove;
    gone.post.mention = 1;
    gone.post.at = kNow;
    gone.observation.thread = 0xFEDCBA9876543210;
    store.write({gone}, {});
    const auto entries = all(store);
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].post.text.empty());
    CHECK(entries[0].post.author.empty());
    CHECK(entries[1].post.text == "geheim twee");
    CHECK(entries[2].kind == MentionKind::remove);
  }
  SECTION("author gone") {
    gone.kind = MentionKind::author_gone;
    gone.post.author_key = 0x8000000000000001;
    store.write({gone}, {});
    for (const auto& one : all(store))
      CHECK(one.post.text.empty());
  }
}

TEST_CASE("the journal forgets what is older than it needs") {
  const test::TempDir dir;
  JournalStore store(dir.path() / "journal.db");
  store.write({entry(1, "oud")}, {});
  store.prune(kNow);
  CHECK(all(store).size() == 1);
  store.prune(kNow + 1s);
  CHECK(all(store).empty());
}

TEST_CASE("a damaged journal is set aside and a new one begun") {
  const test::TempDir dir;
  {
    JournalStore store(dir.path() / "journal.db");
    std::vector<Entry> many;
    for (std::uint64_t i = 0; i < 500; ++i)
      many.push_back(entry(i + 1, std::string(200, 'x')));
    store.write(many, {});
  }
  std::filesystem::resize_file(dir.path() / "journal.db", 9000);  // torn
  const auto store = open_journal(dir.path() / "journal.db", kNow);
  CHECK(all(*store).empty());
  store->write({entry(1, "nieuw")}, {});
  CHECK(all(*store).size() == 1);
  std::size_t aside = 0;
  for (const auto& file : std::filesystem::directory_iterator(dir.path()))
    aside += file.path().filename().string().find(".corrupt-") != std::string::npos;
  CHECK(aside == 1);
}

}  // namespace
}  // namespace brandwacht::daemon
