// The trained model: one table from features to what each says of every output, with the
// calibration. A file of at most 4 MiB that is part of the program; see MODEL.md for what it was
// trained on. Internal to the text folder.
//
// The file is, little-endian: Header, then header.lines x Line. A feature stands in the line that
// its hash names, in one of four places.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "monitor/text/outputs.hpp"
#include "monitor/text/tokens.hpp"

namespace brandwacht::text {

class Model {
 public:
  static constexpr std::size_t kPlaces = 4;
  static constexpr std::uint32_t kFormat = 2;

  // No padding; every number is little-endian.
  struct Header {
    std::array<char, 8> magic;  // "BWTEXT" 0 0
    std::uint32_t format, version;
    std::uint32_t lines, rows;
    std::uint64_t checksum;  // of all lines
    // Calibrated log odds: scale * sum * scale_of(tokens) + bias.
    std::array<float, kOutputs> scale, bias;
    float gram_scale;  // of an unknown word's n-grams, over the root of their number
    // Of each output: added to the log odds that a text is of the desk's or the review kind.
    std::array<float, kShown> kind_bias;
    std::array<char, 80> reserved;
  };
  struct alignas(128) Line {  // two lines of a cache
    std::array<std::array<std::int8_t, kOutputs>, kPlaces> rows;
    std::array<std::uint32_t, kPlaces> keys;  // 24 bits of the hash, 8 bits of cues; 0: free
  };
  struct Found {
    const std::int8_t* row;  // kOutputs weights and four readable bytes, never null
    bool known;
    std::uint8_t cues;
  };

  // The model of the program.
  static const Model& shipped() noexcept;
  // `bytes` must outlive the model and be aligned to 128. A string: why they are no model.
  static std::variant<Model, std::string> open(std::span<const std::byte> bytes);

  const Header& header() const noexcept { return *header_; }
  // e to the power of the kind_bias.
  const std::array<float, kShown>& kind_factor() const noexcept { return kind_factor_; }

  // The feature's weights; those of an unknown one are all zero. No branch: whether a feature is
  // known cannot be foreseen.
  Found find(std::uint64_t hash) const noexcept {
    const Line& line = lines_[line_of(hash, header_->lines)];
    const std::uint32_t tag = tag_of(hash);
#if defined(__SSE2__)
    const __m128i keys = _mm_load_si128(reinterpret_cast<const __m128i*>(line.keys.data()));
    const __m128i tags = _mm_and_si128(keys, _mm_set1_epi32(static_cast<int>(0xFFFFFF00U)));
    const auto equal = static_cast<unsigned>(_mm_movemask_ps(
        _mm_castsi128_ps(_mm_cmpeq_epi32(tags, _mm_set1_epi32(static_cast<int>(tag))))));
    const auto place = static_cast<unsigned>(std::countr_zero(equal | 1U << kPlaces));
#else
    unsigned place = 0;
    while (place < kPlaces && (line.keys[place] & 0xFFFFFF00U) != tag)
      ++place;
#endif
    const bool known = place < kPlaces;
    const std::int8_t* row = line.rows[0].data() + std::size_t{place} * kOutputs;
    return {known ? row : kNone.data(), known,
            static_cast<std::uint8_t>(known ? line.keys[place & (kPlaces - 1)] : 0)};
  }
  LineTable table() const noexcept {
    return {reinterpret_cast<const std::byte*>(lines_), header_->lines};
  }

  static std::size_t line_of(std::uint64_t hash, std::uint32_t lines) noexcept {
    return static_cast<std::size_t>((hash & 0xFFFFFFFFU) * lines >> 32);
  }
  // Never zero.
  static std::uint32_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32 & 0xFFFFFF00U) | 0x100U;
  }

 private:
  Model(const Header* header, const Line* lines);

  // A row may be read as 32 bytes.
  alignas(64) static constexpr std::array<std::int8_t, 32> kNone{};

  const Header* header_;
  const Line* lines_;
  std::array<float, kShown> kind_factor_;
};
static_assert(sizeof(Model::Line) == 128);
static_assert(sizeof(Model::Header) == 384 && sizeof(Model::Header) % 128 == 0);

}  // namespace brandwacht::text
