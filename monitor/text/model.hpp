// The trained model: one table from features to what each says of every output, with the
// calibration. A file of at most 4 MiB that is part of the program; see MODEL.md for what it was
// trained on. Internal to the text folder.
//
// The file is, little-endian: Header, then header.lines x Line. A feature stands in the line that
// its hash names, in one of three places.
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
  static constexpr std::size_t kPlaces = 3;
  static constexpr std::uint32_t kFormat = 1;

  struct Calibration {
    float a = 1, b = 0;  // log odds = a z + b, Platt
  };
  // No padding; every number is little-endian.
  struct Header {
    std::array<char, 8> magic;  // "BWTEXT" 0 0
    std::uint32_t format, version;
    std::uint32_t lines, rows;
    std::uint64_t checksum;                   // of all lines
    std::array<float, kOutputs> scale, bias;  // z = scale * sum * scale_of(tokens) + bias
    // Of posts to or about companies, and of others: the two are not equally often angry or rude.
    std::array<Calibration, kOutputs> own, open;
    Calibration gate;  // how much a post is one to or about a company
    float gram_scale;  // of an unknown word's n-grams, over the root of their number
    float grievance;   // what grievance adds to sentiment for `negative`, per unit of its z
    std::array<char, 16> reserved;
  };
  struct alignas(64) Line {
    std::array<std::array<std::int8_t, kOutputs>, kPlaces> rows;
    std::array<std::uint32_t, kPlaces + 1> keys;  // 24 bits of the hash, 8 bits of cues; 0: free;
                                                  // the last is always free
  };
  struct Found {
    const std::int8_t* row;  // kOutputs weights, never null
    bool known;
    std::uint8_t cues;
  };

  // The model of the program.
  static const Model& shipped() noexcept;
  // `bytes` must outlive the model and be aligned to 64. A string: why they are no model.
  static std::variant<Model, std::string> open(std::span<const std::byte> bytes);

  const Header& header() const noexcept { return *header_; }

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
    const unsigned place = static_cast<unsigned>(std::countr_zero(equal | 8U));
#else
    unsigned place = 0;
    while (place < kPlaces && (line.keys[place] & 0xFFFFFF00U) != tag)
      ++place;
#endif
    const std::int8_t* row =
        place < kPlaces ? line.rows[0].data() + place * kOutputs : kNone.data();
    return {row, place < kPlaces, static_cast<std::uint8_t>(line.keys[place])};
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
  Model(const Header* header, const Line* lines) : header_(header), lines_(lines) {}

  alignas(16) static constexpr std::array<std::int8_t, kOutputs> kNone{};

  const Header* header_;
  const Line* lines_;
};
static_assert(sizeof(Model::Line) == 64);
static_assert(sizeof(Model::Header) == 448 && sizeof(Model::Header) % 64 == 0);

}  // namespace brandwacht::text
