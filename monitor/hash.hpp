// 64-bit keys of identifiers. XXH3 gives the same value on every machine and in every version, so
// that keys may be stored. Keys are for tables and equality, not for secrecy.
#pragma once
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace brandwacht {

inline std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0) noexcept {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

// The key of something that a platform names: a mention, a thread, an author. The same native id on
// two platforms gives two keys.
inline std::uint64_t platform_key(std::string_view platform, std::string_view native_id) noexcept {
  return hash_bytes(native_id, hash_bytes(platform));
}

}  // namespace brandwacht
