#include "monitor/daemon/problems.hpp"

#include <cstdio>
#include <string>

#include "monitor/daemon/terminal.hpp"

namespace brandwacht::daemon {

void print_problems(const config::Problems& problems, int fd) {
  const Paint paint{colour_on(fd)};
  for (const auto& problem : problems.sorted()) {
    std::string line = to_string(problem);
    const std::string word = problem.warning ? "warning:" : "error:";
    if (const auto at = line.find(word); paint.on && at != std::string::npos)
      line.replace(at, word.size(), problem.warning ? paint.yellow(word) : paint.red(word));
    line += '\n';
    std::fputs(line.c_str(), fd == 1 ? stdout : stderr);
  }
}

}  // namespace brandwacht::daemon
