// From starting the program to its first answer on /healthz, with an empty store, and its memory
// then.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bench/figure.hpp"
#include "bench/loopback.hpp"

extern char** environ;

namespace {

using namespace brandwacht::bench;

double resident_mb(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/statm", pid));
  double pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

struct Start {
  double milliseconds = 0, megabytes = 0;
};

Start start_once(const std::string& program, const std::filesystem::path& dir, std::uint16_t port) {
  std::filesystem::remove_all(dir);
  std::filesystem::create_directories(dir);
  const std::string config = dir / "brandwacht.toml";
  std::ofstream(config) << fmt::format(
      "[daemon]\nlisten = \"127.0.0.1:{}\"\ndata_dir = \"data\"\nlog_level = "
      "\"error\"\n[[brand]]\nname = \"Polderbank\"\n"
      "terms = [\"polderbank\"]\n[[receiver]]\ntype = \"log\"\n",
      port);
  std::string words[] = {program, "run", "-c", config};
  char* argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  pid_t pid = 0;
  const auto start = Wall::now();
  require(::posix_spawn(&pid, program.c_str(), nullptr, nullptr, argv, environ) == 0,
          "the program cannot be started");
  double seconds = 0;
  while (seconds == 0) {
    LoopbackClient client(port);
    if (client.connected()) {
      client.get("/healthz");
      if (client.answer() == 200)
        seconds = std::chrono::duration<double>(Wall::now() - start).count();
    }
    require(Wall::now() - start < std::chrono::seconds{10}, "the daemon does not answer");
    ::usleep(200);
  }
  const double megabytes = resident_mb(pid);
  ::kill(pid, SIGTERM);
  int status = 0;
  ::waitpid(pid, &status, 0);
  require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the daemon did not end cleanly");
  return {seconds * 1000, megabytes};
}

}  // namespace

int main(int argc, char** argv) {
  require(argc == 2, "usage: startup PROGRAM");
  const auto dir =
      std::filesystem::temp_directory_path() / fmt::format("brandwacht-startup-{}", ::getpid());
  std::vector<double> milliseconds, megabytes;
  for (std::uint16_t i = 0; i < 11; ++i) {
    const auto port = static_cast<std::uint16_t>(20000 + (::getpid() + i) % 20000);
    const Start start = start_once(argv[1], dir, port);
    milliseconds.push_back(start.milliseconds);
    megabytes.push_back(start.megabytes);
  }
  std::filesystem::remove_all(dir);
  fmt::print("startup to the first answer: median {:.0f} ms of 11 starts, worst {:.0f} ms\n",
             median(milliseconds), quantile(milliseconds, 1));
  figure("startup", median(milliseconds), "ms");
  figure("startup_resident", median(megabytes), "MB");
}
