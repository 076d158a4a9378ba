#include "alerting/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kOutputKept = 4096;
constexpr int kLook = 200;  // ms

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

// A file in memory: a program that does not read its input neither hangs us nor kills us.
bool fill(Descriptor& file, std::string_view input) {
  file.reset(::memfd_create("brandwacht-page", MFD_CLOEXEC));
  while (!input.empty()) {
    const auto count = ::write(file.get(), input.data(), input.size());
    if (count <= 0) return false;
    input.remove_prefix(static_cast<std::size_t>(count));
  }
  return file.get() >= 0 && ::lseek(file.get(), 0, SEEK_SET) == 0;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const auto& word : words)
    out.push_back(const_cast<char*>(word.c_str()));  // posix_spawn changes nothing
  out.push_back(nullptr);
  return out;
}

// 0, or an errno.
int spawn(const Program& program, int input, int output, pid_t& pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, output, 2);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  posix_spawnattr_setflags(&how,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&how, 0);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setsigdefault(&how, &all);
  const int failure =
      ::posix_spawn(&pid, program.argv.front().c_str(), &files, &how, pointers(program.argv).data(),
                    pointers(program.environment).data());
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  return failure;
}

// False: the end of it.
bool read_some(int from, std::string& output) {
  char buffer[4096];
  const auto count = ::read(from, buffer, sizeof buffer);
  if (count <= 0) return count < 0 && (errno == EAGAIN || errno == EINTR);
  output.append(buffer, std::min(static_cast<std::size_t>(count),
                                 kOutputKept - std::min(kOutputKept, output.size())));
  return true;
}

ProgramRun ended(pid_t pid, ProgramRun out) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (out.end == ProgramRun::End::late || out.end == ProgramRun::End::stopped) return out;
  out.end = WIFEXITED(status) ? ProgramRun::End::exited : ProgramRun::End::killed;
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  return out;
}

ProgramRun unstarted(int failure) {
  ProgramRun out;
  out.output = std::strerror(failure);
  return out;
}

// Until the program itself has ended; what it left running keeps nobody waiting.
ProgramRun watch(pid_t pid, int output, Duration within, const std::atomic<bool>& stop) {
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const auto until = std::chrono::steady_clock::now() + within;
  ProgramRun out;
  bool listens = true;
  for (;;) {
    pollfd wanted[2] = {{process.get(), POLLIN, 0}, {listens ? output : -1, POLLIN, 0}};
    ::poll(wanted, 2, kLook);
    if ((wanted[1].revents & (POLLIN | POLLHUP)) != 0) listens = read_some(output, out.output);
    if ((wanted[0].revents & POLLIN) != 0) break;
    const bool late = std::chrono::steady_clock::now() >= until;
    if (!late && !stop.load()) continue;
    out.end = late ? ProgramRun::End::late : ProgramRun::End::stopped;
    ::kill(-pid, SIGKILL);
    break;
  }
  while (listens && out.output.size() < kOutputKept) {
    pollfd rest{output, POLLIN, 0};
    if (::poll(&rest, 1, 0) <= 0 || (rest.revents & POLLIN) == 0) break;
    listens = read_some(output, out.output);
  }
  return ended(pid, std::move(out));
}

}  // namespace

ProgramRun run_program(const Program& program, const std::atomic<bool>& stop) {
  Descriptor input;
  int ends[2];
  if (!fill(input, program.input) || ::pipe2(ends, O_CLOEXEC) != 0) return unstarted(errno);
  const Descriptor output(ends[0]);
  Descriptor theirs(ends[1]);
  ::fcntl(output.get(), F_SETFL, O_NONBLOCK);
  pid_t pid = -1;
  if (const int failure = spawn(program, input.get(), theirs.get(), pid)) return unstarted(failure);
  theirs.reset();
  return watch(pid, output.get(), program.within, stop);
}

}  // namespace brandwacht::alerting
