// As on a full disk: while it lives, no file of this process may grow.
#pragma once
#include <sys/resource.h>

#include <csignal>

namespace brandwacht::alerting {

class FullDisk {
 public:
  FullDisk() {
    old_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    rlimit small = old_;
    small.rlim_cur = 16;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, old_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit old_{};
  sighandler_t old_handler_ = nullptr;
};

}  // namespace brandwacht::alerting
