#include "monitor/line/judged.hpp"

namespace brandwacht::line {

text::Score to_decimals(text::Score score) noexcept {
  for (float* p : {&score.negative, &score.positive, &score.anger, &score.complaint, &score.abuse,
                   &score.threat, &score.hate, &score.spam, &score.call_to_action, &score.concrete,
                   &score.joins})
    *p =
        static_cast<float>(static_cast<double>(static_cast<int>(*p * 10'000.0F + 0.5F)) / 10'000.0);
  return score;
}

}  // namespace brandwacht::line
