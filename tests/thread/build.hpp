// Builders for the tests of this folder: observations with readable defaults, and keys that look
// like hashes.
#pragma once
#include <cstdint>

#include "monitor/thread/table.hpp"

namespace brandwacht::thread {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr Time kNoon{seconds{1'767'268'800}};  // 2026-01-01T12:00:00Z

// The finalizer of MurmurHash3: a bijection, so that distinct numbers stay distinct keys.
constexpr std::uint64_t key_of(std::uint64_t number) {
  number ^= number >> 33U;
  number *= 0xff51afd7ed558ccdULL;
  number ^= number >> 33U;
  number *= 0xc4ceb9fe1a85ec53ULL;
  return number ^ (number >> 33U);
}

struct Post {
  std::uint64_t id = 0;
  std::uint64_t thread = 0;  // 0: a root
  std::uint64_t author = 0;
  Time at = kNoon;
  float negative = 0.9F;
  std::uint64_t quoted = 0;
};

inline Observation observation(const Post& post) {
  Observation made;
  made.mention = key_of(post.id);
  made.thread = key_of(post.thread == 0 ? post.id : post.thread);
  made.quoted = post.quoted == 0 ? 0 : key_of(post.quoted);
  made.author = key_of(1'000'000'000 + post.author);
  made.brand = 7;
  made.created_at = made.received_at = post.at;
  made.negative = post.negative;
  return made;
}

}  // namespace brandwacht::thread
