// Links and buttons: what is good, forged, old, or signed with yesterday's key; and what the page
// says.
#include <sys/stat.h>

#include <fstream>
#include <random>

#include "alerting/ack_link.hpp"
#include "alerting/ack_page.hpp"
#include "alerting/inbound_store.hpp"
#include "alerting/signature.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {
using namespace std::chrono_literals;
using Verdict = ReadToken::Verdict;

AckKeys keys(char fill = 'k') {
  return {{std::string(32, fill)}};
}

AckToken token(Command::Kind kind = Command::Kind::acknowledge) {
  AckToken out;
  out.kind = kind;
  out.incident = incident_id(0x1122334455667788, 12);
  out.who = "jan";
  out.expires = kNoon + 1h;
  return out;
}

TEST_CASE("a link gives back what was signed, and two links for one page have two nonces") {
  const std::string text = make_ack_token(keys(), token(Command::Kind::escalate));
  const auto read = read_ack_token(keys(), text, kNoon);
  CHECK(read.verdict == Verdict::good);
  CHECK(read.token.kind == Command::Kind::escalate);
  CHECK(read.token.incident == token().incident);
  CHECK(read.token.who == "jan");
  CHECK(read.token.expires == kNoon + 1h);
  CHECK(read.token.nonce.size() == 9);
  CHECK(make_ack_token(keys(), token()) != make_ack_token(keys(), token()));
  CHECK(
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
      std::string::npos);
}

TEST_CASE("a link with any one character changed, added or taken is forged") {
  const std::string text = make_ack_token(keys(), token());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK(read_ack_token(keys(), changed, kNoon).verdict == Verdict::forged);
  }
  for (std::size_t length = 0; length < text.size(); ++length)
    CHECK(read_ack_token(keys(), text.substr(0, length), kNoon).verdict == Verdict::forged);
  CHECK(read_ack_token(keys(), text + "A", kNoon).verdict == Verdict::forged);
  CHECK(read_ack_token(keys('x'), text, kNoon).verdict == Verdict::forged);
  CHECK(read_ack_token({}, text, kNoon).verdict == Verdict::forged);
}

TEST_CASE("a link expires to the second, and says for which incident it was") {
  const std::string text = make_ack_token(keys(), token());
  CHECK(read_ack_token(keys(), text, kNoon + 1h - 1us).verdict == Verdict::good);
  const auto late = read_ack_token(keys(), text, kNoon + 1h);
  CHECK(late.verdict == Verdict::expired);
  CHECK(late.token.incident == token().incident);
}

TEST_CASE("after a change of keys the old one still opens what it signed") {
  AckKeys both = keys('n');
  both.keys.push_back(keys('o').keys.front());
  CHECK(read_ack_token(both, make_ack_token(keys('o'), token()), kNoon).verdict == Verdict::good);
  CHECK(read_ack_token(keys('n'), make_ack_token(both, token()), kNoon).verdict == Verdict::good);
  CHECK(read_ack_token(keys('o'), make_ack_token(both, token()), kNoon).verdict == Verdict::forged);
  CHECK(read_ack_button(both, make_ack_button(keys('o'), token()), kNoon).verdict == Verdict::good);
}

