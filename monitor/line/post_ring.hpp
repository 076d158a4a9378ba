// The posts that a page might show, as they came, in a ring of fixed size: keeping one is a copy of
// its bytes and no allocation, and the oldest are overwritten. Raw text never leaves: Stories
// redacts what it shows.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "monitor/archive.hpp"
#include "monitor/time.hpp"

namespace brandwacht::line {

struct Post {
  std::uint64_t mention = 0, author_key = 0;
  Time at{};
  float negative = 0;
  bool root = false;
  // In the ring: until the next put(). `root_id` is empty for a post that came in by a quote.
  std::string_view platform, root_id, author, text, url;
};

class PostRing {
 public:
  static constexpr std::size_t kMaxText = 2048, kMaxName = 256, kMaxUrl = 512,
                               kMaxId = 512;  // bytes; longer is cut

  explicit PostRing(std::size_t bytes);

  // A handle, never 0. Valid until as many bytes as the ring holds were put behind it.
  std::uint64_t put(const Post& post);
  // False: overwritten or erased.
  bool get(std::uint64_t handle, Post& out) const;
  void erase(std::uint64_t handle);  // overwrites its words with zeros

  // The place in the ring, and one post after the other. What was saved has its old handle and is
  // overwritten when it would have been, whatever its size is now. Redacted words only.
  void save(ArchiveWriter& out) const;
  void load(ArchiveReader& in);  // into an empty ring
  static void save_post(ArchiveWriter& out, std::uint64_t handle, const Post& post);
  void load_post(ArchiveReader& in);

  std::size_t bytes() const { return capacity_; }

 private:
  struct Header;
  struct Saved {
    Post post;
    std::string words[5];
  };
  Header* header(std::uint64_t handle) const;
  bool overwritten(std::uint64_t handle) const;

  std::size_t capacity_;
  std::unique_ptr<char[]> ring_;  // pages are touched, and so paid for, only once they are written
  std::uint64_t head_ = 0;        // bytes put since the start, skipped tails included
  std::uint64_t loaded_ = 0;      // head_ after load(): what was put before is in saved_
  std::unordered_map<std::uint64_t, Saved> saved_;
};

}  // namespace brandwacht::line
