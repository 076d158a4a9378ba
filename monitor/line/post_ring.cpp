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

bool PostRing::overwritten(std::uint64_t handle) const {
  const std::uint64_t begin = handle - 1;
  return handle == 0 || begin >= head_ || head_ - begin > capacity_;
}

PostRing::Header* PostRing::header(std::uint64_t handle) const {
  if (overwritten(handle) || handle <= loaded_) return nullptr;
  return reinterpret_cast<Header*>(ring_.get() + (handle - 1) % capacity_);
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
  if (!saved_.empty() && head_ - loaded_ > capacity_) saved_.clear();
  return handle;
}

bool PostRing::get(std::uint64_t handle, Post& out) const {
  if (handle <= loaded_) {
    const auto saved = overwritten(handle) ? saved_.end() : saved_.find(handle);
    if (saved == saved_.end()) return false;
    const auto& [post, words] = saved->second;
    out = post;
    out.platform = words[0];
    out.root_id = words[1];
    out.author = words[2];
    out.text = words[3];
    out.url = words[4];
    return true;
  }
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
  saved_.erase(handle);
  Header* found = header(handle);
  if (found == nullptr) return;
  found->erased = true;
  std::memset(reinterpret_cast<char*>(found) + sizeof(Header), 0, found->size - sizeof(Header));
}

void PostRing::save(ArchiveWriter& out) const {
  out.put(head_);
}

void PostRing::load(ArchiveReader& in) {
  in.get(head_);
  if (head_ % alignof(Header) != 0) throw ArchiveError("its ring of posts is not one");
  loaded_ = head_;
}

void PostRing::save_post(ArchiveWriter& out, std::uint64_t handle, const Post& post) {
  out.put(handle);
  out.put(post.mention);
  out.put(post.author_key);
  out.put(post.at);
  out.put(post.negative);
  out.put(post.root);
  for (const auto words : {post.platform, post.root_id, post.author, post.text, post.url})
    out.put_text(words);
}

void PostRing::load_post(ArchiveReader& in) {
  const auto handle = in.get<std::uint64_t>();
  Saved saved;
  in.get(saved.post.mention);
  in.get(saved.post.author_key);
  in.get(saved.post.at);
  in.get(saved.post.negative);
  saved.post.root = in.get_bool();
  for (std::string& words : saved.words)
    words = in.get_text();
  if (!overwritten(handle)) saved_.insert_or_assign(handle, std::move(saved));
}

}  // namespace brandwacht::line
