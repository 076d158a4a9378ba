// A desk's own model on disk: what `brandwacht fit` learnt, as TOML that people can read, and that
// gives the same doubles back to the bit.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/reader.hpp"
#include "monitor/thread/model.hpp"
#include "monitor/time.hpp"

namespace brandwacht::replay {
struct FitResult;
}

namespace brandwacht::daemon {

struct ModelFile {
  // How good one horizon's probabilities were on block B, which its weights had not seen.
  struct Judged {
    bool fitted = false;
    std::string refused;  // why not
    int rows = 0, positive_threads = 0;
    double auc = 0, brier = 0, base_brier = 0, log_loss = 0;
  };

  thread::Model model;
  Time fitted_at{};   // when
  Time from{}, to{};  // of the recording that it has seen: blocks A and B
  std::uint64_t threads = 0, critics = 0;
  std::array<Judged, thread::kHorizons> judged;
};

std::string_view horizon_name(thread::Horizon horizon) noexcept;  // "notice", "page", "major"

ModelFile model_file_of(const replay::FitResult& fit, Time from, Time to, Time now);

std::string to_toml(const ModelFile& file);
// nullopt: `problems` says why, all of it at once.
std::optional<ModelFile> read_model(config::Document& document);
std::optional<ModelFile> read_model(const std::filesystem::path& file, config::Problems& problems);

// Why a model cannot be used with this scorer, as one sentence; empty: it can. Thresholds and
// weights belong to the scores that they were fitted to.
std::string scorer_fault(const thread::Model& model, std::uint32_t scorer);

}  // namespace brandwacht::daemon
