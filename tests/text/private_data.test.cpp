// The vectors of private.tsv, and texts that nobody would write.
#include "monitor/text/private_data.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "monitor/text/redact.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

constexpr std::size_t kKinds = 8;

struct Vector {
  std::string text, expected;
  bool held_out = false;
};

std::vector<Vector> read_vectors() {
  std::ifstream in(BRANDWACHT_PRIVATE);
  REQUIRE(in);
  std::vector<Vector> out;
  bool held_out = false;
  for (std::string line; std::getline(in, line);) {
    held_out = held_out || line == "# held out";
    const std::size_t tab = line.find('\t');
    if (line.starts_with("# ") || line.empty()) continue;
    REQUIRE(tab != std::string::npos);
    out.push_back({line.substr(0, tab), line.substr(tab + 1), held_out});
  }
  return out;
}

std::string written(const PrivateData& found) {
  return std::string(to_string(found.kind)) + ':' + std::to_string(found.begin) + '-' +
         std::to_string(found.end);
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t at = 0; list != "-" && at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    out.push_back(list.substr(at, comma - at));
    at = comma + 1;
  }
  return out;
}

// Spans that are right to the byte and in kind, that should not be there, that were missed.
struct Counts {
  std::size_t right = 0, wrong = 0, missed = 0;
  static double ratio(std::size_t part, std::size_t rest) {
    return part + rest == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(part + rest);
  }
  double precision() const { return ratio(right, wrong); }
  double recall() const { return ratio(right, missed); }
};
using Table = std::array<Counts, kKinds + 1>;  // the last: all kinds

std::size_t kind_of(const std::string& span) {
  for (std::size_t k = 0; k < kKinds; ++k)
    if (span.starts_with(std::string(to_string(static_cast<PrivateKind>(k))) + ':')) return k;
  FAIL("unknown kind: " << span);
  return 0;
}

void judge(const Vector& vector, Table& table) {
  std::vector<std::string> missed = split(vector.expected);
  std::string got;
  for (const PrivateData& found : find_private(vector.text)) {
    const std::string span = written(found);
    const auto hit = std::find(missed.begin(), missed.end(), span);
    const bool right = hit != missed.end();
    for (const std::size_t k : {kind_of(span), kKinds})
      ++(right ? table[k].right : table[k].wrong);
    if (right) missed.erase(hit);
    got += (got.empty() ? "" : ",") + span;
  }
  for (const std::string& span : missed)
    for (const std::size_t k : {kind_of(span), kKinds})
      ++table[k].missed;
  // The held-out lines stay unread, so that nobody tunes on them.
  if (!vector.held_out && got != (vector.expected == "-" ? "" : vector.expected))
    std::cout << vector.text << "\n    expected " << vector.expected << "\n    got      " << got
              << '\n';
}

void print(const char* title, const Table& table) {
  std::cout << title << '\n' << std::fixed << std::setprecision(3);
  for (std::size_t k = 0; k <= kKinds; ++k) {
    const std::string_view name = k < kKinds ? to_string(static_cast<PrivateKind>(k)) : "all";
    std::cout << "  " << std::setw(9) << std::left << name << "precision " << table[k].precision()
              << "  recall " << table[k].recall() << "  right " << table[k].right << "  wrong "
              << table[k].wrong << "  missed " << table[k].missed << '\n';
  }
}

// What has to hold of any text.
void check_promises(const std::string& text) {
  INFO(text);
  std::size_t end = 0;
  for (const PrivateData& found : find_private(text)) {
    REQUIRE(found.begin >= end);
    REQUIRE(found.end > found.begin);
    end = found.end;
  }
  REQUIRE(end <= text.size());
  const std::string once = redact(text);
  REQUIRE(redact(once) == once);
  REQUIRE(find_private(once).empty());
}