TEST_CASE("a rotated key signs at once, and the old one opens links until the last has expired") {
  TempDir dir;
  const auto file = dir / "ack.key";
  const AckKeys old = open_ack_keys(file, kNoon);
  AckToken sent = token();
  sent.expires = kNoon + 24h;
  const std::string link = make_ack_token(old, sent), button = make_ack_button(old, sent);
  const AckKeys fresh = rotate_ack_key(file, kNoon, 24h);
  REQUIRE(fresh.keys.size() == 2);
  CHECK(fresh.keys.at(1) == old.keys.at(0));
  const AckKeys read = open_ack_keys(file, kNoon);
  CHECK(read.keys == fresh.keys);
  CHECK(read.old_until == fresh.old_until);
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  CHECK(read_ack_token(read, link, kNoon + 23h).verdict == Verdict::good);
  CHECK(read_ack_button(read, button, kNoon + 23h).verdict == Verdict::good);
  CHECK(read_ack_token(old, make_ack_token(read, token()), kNoon).verdict == Verdict::forged);
  // Whoever stole the old key can give a link any end that he likes.
  AckToken stolen = token();
  stolen.expires = kNoon + 24h * 365;
  const std::string forged = make_ack_token(old, stolen),
                    forged_button = make_ack_button(old, stolen);
  CHECK(read_ack_token(read, forged, kNoon + 25h).verdict == Verdict::forged);
  CHECK(read_ack_button(read, forged_button, kNoon + 25h).verdict == Verdict::forged);
  CHECK(read_ack_token(read, make_ack_token(read, stolen), kNoon + 25h).verdict == Verdict::good);
  // A second change leaves nothing of the first key.
  const AckKeys third = rotate_ack_key(file, kNoon + 1h, 24h);
  CHECK(third.keys.at(1) == fresh.keys.at(0));
  CHECK(read_ack_token(open_ack_keys(file, kNoon), link, kNoon + 1h).verdict == Verdict::forged);
}

TEST_CASE("two keys that were written by hand are accepted without an end") {
  TempDir dir;
  const auto file = dir / "ack.key";
  std::ofstream(file) << std::string(64, 'a') << "\n" << std::string(64, 'b') << "\n";
  const AckKeys read = open_ack_keys(file, kNoon);
  CHECK(read.keys.size() == 2);
  CHECK(read.old_until == Time::max());
  std::ofstream(file) << std::string(64, 'a') << "\n" << std::string(64, 'b') << " until soon\n";
  CHECK(open_ack_keys(file, kNoon).old_until == Time::max());
}

TEST_CASE("a button fits in Telegram's 64 bytes for every incident, and is no link") {
  AckToken longest = token();
  longest.incident = incident_id(UINT64_MAX, 2'147'483'647);
  const std::string text = make_ack_button(keys(), longest);
  CHECK(!text.empty());
  CHECK(text.size() <= 64);
  const auto read = read_ack_button(keys(), text, kNoon);
  CHECK(read.verdict == Verdict::good);
  CHECK(read.token.incident == longest.incident);
  CHECK(read_ack_button(keys(), text, kNoon + 2h).verdict == Verdict::expired);
  CHECK(read_ack_token(keys(), text, kNoon).verdict == Verdict::forged);
  CHECK(read_ack_button(keys(), make_ack_token(keys(), token()), kNoon).verdict == Verdict::forged);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    CHECK(read_ack_button(keys(), changed, kNoon).verdict == Verdict::forged);
  }
  longest.incident = std::string(40, 'x');
  CHECK(make_ack_button(keys(), longest).empty());
}

TEST_CASE("random bytes are never a link or a button, and break neither") {
  std::mt19937_64 random(6);
  for (int i = 0; i < 20'000; ++i) {
    std::string noise(random() % 120, '\0');
    for (char& c : noise)
      c = static_cast<char>(random());
    CHECK(read_ack_token(keys(), noise, kNoon).verdict == Verdict::forged);
    CHECK(read_ack_token(keys(), to_base64url(noise), kNoon).verdict == Verdict::forged);
    CHECK(read_ack_button(keys(), noise, kNoon).verdict == Verdict::forged);
  }
}

