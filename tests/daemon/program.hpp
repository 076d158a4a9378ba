// Runs the built program as a user would.
#pragma once
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace brandwacht::test {

struct Ran {
  int status = -1;
  std::string out;  // stdout and stderr together
};

// `line` is a shell command in which $BW is the program.
inline Ran shell(const std::string& line) {
  Ran ran;
  const std::string command = "BW='" BRANDWACHT_PROGRAM "'; exec 2>&1; " + line;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> part{};
  while (const auto got = std::fread(part.data(), 1, part.size(), pipe))
    ran.out.append(part.data(), got);
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace brandwacht::test
