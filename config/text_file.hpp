// Reads a whole small file, with every fault as one sentence.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>

namespace brandwacht::config {

struct TextFile {
  std::string text;
  std::string fault;  // empty: `text` is the whole file
  bool world_readable = false;
};

// Refuses what is not a regular file (a fifo would block for ever) and what is larger than
// `max_bytes`.
TextFile read_text_file(const std::filesystem::path& file, std::size_t max_bytes);

}  // namespace brandwacht::config