double seconds_for(const std::string& text) {
  const std::clock_t begin = std::clock();  // of this process: the machine may be busy
  CHECK(find_private(text).size() < text.size());
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("Private data in invented posts is found to the byte, and nothing else is") {
  Table tuned, held_out;
  std::size_t lines = 0;
  for (const Vector& vector : read_vectors()) {
    judge(vector, vector.held_out ? held_out : tuned);
    ++lines;
  }
  print("private data, lines that were tuned on", tuned);
  print("private data, held-out lines", held_out);
  REQUIRE(lines >= 300);
  for (std::size_t k = 0; k <= kKinds; ++k) {
    const Counts all{tuned[k].right + held_out[k].right, tuned[k].wrong + held_out[k].wrong,
                     tuned[k].missed + held_out[k].missed};
    INFO("kind " << k);
    REQUIRE(all.precision() >= 0.98);
    REQUIRE(all.recall() >= 0.98);
  }
  for (const PrivateKind kind : {PrivateKind::iban, PrivateKind::bsn}) {
    REQUIRE(tuned[static_cast<std::size_t>(kind)].wrong == 0);
    REQUIRE(held_out[static_cast<std::size_t>(kind)].wrong == 0);
  }
}

TEST_CASE("Spans are those of the text as it was given") {
  const std::string text = "\xFF\u200B bel\n06\u200B12345678 \xC3 bsn 123456782";
  const std::vector<PrivateData> found = find_private(text);
  REQUIRE(found.size() == 2);
  CHECK(text.substr(found[0].begin, found[0].end - found[0].begin) == "06\u200B12345678");
  CHECK(text.substr(found[1].begin, found[1].end - found[1].begin) == "123456782");
  CHECK(found[1].kind == PrivateKind::bsn);
}

TEST_CASE("Mutated posts and random bytes hold every promise") {
  const std::vector<Vector> vectors = read_vectors();
  std::mt19937 random(20);
  const auto below = [&](std::size_t n) { return random() % n; };
  for (int round = 0; round < 20'000; ++round) {
    std::string text = vectors[below(vectors.size())].text;
    for (std::size_t n = below(6); n > 0 && !text.empty(); --n) {
      const std::string& other = vectors[below(vectors.size())].text;
      const std::size_t at = below(text.size());
      switch (below(5)) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + below(4));
          break;
        case 2:
          text.insert(at, other);
          break;
        case 3:
          text.insert(at, 1, "0123456789 .-/[]:#"[below(18)]);
          break;
        default:
          text.resize(at);
          break;
      }
    }
    check_promises(text);
  }
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (std::size_t n = below(80); n > 0; --n)
      text.push_back(round % 2 == 0 ? static_cast<char>(random())
                                    : "0123456789 +-./()[]:#@,abNLsn"[below(29)]);
    check_promises(text);
  }
}

TEST_CASE("A hostile text costs no more than its length") {
  seconds_for("0612345678");  // the tables of libphonenumber
  const std::size_t size = 100U << 10;
  const auto repeat = [&](std::string_view piece) {
    std::string text;
    while (text.size() < size)
      text += piece;
    return text;
  };
  std::mt19937 random(3);
  std::string digits, spaced;
  while (digits.size() < size)
    digits.push_back(static_cast<char>('0' + random() % 10));
  while (spaced.size() < size)
    spaced.push_back(random() % 3 == 0 ? ' ' : static_cast<char>('0' + random() % 10));
  double slowest = 0;
  std::string worst;
  for (const std::string& text :
       {digits, spaced, repeat("06 "), repeat("0612345678 "), repeat("+31 6 "),
        repeat("0612345678."), repeat("order "), repeat("order 1 "), repeat("klantnr-"),
        repeat("bsn is "), repeat("NL91 "), repeat("12, 1234 "), repeat("(020) "), repeat("a.b@"),
        repeat("3S"), repeat("straat 1 ")}) {
    const double took = seconds_for(text);
    INFO(text.substr(0, 20) << ": " << took << " s");
    if (took > slowest) worst = text.substr(0, 20);
    slowest = std::max(slowest, took);
    // Processor time; -O0 and sanitizers are ten times slower.
#ifdef NDEBUG
    CHECK(took < (text == digits ? 0.1 : 1.0));
#else
    CHECK(took < 10.0);
#endif
  }
  std::cout << "private data, 100 KiB of the worst: " << slowest * 1000 << " ms (" << worst
            << ")\n";
}

}  // namespace brandwacht::text
