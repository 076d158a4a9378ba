// Decompresses the binary messages of Jetstream: each is one zstd frame made with a dictionary both
// sides hold.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_DCtx_s;
struct ZSTD_DDict_s;

namespace brandwacht::connectors {

// The id in the head of a zstd dictionary; 0: these bytes are none.
std::uint32_t zstd_dictionary_id(std::string_view dictionary) noexcept;

// Reused from frame to frame; not for two threads at once.
class ZstdFrames {
 public:
  // A frame that says it holds more than `max_content` bytes, or does not say, is refused before
  // any byte of it is decompressed. Throws std::invalid_argument when `dictionary` is not a zstd
  // dictionary.
  explicit ZstdFrames(std::string_view dictionary, std::size_t max_content = 4 << 20);
  ~ZstdFrames();
  ZstdFrames(const ZstdFrames&) = delete;
  ZstdFrames& operator=(const ZstdFrames&) = delete;

  // The content, followed by 64 readable bytes; valid until the next call. Nothing: not a frame,
  // made with another dictionary, damaged, or too large.
  std::optional<std::string_view> decode(std::string_view frame);

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const noexcept;
    void operator()(ZSTD_DDict_s* dictionary) const noexcept;
  };

  std::size_t max_content_;
  std::unique_ptr<ZSTD_DDict_s, Free> dictionary_;
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
  std::vector<char> buffer_;
};

}  // namespace brandwacht::connectors
