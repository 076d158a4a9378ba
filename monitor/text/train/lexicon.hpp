// What word lists know of words before any text was read: see data/NOTICE for where they are from.
#pragma once
#include "monitor/text/train/trainer.hpp"

namespace brandwacht::text::train {

// Each list's polarities in three grades of good and three of bad, as classes of words.
Priors lexicon_priors();

}  // namespace brandwacht::text::train
