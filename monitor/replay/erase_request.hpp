// How another process asks whoever writes a recording to erase at once: a file with keys in the
// recording's directory, put there whole, and gone when it is done.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace brandwacht::replay {

struct EraseRequest {
  std::vector<std::uint64_t> mentions, authors;
  std::vector<std::filesystem::path> files;  // of a taken one: to be removed when it is done
  bool empty() const { return files.empty(); }
};

// Gives the file. Throws std::system_error.
std::filesystem::path ask_to_erase(const std::filesystem::path& directory,
                                   const EraseRequest& request);
// All requests that are waiting, as one. Empty when there is none.
EraseRequest erase_requests(const std::filesystem::path& directory);

}  // namespace brandwacht::replay
