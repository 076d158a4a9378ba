#include "monitor/text/model.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <exception>

#include "monitor/hash.hpp"

extern "C" const std::byte brandwacht_model_begin[], brandwacht_model_end[];

namespace brandwacht::text {

static_assert(std::endian::native == std::endian::little, "a model file is little-endian");

Model::Model(const Header* header, const Line* lines) : header_(header), lines_(lines) {
  for (std::size_t o = 0; o < kShown; ++o)
    kind_factor_[o] = std::exp(header->kind_bias[o]);
}

std::variant<Model, std::string> Model::open(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(Header) ||
      reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(Line) != 0)
    return "it is too short";
  const auto* header = reinterpret_cast<const Header*>(bytes.data());
  if (std::memcmp(header->magic.data(), "BWTEXT\0\0", 8) != 0) return "it is no text model";
  if (header->format != kFormat)
    return "its format is " + std::to_string(header->format) + ", this program reads " +
           std::to_string(kFormat);
  const std::span<const std::byte> rest = bytes.subspan(sizeof(Header));
  if (header->lines == 0 || rest.size() != std::size_t{header->lines} * sizeof(Line))
    return "it is cut off";
  if (hash_bytes({reinterpret_cast<const char*>(rest.data()), rest.size()}) != header->checksum)
    return "its checksum is wrong";
  return Model(header, reinterpret_cast<const Line*>(rest.data()));
}

const Model& Model::shipped() noexcept {
  static const Model model = [] {
    auto opened = open({brandwacht_model_begin,
                        static_cast<std::size_t>(brandwacht_model_end - brandwacht_model_begin)});
    if (!std::holds_alternative<Model>(opened)) std::terminate();  // the program itself is damaged
    return std::get<Model>(opened);
  }();
  return model;
}

}  // namespace brandwacht::text
