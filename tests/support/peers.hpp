// Programs from npm that some tests run (`make peers`).
#pragma once
#include <filesystem>
#include <string>

#include "tests/support/program.hpp"

namespace brandwacht::test {

inline constexpr const char* kPeers = BRANDWACHT_SOURCE "/build/peers";
inline constexpr const char* kSupport = BRANDWACHT_SOURCE "/tests/support";

inline bool have_peer(const std::string& package) {
  return have_program("node") &&
         std::filesystem::exists(std::string(kPeers) + "/node_modules/" + package);
}

}  // namespace brandwacht::test
