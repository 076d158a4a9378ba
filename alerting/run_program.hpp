// Runs a program to its end: no shell, its own process group, nothing inherited but what is said.
#pragma once
#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

struct ProgramRun {
  enum class End : std::uint8_t {
    exited,    // `status`
    killed,    // by a signal of somebody else, `status`
    late,      // after the deadline; its whole group was killed
    stopped,   // on our side; likewise
    unstarted  // `output` says why
  };
  End end = End::unstarted;
  int status = 0;
  std::string output;  // of stdout and stderr, the first 4 KiB; the rest is read and dropped
};

struct Program {
  std::vector<std::string> argv;         // [0]: a path, or searched in the PATH of `environment`
  std::vector<std::string> environment;  // "NAME=value": all that it gets
  std::string input;                     // what it reads on stdin
  Duration within{0};
};

// Blocks; for a thread of a pool. `stop` is looked at five times a second.
ProgramRun run_program(const Program& program, const std::atomic<bool>& stop);

}  // namespace brandwacht::alerting
