// Lines of a file that ends in .gz, read through `gzip -dc`; a bench only.
#pragma once
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace brandwacht::bench {

// Calls `line` with each line, without its newline and with room for simdjson behind it. False:
// there is no such file.
inline bool for_each_line(const std::filesystem::path& file,
                          const std::function<void(std::string_view)>& line) {
  if (!std::filesystem::exists(file)) return false;
  const std::string command = "gzip -dc '" + file.string() + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  if (!pipe) return false;
  char* buffer = nullptr;
  std::size_t capacity = 0;
  std::string text;
  for (ssize_t size = 0; (size = ::getline(&buffer, &capacity, pipe.get())) > 0;) {
    text.assign(buffer, static_cast<std::size_t>(size));
    if (text.back() == '\n') text.pop_back();
    text.reserve(text.size() + 64);
    line(text);
  }
  std::free(buffer);
  return true;
}

}  // namespace brandwacht::bench
