// A program beside a test: started, listened to line by line, ended by its own pid.
#pragma once
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace brandwacht::test {

inline bool have_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

class Program {
 public:
  // argv[0] is searched in PATH. What it writes to stderr is dropped.
  explicit Program(std::vector<std::string> argv) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    std::vector<char*> raw;
    for (auto& word : argv)
      raw.push_back(word.data());
    raw.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      const int nowhere = ::open("/dev/null", O_RDWR);
      ::dup2(nowhere, 0);
      ::dup2(ends[1], 1);
      ::dup2(nowhere, 2);
      ::execvp(raw[0], raw.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~Program() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    ::close(out_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The next line that it prints, without the newline; nullopt: none within `patience`, or its end.
  std::optional<std::string> line(std::chrono::milliseconds patience = std::chrono::milliseconds{
                                      10'000}) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
      if (const auto end = read_.find('\n'); end != std::string::npos) {
        std::string out = read_.substr(0, end);
        read_.erase(0, end + 1);
        return out;
      }
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          until - std::chrono::steady_clock::now());
      pollfd wanted{out_, POLLIN, 0};
      if (left.count() <= 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) <= 0) return {};
      char buffer[4096];
      const auto count = ::read(out_, buffer, sizeof buffer);
      if (count <= 0) return {};
      read_.append(buffer, static_cast<std::size_t>(count));
    }
  }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  std::string read_;
};

}  // namespace brandwacht::test
