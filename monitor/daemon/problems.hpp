// Problems of a configuration, for people.
#pragma once
#include "config/reader.hpp"

namespace brandwacht::daemon {

// One line each, in the order of the file, coloured on a terminal.
void print_problems(const config::Problems& problems, int fd);

}  // namespace brandwacht::daemon
