// A seeded stream of invented mentions, as a platform would send it: threads that heat up and cool,
// duplicates, edits, deletes, quotes, authors who vanish, private data in the text.
#pragma once
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/line/scene.hpp"

namespace brandwacht::replay::scene {
using namespace line::scene;

inline std::vector<Mention> stream(std::uint64_t seed, int count) {
  using namespace std::chrono_literals;
  std::mt19937_64 random(seed);
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(below));
  };
  std::vector<Mention> out;
  std::vector<std::string> roots;
  Time now = kStart + Duration{pick(1'000'000)};
  for (int i = 0; i < count; ++i) {
    now += Duration{pick(20'000'000)};
    if (pick(400) == 0) now += 3h;  // a quiet night: threads cool
    const std::string id = "m" + std::to_string(i);
    const std::string author = "author" + std::to_string(pick(300));
    const bool angry = pick(3) > 0;
    const int what = pick(100);
    Mention next;
    if (roots.empty() || what < 6) {
      next = post(id, author,
                  angry ? "Polderbank ligt er weer uit, schandalig! Bel mij: 06-12345678"
                        : "Lumolo heeft nieuwe openingstijden",
                  now);
      if (!roots.empty() && pick(4) == 0) next.quoted = roots.back();
      roots.push_back(id);
    } else if (what < 10 && !out.empty()) {
      next = out[static_cast<std::size_t>(pick(static_cast<int>(out.size())))];
      next.received_at = now;
      const int how = pick(4);
      if (how == 1 && next.kind == MentionKind::create) next.kind = MentionKind::edit;
      if (how == 2) next.kind = MentionKind::remove;
      if (how == 3) next.kind = MentionKind::author_gone;
      if (next.kind == MentionKind::edit) next.text = angry ? kAngry : kHappy;
    } else {
      const auto hot = roots.size() - 1 - std::min<std::size_t>(roots.size() - 1, random() % 3);
      next = reply(id, roots[hot], author, angry ? kAngry : kHappy, now);
      if (pick(5) == 0) next.text += " Mail piet" + std::to_string(i) + "@post.example";
    }
    next.received_at = now;
    out.push_back(next);
  }
  return out;
}

}  // namespace brandwacht::replay::scene
