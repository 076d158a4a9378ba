#include "monitor/replay/player.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace brandwacht::replay {
namespace {

std::ifstream open(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file))
    throw std::runtime_error(fmt::format("{} cannot be read", file.string()));
  return in;
}

std::uint64_t bytes_of(const Mention& mention) {
  std::uint64_t bytes = sizeof(Mention);
  for (const std::string* text :
       {&mention.platform, &mention.id, &mention.thread, &mention.parent, &mention.quoted,
        &mention.author, &mention.author_name, &mention.text, &mention.url})
    bytes += text->capacity() < sizeof(std::string) ? 0 : text->capacity() + 1;
  for (const auto* list : {&mention.langs, &mention.accounts, &mention.tags})
    bytes += list->capacity() * sizeof(std::string);
  return bytes;
}

// Would the line miss this mention? Deletes of what it never saw are most of all deletes. One that
// comes before its create is taken for such: what counts is who had joined, and that stays.
class Sieve {
 public:
  explicit Sieve(const line::Settings& settings) : line_(settings, {}) {}
  bool about_a_brand(const MentionView& mention) {
    const auto missed = [this] {
      return line_.stats().unmatched + line_.table().stats().removed_before_create;
    };
    const auto before = missed();
    line_.process(mention, mention.received_at);
    return missed() == before;
  }

 private:
  line::Line line_;
};

}  // namespace

Player::Player(std::vector<std::filesystem::path> files, const line::Settings& settings,
               const std::function<void(double)>& progress, std::uint64_t most_bytes)
    : files_(std::move(files)) {
  std::uint64_t total = 0, kept_bytes = 0;
  for (const auto& file : files_) {
    std::error_code unknown;
    const auto size = std::filesystem::file_size(file, unknown);
    if (!unknown) total += size;
  }
  Sieve sieve(settings);
  for (const auto& file : files_) {
    std::ifstream in = open(file);
    read(
        in, stats_,
        [&](const MentionView& mention) {
          if (!sieve.about_a_brand(mention)) return;
          ++matched_;
          if (!kept_all_) return;
          kept_bytes += bytes_of(kept_.emplace_back(mention));
          if (kept_bytes <= most_bytes) return;
          kept_all_ = false;
          kept_ = {};
        },
        [&](std::uint64_t bytes) {
          if (progress && total > 0)
            progress(static_cast<double>(bytes) / static_cast<double>(total));
        });
  }
}

// As VirtualTime, but with a tick every 5 min once a hold is over: what an incident does then, to
// cool and to close, takes hours, and it is open for a day.
class Player::Hasty {
 public:
  explicit Hasty(line::Line& line)
      : line_(line), fine_(line.settings().decision.hold + std::chrono::minutes{2}) {}
  void process(const MentionView& mention) {
    advance(mention.received_at);
    last_ = now_;
    line_.process(mention, now_);
  }
  void advance(Time to) {
    constexpr Duration kCoarse = std::chrono::minutes{5}, kFine = VirtualTime::Tick{1};
    while (line_.has_open()) {
      const Duration step = now_ - last_ < fine_ ? kFine : kCoarse;
      const Time next{(now_.time_since_epoch() / step + 1) * step};
      if (next > to) break;
      now_ = next;
      line_.tick(now_);
    }
    now_ = std::max(now_, to);
  }

 private:
  line::Line& line_;
  Duration fine_;
  Time now_{}, last_{};
};

void Player::play(line::Settings settings, line::Hooks hooks, Time until) const {
  line::Line line(std::move(settings), std::move(hooks));
  Hasty time(line);
  if (kept_all_) {
    for (const Mention& mention : kept_) {
      if (mention.received_at > until) break;
      time.process(mention.view());
    }
  } else {
    for (const auto& file : files_) {
      std::ifstream in = open(file);
      Stats again;
      read(in, again, [&](const MentionView& mention) {
        if (mention.received_at <= until) time.process(mention);
      });
    }
  }
  time.advance(std::min(until, stats_.last + std::chrono::minutes{2}));
}

}  // namespace brandwacht::replay
