#include "monitor/daemon/model_file.hpp"

#include <random>

#include "monitor/daemon/settings.hpp"
#include "monitor/text/scorer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {

// Numbers with all of their digits, as a fit gives them.
ModelFile random_model(unsigned seed) {
  std::mt19937_64 random(seed);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  ModelFile file;
  file.model.kernel = thread::Kernel::of({uniform(), uniform(), uniform(), uniform()},
                                         {0.1 * uniform(), 0.5, 2 + uniform(), 11 + uniform()});
  std::array<double, thread::Profile::kBins> activity;
  for (double& bin : activity)
    bin = uniform() * uniform();
  file.model.profile = thread::Profile(activity);
  file.model.prior = {8 + uniform(), 10 + uniform()};
  file.model.root_mark = 3 * uniform();
  file.model.calibrated = true;
  file.model.scorer_version = text::scorer_version();
  for (std::size_t i = 0; i < thread::kHorizons; ++i) {
    thread::Calibration& at = file.model.calibration[i];
    at.intercept = -4 * uniform();
    for (std::size_t j = 0; j < thread::kFeatures; j += 1 + i) {
      at.weight[j] = uniform() - 0.5;
      at.typical[j] = 10 * (uniform() - 0.5);
    }
    for (int k = 0; k < 12; ++k)
      at.isotonic.emplace_back((k + uniform()) / 12, (k + 0.5) / 14);
    file.judged[i] = {true, {}, 1000, 40, uniform(), uniform(), uniform(), uniform()};
  }
  file.judged[0].fitted = false;
  file.judged[0].refused = "only \"3\" threads";
  file.fitted_at = Time{std::chrono::seconds{1'780'000'000}};
  file.from = Time{std::chrono::milliseconds{1'760'000'000'123}};
  file.to = Time{std::chrono::seconds{1'775'000'000}};
  file.threads = 12'345;
  file.critics = 67'890;
  return file;
}

std::optional<ModelFile> parse(const std::string& toml, config::Problems& problems) {
  auto document = config::Document::from_string(toml, "escalation.toml", problems);
  return read_model(document);
}

TEST_CASE("a model comes back from its file to the bit") {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    const ModelFile file = random_model(seed);
    config::Problems problems;
    const auto back = parse(to_toml(file), problems);
    for (const auto& problem : problems.sorted())
      FAIL(config::to_string(problem));
    REQUIRE(back);
    CHECK(back->model.kernel == file.model.kernel);
    CHECK(back->model.profile.activity() == file.model.profile.activity());
    CHECK(back->model.profile.tau(123'456'789) == file.model.profile.tau(123'456'789));
    CHECK(back->model.prior.shape == file.model.prior.shape);
    CHECK(back->model.prior.rate == file.model.prior.rate);
    CHECK(back->model.root_mark == file.model.root_mark);
    CHECK(back->model.calibrated);
    CHECK(back->model.scorer_version == file.model.scorer_version);
    for (std::size_t i = 0; i < thread::kHorizons; ++i) {
      CHECK(back->model.calibration[i].intercept == file.model.calibration[i].intercept);
      CHECK(back->model.calibration[i].weight == file.model.calibration[i].weight);
      CHECK(back->model.calibration[i].typical == file.model.calibration[i].typical);
      CHECK(back->model.calibration[i].isotonic == file.model.calibration[i].isotonic);
      CHECK(back->judged[i].brier == file.judged[i].brier);
    }
    CHECK(back->judged[0].refused == file.judged[0].refused);
    CHECK(back->from == file.from);
    CHECK(back->threads == file.threads);
    CHECK(to_toml(*back) == to_toml(file));
  }
}

TEST_CASE("all problems of a model file are told at once, with their places") {
  config::Problems problems;
  (void)parse(
      "scorer_version = -1\ncalibrated = 1\n[fitted]\nat = \"yesterday\"\n[cascade]\nweight = "
      "[0.5, "
      "0.5]\nbeta = [1, 2, \"x\", 4]\n[page]\nintercept = 1\n[page.weight]\nforcast = 1.0\n",
      problems);
  std::string all;
  for (const auto& problem : problems.sorted())
    all += config::to_string(problem) + "\n";
  INFO(all);
  for (const char* part : {"escalation.toml:1:18", "escalation.toml:2:14", "'yesterday' is no time",
                           "must hold 4 numbers", "escalation.toml:7:15", "'activity' is missing",
                           "'notice' is missing", "did you mean 'forecast'"})
    CHECK(all.find(part) != std::string::npos);
}

TEST_CASE("a configuration with a model of another scorer is refused with a clear sentence") {
  const test::TempDir dir;
  ModelFile file = random_model(3);
  dir.write("escalation.toml", to_toml(file));
  const auto config =
      dir.write("c.toml",
                "[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\n[decision]\nmodel = "
                "\"escalation.toml\"\n[[receiver]]\ntype = \"log\"\n");
  {
    config::Problems problems;
    const Settings settings = read_settings(config, problems);
    CHECK_FALSE(problems.fatal());
    REQUIRE(settings.line.threads.model);
    CHECK(settings.line.threads.model->root_mark == file.model.root_mark);
  }
  file.model.scorer_version += 1;
  dir.write("escalation.toml", to_toml(file));
  config::Problems problems;
  (void)read_settings(config, problems);
  REQUIRE(problems.fatal());
  const auto text = config::to_string(problems.sorted().front());
  INFO(text);
  CHECK(text.find("c.toml:5:") != std::string::npos);
  CHECK(text.find("was fitted to scores of version") != std::string::npos);
  CHECK(text.find("brandwacht fit") != std::string::npos);
  config::Problems without;
  (void)read_settings(config, without, WithModel::no);  // `fit` may go on
  CHECK_FALSE(without.fatal());
}

}  // namespace
}  // namespace brandwacht::daemon
