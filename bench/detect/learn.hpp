// The product's model, learnt from the training weeks.
#pragma once
#include "bench/detect/watch.hpp"

namespace brandwacht::bench {

std::shared_ptr<const thread::Model> learn(const Recorded& recorded);

// The lowest theta_page that sends at most `most` pages in the training weeks.
thread::DecisionSettings tune(const Recorded& recorded,
                              const std::shared_ptr<const thread::Model>& model, std::size_t most);

}  // namespace brandwacht::bench
