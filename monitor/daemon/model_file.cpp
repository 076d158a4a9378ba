#include "monitor/daemon/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "monitor/replay/fit.hpp"

namespace brandwacht::daemon {
namespace {

constexpr std::array<std::string_view, thread::kHorizons> kHorizonNames{"notice", "page", "major"};

// The shortest text that reads back as the same double, and that TOML takes for a float.
std::string number(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

template <typename Range>
std::string list(const Range& values, std::size_t per_line = 8) {
  std::string text = "[";
  std::size_t i = 0;
  for (const double value : values) {
    if (i > 0) text += i % per_line == 0 ? ",\n  " : ", ";
    text += number(value);
    ++i;
  }
  return text + "]";
}

std::string in_words(const thread::Target& target) {
  return fmt::format("at least {} more critics within {:g} h", target.further, target.hours);
}

void write_horizon(std::string& out, const ModelFile& file, std::size_t i) {
  const thread::Calibration& at = file.model.calibration[i];
  const ModelFile::Judged& judged = file.judged[i];
  out += fmt::format("\n# {}.\n[{}]\n", in_words(thread::kTargets[i]), kHorizonNames[i]);
  if (!judged.fitted) out += "# Not fitted, so these are the weights that ship.\n";
  out += fmt::format("fitted = {}\n", judged.fitted);
  if (!judged.fitted) out += fmt::format("refused = {}\n", toml_string(judged.refused));
  out += fmt::format("rows = {}\npositive_threads = {}\n", judged.rows, judged.positive_threads);
  out +=
      "# On block B, which the weights had not seen; brier beside what the base rate alone "
      "gives.\n";
  out += fmt::format("auc = {}\nbrier = {}\nbase_brier = {}\nlog_loss = {}\n", number(judged.auc),
                     number(judged.brier), number(judged.base_brier), number(judged.log_loss));
  out += fmt::format("intercept = {}\n", number(at.intercept));
  if (!at.isotonic.empty()) {
    std::vector<double> from, to;
    for (const auto& [a, b] : at.isotonic) {
      from.push_back(a);
      to.push_back(b);
    }
    out +=
        fmt::format("# What the weights say, and what happened then.\nsaid = {}\nhappened = {}\n",
                    list(from), list(to));
  }
  out += fmt::format("[{}.weight]\n", kHorizonNames[i]);
  for (std::size_t j = 0; j < thread::kFeatures; ++j)
    if (at.weight[j] != 0)
      out += fmt::format("{} = {}\n", to_string(static_cast<thread::Feature>(j)),
                         number(at.weight[j]));
  out += fmt::format("[{}.typical]\n", kHorizonNames[i]);
  for (std::size_t j = 0; j < thread::kFeatures; ++j)
    if (at.typical[j] != 0)
      out += fmt::format("{} = {}\n", to_string(static_cast<thread::Feature>(j)),
                         number(at.typical[j]));
}

template <std::size_t N>
bool read_list(config::Section& section, std::string_view key, std::array<double, N>& target,
               double min, double max) {
  section.require(key);
  std::vector<double> values;
  section.read(key, values, min, max);
  if (values.empty()) return false;  // said already
  if (values.size() != N) {
    section.problem(key,
                    fmt::format("'{}' must hold {} numbers, but holds {}", key, N, values.size()));
    return false;
  }
  std::ranges::copy(values, target.begin());
  return true;
}

void read_number(config::Section& section, std::string_view key, double& target, double min,
                 double max) {
  section.require(key);
  section.read(key, target, min, max);
}

template <typename Count>
void read_count(config::Section& section, std::string_view key, Count& target) {
  std::int64_t value = 0;
  section.read(key, value, 0, std::int64_t{1} << 53);
  target = static_cast<Count>(value);
}

void read_time(config::Section& section, std::string_view key, Time& target) {
  section.require(key);
  std::string text;
  section.read(key, text);
  if (text.empty()) return;
  if (const auto time = parse_rfc3339(text))
    target = *time;
  else
    section.problem(key, fmt::format("'{}' is no time", text), "\"2026-05-25T14:23:28Z\"");
}

void read_features(config::Section& parent, std::string_view key,
                   std::array<double, thread::kFeatures>& target) {
  auto section = parent.section(key);
  if (!section) return;
  for (std::size_t j = 0; j < thread::kFeatures; ++j)
    section->read(to_string(static_cast<thread::Feature>(j)), target[j], -1e6, 1e6);
  section->close();
}

void read_isotonic(config::Section& section, thread::Calibration& at) {
  std::vector<double> said, happened;
  section.read("said", said, 0, 1);
  section.read("happened", happened, 0, 1);
  if (said.size() != happened.size()) {
    section.problem("happened", "'said' and 'happened' must be equally many");
    return;
  }
  if (!std::ranges::is_sorted(said) || std::ranges::adjacent_find(said) != said.end() ||
      !std::ranges::is_sorted(happened)) {
    section.problem("said", "'said' and 'happened' must rise");
    return;
  }
  for (std::size_t i = 0; i < said.size(); ++i)
    at.isotonic.emplace_back(said[i], happened[i]);
}

void read_horizon(config::Section& root, ModelFile& file, std::size_t i) {
  root.require(kHorizonNames[i]);
  auto section = root.section(kHorizonNames[i]);
  if (!section) return;
  ModelFile::Judged& judged = file.judged[i];
  section->read("fitted", judged.fitted);
  section->read("refused", judged.refused);
  read_count(*section, "rows", judged.rows);
  read_count(*section, "positive_threads", judged.positive_threads);
  section->read("auc", judged.auc, 0, 1);
  section->read("brier", judged.brier, 0, 1);
  section->read("base_brier", judged.base_brier, 0, 1);
  section->read("log_loss", judged.log_loss, 0, 1e6);
  read_number(*section, "intercept", file.model.calibration[i].intercept, -1e6, 1e6);
  read_isotonic(*section, file.model.calibration[i]);
  section->require("weight");
  read_features(*section, "weight", file.model.calibration[i].weight);
  read_features(*section, "typical", file.model.calibration[i].typical);
  section->close();
}

void read_cascade(config::Section& root, thread::Model& model) {
  root.require("cascade");
  auto section = root.section("cascade");
  if (!section) return;
  thread::Kernel& kernel = model.kernel;
  if (read_list(*section, "weight", kernel.weight, 0, 1)) {
    double sum = 0;
    for (const double weight : kernel.weight)
      sum += weight;
    if (std::abs(sum - 1) > 1e-6) section->problem("weight", "the weights must sum to 1");
  }
  read_list(*section, "beta", kernel.beta, 1e-6, 1e6);
  read_number(*section, "delta", kernel.delta, 1e-6, 1e3);
  if (std::ranges::find(kernel.beta, kernel.delta) != kernel.beta.end())
    section->problem("delta", "must differ from each beta: the formulas divide by the difference");
  read_number(*section, "prior_shape", model.prior.shape, 1e-6, 1e6);
  read_number(*section, "prior_rate", model.prior.rate, 1e-6, 1e6);
  read_number(*section, "root_mark", model.root_mark, 0, 1e6);
  std::array<double, thread::Profile::kBins> activity{};
  if (read_list(*section, "activity", activity, 0, 168))
    model.profile = thread::Profile::restored(activity);
  section->close();
}

}  // namespace

std::string_view horizon_name(thread::Horizon horizon) noexcept {
  return kHorizonNames[static_cast<std::size_t>(horizon)];
}

ModelFile model_file_of(const replay::FitResult& fit, Time from, Time to, Time now) {
  ModelFile file;
  file.model = fit.model;
  file.fitted_at = std::chrono::floor<std::chrono::milliseconds>(now);
  file.from = std::chrono::floor<std::chrono::milliseconds>(from);
  file.to = std::chrono::ceil<std::chrono::milliseconds>(to);
  file.threads = fit.threads;
  file.critics = fit.critics;
  for (std::size_t i = 0; i < thread::kHorizons; ++i) {
    const replay::HorizonFit& at = fit.horizons[i];
    file.judged[i] = {at.fitted, at.refused, at.rows,       at.positive_threads,
                      at.auc,    at.brier,   at.base_brier, at.log_loss};
  }
  return file;
}

std::string to_toml(const ModelFile& file) {
  const thread::Model& model = file.model;
  std::string out =
      "# What `brandwacht fit` learnt of this desk's public. Written by the program: fit again "
      "instead "
      "of editing it.\n"
      "# Name it in the configuration as [decision] model.\n\n";
  out += fmt::format(
      "# Weights and thresholds belong to one version of the text scorer; another one refuses this "
      "file.\nscorer_version = {}\n# false: too few threads grew, so the weights are those that "
      "ship.\ncalibrated = {}\n",
      model.scorer_version, model.calibrated);
  out += fmt::format(
      "\n# From what. `tune` chooses no threshold on what the model has seen.\n[fitted]\nat = "
      "\"{}\"\nfrom = \"{}\"\nto = \"{}\"\nthreads = {}\ncritics = {}\n",
      format_rfc3339(file.fitted_at), format_rfc3339(file.from), format_rfc3339(file.to),
      file.threads, file.critics);
  out += "\n# How fast people answer, as exponentials with these half-lives:";
  for (const double beta : model.kernel.beta)
    out += fmt::format(" {:.3g} h", std::log(2) / beta);
  out += fmt::format(
      ".\n[cascade]\nweight = {}\nbeta = {}  # per hour\ndelta = {}  # per hour, how fast evidence "
      "is forgotten\n",
      list(model.kernel.weight), list(model.kernel.beta), number(model.kernel.delta));
  out += fmt::format(
      "# How many others one critic draws is about prior_shape / prior_rate before anything is "
      "seen of a thread.\nprior_shape = {}\nprior_rate = {}\nroot_mark = {}  # how much a root "
      "draws, in critics\n",
      number(model.prior.shape), number(model.prior.rate), number(model.root_mark));
  out += fmt::format(
      "# How active the public is, by the hour of the week, from Monday 00:00 UTC; 1 is the "
      "mean.\nactivity = {}\n",
      list(model.profile.activity()));
  for (std::size_t i = 0; i < thread::kHorizons; ++i)
    write_horizon(out, file, i);
  return out;
}

std::optional<ModelFile> read_model(config::Document& document) {
  ModelFile file;
  auto root = document.root();
  root.require("scorer_version");
  read_count(root, "scorer_version", file.model.scorer_version);
  root.require("calibrated");
  root.read("calibrated", file.model.calibrated);
  root.require("fitted");
  if (auto section = root.section("fitted")) {
    read_time(*section, "at", file.fitted_at);
    read_time(*section, "from", file.from);
    read_time(*section, "to", file.to);
    read_count(*section, "threads", file.threads);
    read_count(*section, "critics", file.critics);
    section->close();
  }
  read_cascade(root, file.model);
  for (std::size_t i = 0; i < thread::kHorizons; ++i)
    read_horizon(root, file, i);
  root.close();
  return file;
}

std::optional<ModelFile> read_model(const std::filesystem::path& file, config::Problems& problems) {
  config::Problems own;
  auto document = config::Document::from_file(file, own);
  std::optional<ModelFile> out;
  if (document.ok()) out = read_model(document);
  for (config::Problem& problem : own.sorted())
    problems.add(std::move(problem));
  if (own.fatal()) return std::nullopt;
  return out;
}

std::string scorer_fault(const thread::Model& model, std::uint32_t scorer) {
  if (model.scorer_version == scorer) return {};
  return fmt::format(
      "was fitted to scores of version {}, but this program scores by version {}: its "
      "probabilities and thresholds would mean something else",
      model.scorer_version, scorer);
}

}  // namespace brandwacht::daemon
