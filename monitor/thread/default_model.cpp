// The weights that ship. Fitted by bench/fit_shipped.cpp to an invented stream of 300 weeks (30,219
// threads, 124,444 critics); on the later third of it: AUC .931 / .913 / .915 for notice, page and
// major, worst tenth off by .020 / .025 / .063. They are of no desk's own public, so what they say
// is called uncalibrated until `brandwacht fit` has seen a recording.
#include "monitor/thread/model.hpp"

namespace brandwacht::thread {
namespace {

struct Weight {
  Feature feature;
  double weight, typical;
};

Calibration calibration(double intercept, std::initializer_list<Weight> weights,
                        std::vector<std::pair<double, double>> isotonic) {
  Calibration out;
  out.intercept = intercept;
  for (const auto& [feature, weight, typical] : weights) {
    out.weight[static_cast<std::size_t>(feature)] = weight;
    out.typical[static_cast<std::size_t>(feature)] = typical;
  }
  out.isotonic = std::move(isotonic);
  return out;
}

}  // namespace

Model default_model() {
  Model model;
  model.prior = {2, 6.667};
  model.root_mark = 3;
  model.calibration[static_cast<std::size_t>(Horizon::notice)] =
      calibration(0.4687,
                  {{Feature::forecast, 0.4561, -1.292},
                   {Feature::fast, 0.6386, 1.418},
                   {Feature::slow, 0.4849, 1.72},
                   {Feature::age, -0.5746, 3.703},
                   {Feature::pause, -0.3788, 0.03279},
                   {Feature::activity, 0.3506, 0.2773}},
                  {{0, 0.01744},
                   {0.01306, 0.03488},
                   {0.05457, 0.06604},
                   {0.09857, 0.1038},
                   {0.1714, 0.1234},
                   {0.254, 0.1792},
                   {0.3306, 0.305},
                   {0.4203, 0.3956},
                   {0.5094, 0.456},
                   {0.5927, 0.5566},
                   {0.6664, 0.75},
                   {0.7326, 0.8333},
                   {0.7933, 0.9025},
                   {0.8566, 0.9082},
                   {0.9156, 0.9591},
                   {0.9742, 0.9636},
                   {0.9982, 0.9984},
                   {1, 0.9992}});
  model.calibration[static_cast<std::size_t>(Horizon::page)] =
      calibration(1.929,
                  {{Feature::forecast, 0.5606, -2.038},
                   {Feature::fast, 0.3558, 1.419},
                   {Feature::slow, -0.2766, 1.722},
                   {Feature::age, -0.4694, 3.702},
                   {Feature::pause, -0.1354, 0.03279},
                   {Feature::activity, 0.2624, 0.2775}},
                  {{0, 0.001582},
                   {0.00334, 0.003165},
                   {0.01886, 0.02637},
                   {0.05954, 0.04088},
                   {0.09932, 0.06013},
                   {0.1493, 0.1289},
                   {0.201, 0.1918},
                   {0.262, 0.212},
                   {0.3358, 0.2736},
                   {0.4108, 0.3742},
                   {0.4856, 0.5348},
                   {0.554, 0.6069},
                   {0.6953, 0.7774},
                   {0.906, 0.8655},
                   {0.987, 0.9717},
                   {0.9966, 0.9969},
                   {1, 0.9984}});
  model.calibration[static_cast<std::size_t>(Horizon::major)] =
      calibration(2.19,
                  {{Feature::forecast, 0.5962, -3.609},
                   {Feature::fast, 0.5692, 1.419},
                   {Feature::slow, -0.9085, 1.722},
                   {Feature::age, -0.4608, 3.702},
                   {Feature::pause, -0.09486, 0.03279},
                   {Feature::activity, 0.05459, 0.2775}},
                  {{0, 0.0002643},
                   {0.002832, 0.0005285},
                   {0.01627, 0.01735},
                   {0.03617, 0.03481},
                   {0.06002, 0.05346},
                   {0.09483, 0.1101},
                   {0.1391, 0.193},
                   {0.1966, 0.2925},
                   {0.252, 0.3365},
                   {0.3141, 0.4082},
                   {0.3919, 0.5189},
                   {0.491, 0.5566},
                   {0.6233, 0.6171},
                   {0.8362, 0.7893},
                   {0.9803, 0.9591},
                   {1, 0.9796}});
  return model;
}

}  // namespace brandwacht::thread
