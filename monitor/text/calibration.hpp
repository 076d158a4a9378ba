// What each feature is worth. Fitted by tests/text/fit_scorer.cpp; change it together with
// kScorerVersion.
//
// Fitted on half of tests/text/invented.tsv and, with smaller shares, on the training parts of
// public sets: complaints to companies (English), shop reviews (Dutch), political tweets (Dutch)
// and tweet sentiment (English).
#pragma once
#include <array>

#include "monitor/text/features.hpp"

namespace brandwacht::text {

inline constexpr double kBase = -0.753;  // log odds of a post without features

inline constexpr std::array<float, kFeatures> kWeights = {
    0.00F,   // none
    1.51F,   // bad word
    -0.56F,  // good word
    2.41F,   // bad service word
    -1.29F,  // good service word
    2.36F,   // complaint
    2.21F,   // joiner
    -2.30F,  // praise
    -1.57F,  // neutral
    1.87F,   // bad emoji
    -1.61F,  // good emoji
    0.97F,   // negation
    0.74F,   // broken
    0.88F,   // swearing
    0.00F,   // exclamation, bad
    -0.31F,  // exclamation, good
    -0.15F,  // exclamation
    0.00F,   // question
    0.72F,   // capitals
    0.00F,   // elongation
    -0.90F,  // link
    0.00F,   // addressed
    0.17F,   // first person
    0.59F,   // second person
};

// Beyond this the scorer has seen too little to be surer: 1.8 % to 98.2 %.
inline constexpr double kMaxLogOdds = 4.0;

}  // namespace brandwacht::text
