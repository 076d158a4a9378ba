#include "monitor/line/post_ring.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace brandwacht::line {

struct PostRing::Header {
  std::uint64_t mention, author_key;
  Time at;
  float negative;
  std::uint32_t size;  // with this header, a multiple of its alignment
  std::array<std::uint16_t, 5> lengths;
  bool root, erased;
};

PostRing::PostRing(std::size_t bytes)
    : capacity_(std::max<std::size_t>(bytes, 64 << 10) / 64 * 64), ring_(new char[capacity_]) {}

PostRing::Header* PostRing::header(std::uint64_t handle) const {
  const std::uint64_t begin = handle - 1;
  if (handle == 0 || begin >= head_ || head_ - begin > capacity_) return nullptr;
  return reinterpret_cast<Header*>(ring_.get() + begin % capacity_);
}

std::uint64_t PostRing::put(const Post& post) {
  const std::array<std::string_view, 5> parts{
      post.platform.substr(0, kMaxId), post.root_id.substr(0, kMaxId),
      post.author.substr(0, kMaxName), post.text.substr(0, kMaxText),
      post.url.size() > kMaxUrl ? std::string_view{} : post.url};
  Header header{post.mention, post.author_key, post.at, post.negative, sizeof(Header),
                {},           post.root,       false};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    header.lengths[i] = static_cast<std::uint16_t>(parts[i].size());
    header.size += static_cast<std::uint32_t>(parts[i].size());
  }
  header.size = (header.size + alignof(Header) - 1) / alignof(Header) * alignof(Header);
  const std::size_t tail = capacity_ - head_ % capacity_;
  if (tail < header.size) head_ += tail;  // an entry does not wrap
  char* at = ring_.get() + head_ % capacity_;
  std::memcpy(at, &header, sizeof header);
  at += sizeof header;
  for (const auto& part : parts) {
    if (!part.empty()) std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  const std::uint64_t handle = head_ + 1;
  head_ += header.size;
  return handle;
}

bool PostRing::get(std::uint64_t handle, Post& out) const {
  const Header* found = header(handle);
  if (found == nullptr || found->erased) return false;
  out.mention = found->mention;
  out.author_key = found->author_key;
  out.at = found->at;
  out.negative = found->negative;
  out.root = found->root;
  const char* at = reinterpret_cast<const char*>(found) + sizeof(Header);
  std::string_view* const parts[] = {&out.platform, &out.root_id, &out.author, &out.text, &out.url};
  for (std::size_t i = 0; i < 5; ++i) {
    *parts[i] = {at, found->lengths[i]};
    at += found->lengths[i];
  }
  return true;
}

void PostRing::erase(std::uint64_t handle) {
  Header* found = header(handle);
  if (found == nullptr) return;
  found->erased = true;
  std::memset(reinterpret_cast<char*>(found) + sizeof(Header), 0, found->size - sizeof(Header));
}

}  // namespace brandwacht::line
