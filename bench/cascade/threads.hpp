// Real threads, in numbers: who posted when. Read from the folder of shared data, never copied.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht::bench {

struct Post {
  std::int32_t after = 0;  // seconds since the root
  std::uint64_t author = 0;
};

struct RealThread {
  std::uint64_t key = 0, author = 0;  // the root's
  Time began{};
  std::vector<Post> posts;          // without the root, in order of time
  std::vector<std::int32_t> joins;  // seconds at which another person joined, rising

  // People who joined within (from, until] seconds.
  int joined(std::int64_t from, std::int64_t until) const;
};

// Empty: the file is not there.
std::vector<RealThread> read_threads(const std::filesystem::path& file);

// A row of the bench: decided `age` minutes after the root, will `further` more join within 6 h?
struct Question {
  int age, further;
};
inline constexpr std::array<Question, 4> kQuestions{{{10, 100}, {30, 100}, {60, 100}, {60, 30}}};
inline constexpr std::int32_t kAhead = 6 * 3600;
inline constexpr int kLeastJoiners = 5;

// Of a thread that has kLeastJoiners at that age.
struct Decided {
  std::size_t thread = 0;
  int joiners = 0;
  std::array<double, 4> counts{};  // ln(1 + joined in the last 2, 10 and 30 min, and in all)
  bool yes = false;
};
std::vector<Decided> decide_all(const std::vector<RealThread>& threads, const Question& question);

}  // namespace brandwacht::bench
