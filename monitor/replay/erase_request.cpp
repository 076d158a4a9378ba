#include "monitor/replay/erase_request.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <fstream>
#include <string>
#include <system_error>

namespace brandwacht::replay {
namespace {

constexpr std::string_view kPrefix = "erase-", kSuffix = ".ask";

}  // namespace

std::filesystem::path ask_to_erase(const std::filesystem::path& directory,
                                   const EraseRequest& request) {
  const auto moment = std::chrono::steady_clock::now().time_since_epoch().count();
  const auto file = directory / fmt::format("{}{}-{}{}", kPrefix, ::getpid(), moment, kSuffix);
  std::filesystem::path temporary = file;
  temporary += ".new";
  std::ofstream out(temporary, std::ios::binary);
  for (const auto key : request.mentions)
    out << fmt::format("m {:016x}\n", key);
  for (const auto key : request.authors)
    out << fmt::format("a {:016x}\n", key);
  out.close();
  if (!out) throw std::system_error(errno, std::generic_category(), temporary.string());
  std::filesystem::rename(temporary, file);
  return file;
}

EraseRequest erase_requests(const std::filesystem::path& directory) {
  EraseRequest request;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(directory, absent)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      std::uint64_t key = 0;
      if (line.size() != 18 || (line[0] != 'm' && line[0] != 'a')) continue;
      if (std::from_chars(&line[2], &line[2] + 16, key, 16).ptr != &line[2] + 16) continue;
      (line[0] == 'm' ? request.mentions : request.authors).push_back(key);
    }
    request.files.push_back(entry.path());
  }
  return request;
}

}  // namespace brandwacht::replay
