#include "connectors/zstd_frames.hpp"

#include <zstd.h>

#include <new>
#include <stdexcept>

namespace brandwacht::connectors {
namespace {
constexpr std::size_t kPadding = 64;  // simdjson reads that far behind a document
}

std::uint32_t zstd_dictionary_id(std::string_view dictionary) noexcept {
  return ZSTD_getDictID_fromDict(dictionary.data(), dictionary.size());
}

void ZstdFrames::Free::operator()(ZSTD_DCtx_s* context) const noexcept {
  ZSTD_freeDCtx(context);
}
void ZstdFrames::Free::operator()(ZSTD_DDict_s* dictionary) const noexcept {
  ZSTD_freeDDict(dictionary);
}

ZstdFrames::ZstdFrames(std::string_view dictionary, std::size_t max_content)
    : max_content_(max_content), context_(ZSTD_createDCtx()), buffer_(kPadding) {
  // Any bytes pass for a raw dictionary without an id, and then every frame would fail without a
  // reason.
  if (zstd_dictionary_id(dictionary) == 0) throw std::invalid_argument("not a zstd dictionary");
  dictionary_.reset(ZSTD_createDDict(dictionary.data(), dictionary.size()));
  if (dictionary_ == nullptr) throw std::invalid_argument("a damaged zstd dictionary");
  if (context_ == nullptr) throw std::bad_alloc();
}

ZstdFrames::~ZstdFrames() = default;

std::optional<std::string_view> ZstdFrames::decode(std::string_view frame) {
  // Both error codes of this function are larger than any limit.
  const auto content = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (content > max_content_) return std::nullopt;
  const auto size = static_cast<std::size_t>(content);
  if (buffer_.size() < size + kPadding) buffer_.resize(size + kPadding);
  const auto written = ZSTD_decompress_usingDDict(context_.get(), buffer_.data(), size,
                                                  frame.data(), frame.size(), dictionary_.get());
  if (ZSTD_isError(written) != 0) return std::nullopt;
  return std::string_view(buffer_.data(), written);
}

}  // namespace brandwacht::connectors
