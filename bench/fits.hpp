// The product's judging and fitting, by their plain names in the benches.
#pragma once
#include "monitor/replay/judge.hpp"
#include "monitor/replay/ridge.hpp"

namespace brandwacht::bench {

using replay::area_under_curve;
using replay::brier_score;
using replay::Case;
using replay::Decile;
using replay::deciles;
using replay::fit_isotonic;
using replay::fit_logistic;
using replay::fold_of;
using replay::Judged;
using replay::Logistic;
using replay::paired_error;
using replay::worst_gap;

}  // namespace brandwacht::bench
