// The state of the program as bytes, for a snapshot: for the same version on the same kind of
// machine, so numbers and plain structs go as they lie in memory. Every length is checked against
// what is left before anything is allocated; whoever keeps the bytes adds the checksum.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace brandwacht {

// One sentence: these bytes are no such state, or one of another version or of other settings.
class ArchiveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <class T>
concept Plain = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;

template <Plain T>
void clear_padding([[maybe_unused]] T& value) noexcept {
#if __has_builtin(__builtin_clear_padding)  // not Clang's, with which nothing is shipped
  __builtin_clear_padding(&value);
#endif
}

class ArchiveWriter {
 public:
  // Bytes between members are written as zeros: they hold what lay there before, such as a post.
  template <Plain T>
  void put(const T& value) {
    T bare = value;
    clear_padding(bare);
    out_.append(reinterpret_cast<const char*>(&bare), sizeof bare);
  }
  void put_text(std::string_view text) {
    put(std::uint64_t{text.size()});
    out_ += text;
  }
  // A part begins with its name, its version and the sizes of the structs in it.
  void begin(std::string_view name, std::uint32_t version,
             std::initializer_list<std::size_t> sizes = {}) {
    put_text(name);
    put(version);
    put(static_cast<std::uint32_t>(sizes.size()));
    for (const std::size_t size : sizes)
      put(std::uint64_t{size});
  }
  std::size_t size() const noexcept { return out_.size(); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Throws ArchiveError.
class ArchiveReader {
 public:
  explicit ArchiveReader(std::string_view bytes) : rest_(bytes) {}

  template <Plain T>
  T get() {
    T value;
    std::memcpy(static_cast<void*>(&value), need(sizeof value), sizeof value);
    return value;
  }
  template <Plain T>
  void get(T& value) {
    value = get<T>();
  }
  bool get_bool() { return get<std::uint8_t>() != 0; }
  std::string_view get_text() {
    const std::uint64_t size = count(1);
    return {need(size), static_cast<std::size_t>(size)};
  }
  // How many follow, each of at least `least` bytes.
  std::uint64_t count(std::size_t least) {
    const auto many = get<std::uint64_t>();
    if (many > rest_.size() / least) throw ArchiveError("a length in it is too large");
    return many;
  }
  void begin(std::string_view name, std::uint32_t version,
             std::initializer_list<std::size_t> sizes = {}) {
    bool same = get_text() == name && get<std::uint32_t>() == version &&
                get<std::uint32_t>() == sizes.size();
    for (auto size = sizes.begin(); same && size != sizes.end(); ++size)
      same = get<std::uint64_t>() == *size;
    if (!same) throw ArchiveError("another version wrote its " + std::string(name));
  }
  bool done() const noexcept { return rest_.empty(); }

 private:
  const char* need(std::uint64_t bytes) {
    if (bytes > rest_.size()) throw ArchiveError("it ends too early");
    const char* const at = rest_.data();
    rest_.remove_prefix(static_cast<std::size_t>(bytes));
    return at;
  }

  std::string_view rest_;
};

// The brands of an archive by their number there: the number now, or kNoBrand.
inline constexpr std::uint32_t kNoBrand = UINT32_MAX;
struct BrandNumbers {
  std::span<const std::uint32_t> now;
  std::uint32_t of(std::uint32_t then) const noexcept {
    return then < now.size() ? now[then] : kNoBrand;
  }
  bool same() const noexcept {
    for (std::uint32_t i = 0; i < now.size(); ++i)
      if (now[i] != i) return false;
    return true;
  }
};

}  // namespace brandwacht
