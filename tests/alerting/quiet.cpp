// The faults that these tests make on purpose would fill the screen with critical lines.
#include <spdlog/spdlog.h>

namespace {
const bool quiet = (spdlog::set_level(spdlog::level::off), true);
}
