#include "monitor/text/features.hpp"

#include <cmath>

namespace brandwacht::text {

float scale_of(std::size_t tokens) noexcept {
  return 1 / std::sqrt(static_cast<float>(std::max<std::size_t>(tokens, 1)) + 1);
}

}  // namespace brandwacht::text
