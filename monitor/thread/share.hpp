// How negative a crowd is, after correction for the scorer's errors (escalation-model section 8,
// pitfall 1).
#pragma once

namespace brandwacht::thread {

struct Share {
  double value = 0;  // J*/A, J* = max(0, (J - (1 - sp) A) / (se + sp - 1)), at most 1
  // One-sided 90 % lower bound: Wilson's bound on J/A (Wilson 1927, J. Am. Stat. Assoc. 22), then
  // the same correction. Wilson's and not Wald's, because at J = A Wald's interval has no width,
  // and a bound that is exact at 5 of 5 is a page for nothing.
  double low = 0;
};

// `joiners` of `participants` scored negative; the scorer finds `sensitivity` of the negative and
// leaves `specificity` of the others alone; their sum is over 1. No participants: zeros.
//
// What `low >= 0.5` asks for at sensitivity 0.8 and specificity 0.9 (Wilson's bound on J/A of at
// least 0.45):
//     critics J                 5   6   7   8   9  10  15  20  30
//     at most participants A    7   9  10  12  14  16  26  35  56
// So 8 of 9 (0.85) and 10 of 10 (1) pass; 30 of 300 gives 0, and no crowd passes by the scorer's
// errors alone.
Share negative_share(int joiners, int participants, double sensitivity, double specificity);

}  // namespace brandwacht::thread