TEST_CASE("the key file is made once, for its owner only, and read again") {
  const TempDir dir;
  const auto first = open_ack_keys(dir / "ack.key", kNoon);
  REQUIRE(first.keys.size() == 1);
  struct stat status {};
  REQUIRE(::stat((dir / "ack.key").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  CHECK(open_ack_keys(dir / "ack.key", kNoon).keys == first.keys);
  // A second line is the key before; a third is not taken.
  std::ofstream(dir / "ack.key") << std::string(64, 'a') << "\n"
                                 << to_hex(first.keys.front()) << "\n"
                                 << std::string(64, 'b') << "\n";
  ::chmod((dir / "ack.key").c_str(), 0644);
  const auto rotated = open_ack_keys(dir / "ack.key", kNoon);
  REQUIRE(rotated.keys.size() == 2);
  CHECK(rotated.keys[1] == first.keys.front());
  REQUIRE(::stat((dir / "ack.key").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("a damaged key file is set aside and the daemon gets a new key") {
  const TempDir dir;
  std::ofstream(dir / "ack.key") << "not a key\n";
  CHECK(open_ack_keys(dir / "ack.key", kNoon).keys.size() == 1);
  int aside = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
    aside += entry.path().filename().string().starts_with("ack.key.corrupt-") ? 1 : 0;
  CHECK(aside == 1);
}

TEST_CASE("a used link is remembered over a restart, with who and when") {
  const TempDir dir;
  const std::string nonce("\0\xff\x01nonce", 8);
  {
    InboundStore store(dir / "inbound.db", kNoon);
    CHECK_FALSE(store.used(nonce));
    store.use(nonce, {"Fatima", kNoon});
    store.use(nonce, {"somebody later", kNoon + 1h});
    CHECK(store.first_time("slack:1", kNoon));
  }
  InboundStore store(dir / "inbound.db", kNoon + 2h);
  const auto use = store.used(nonce);
  REQUIRE(use);
  CHECK(use->who == "Fatima");
  CHECK(use->at == kNoon);
  CHECK_FALSE(store.first_time("slack:1", kNoon + 2h));
  store.forget("slack:1");
  CHECK(store.first_time("slack:1", kNoon + 2h));
  store.prune(kNoon + 1h);
  CHECK_FALSE(store.used(nonce));
}

TEST_CASE("a damaged store of used links is set aside, and the next one works") {
  const TempDir dir;
  std::ofstream(dir / "inbound.db") << std::string(8192, 'x');
  InboundStore store(dir / "inbound.db", kNoon);
  CHECK_FALSE(store.used("n"));
  store.use("n", {"a", kNoon});
  CHECK(store.used("n"));
}

TEST_CASE("the page shows texts as text, names no other host and holds no script") {
  Incident incident = invented_incident();
  incident.title = "<script>alert(1)</script> & \"kwijt\" (verzonnen)";
  incident.brand = "A'B";
  AckPage page;
  page.state = AckPage::State::ask;
  page.incident = &incident;
  page.now = kNoon + 12min;
  for (const char* language : {"nl", "en"}) {
    const std::string html = ack_page(page, language, Zone{});
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("&lt;script&gt;") != std::string::npos);
    CHECK(html.find("http") == std::string::npos);
    CHECK(html.find("<form method=post>") != std::string::npos);
    CHECK(html.find(std::string("<html lang=") + language) != std::string::npos);
    CHECK(html.size() < 8192);
  }
}

TEST_CASE("only a page that asks has a button, and each state has its status") {
  const Incident incident = invented_incident();
  using State = AckPage::State;
  for (const auto state : {State::ask, State::done, State::already, State::nothing, State::gone,
                           State::expired, State::forged, State::broken}) {
    AckPage page;
    page.state = state;
    page.incident = &incident;
    page.who = "Fatima";
    page.at = page.now = kNoon;
    const std::string html = ack_page(page, "nl", Zone{});
    CHECK((html.find("<button") != std::string::npos) == (state == State::ask));
    CHECK(ack_status(state) == (state == State::gone      ? 404
                                : state == State::expired ? 410
                                : state == State::forged  ? 403
                                : state == State::broken  ? 503
                                                          : 200));
    if (state == State::already) CHECK(html.find("Fatima om 12:00") != std::string::npos);
  }
}

TEST_CASE("the page's own style is the only thing that its policy lets in") {
  const auto& headers = ack_headers();
  std::string policy;
  for (const auto& [name, value] : headers)
    if (name == "Content-Security-Policy") policy = value;
  CHECK(policy.find("default-src 'none'") == 0);
  AckPage page;
  const std::string html = ack_page(page, "en", Zone{});
  const auto begin = html.find("<style>") + 7;
  const std::string style = html.substr(begin, html.find("</style>") - begin);
  CHECK(policy.find("'sha256-" + to_base64(sha256(style)) + "'") != std::string::npos);
}

}  // namespace
}  // namespace brandwacht::alerting
