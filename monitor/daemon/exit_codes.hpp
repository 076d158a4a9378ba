// sysexits(3), by the names used here. systemd is told not to restart on 78.
#pragma once

namespace brandwacht::daemon {

enum ExitCode : int {
  kOk = 0,
  kUsage = 64,        // wrong arguments
  kDataError = 65,    // input that is not what it should be
  kNoInput = 66,      // an input file that cannot be read
  kUnavailable = 69,  // a port in use, a directory that another daemon holds
  kSoftware = 70,     // a defect of ours
  kCannotCreate = 73,
  kIoError = 74,
  kTempFail = 75,  // ended with something unfinished; it goes on at the next start
  kConfig = 78,
};

}  // namespace brandwacht::daemon
