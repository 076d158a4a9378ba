// What the daemon writes down as it goes, and knows again after a restart.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "monitor/daemon/changes.hpp"
#include "monitor/daemon/daemon.hpp"

namespace brandwacht::daemon {

// Every event of the desk is logged for its week; what wants a look also in the daemon's log.
void Daemon::log_desk(const desk::Event& event) {
  using desk::What;
  const std::string& brand = settings_.line.brands[event.brand].name;
  const bool wants_a_look = event.what == What::late || event.what == What::promise_broken ||
                            event.what == What::removal_unknown || event.what == What::unlisted ||
                            event.what == What::foreign || event.what == What::same_reply ||
                            event.what == What::backfire;
  spdlog::log(wants_a_look ? spdlog::level::warn : spdlog::level::debug,
              "desk of {}: {} in thread {:016x}", brand, to_string(event.what), event.thread);
  desk_log_->add(desk::row_of(event, brand));
}

void Daemon::keep_cases() {
  for (const desk::Case& one : line_->webcare().take_changed())
    if (one.brand < settings_.line.brands.size())
      desk_log_->add(StoredCase{settings_.line.brands[one.brand].name, one});
  if (auto bytes = line_->webcare().take_memory())
    desk_log_->add(StoredMemory{line::names_of(settings_.line.brands), std::move(*bytes)});
}

void Daemon::remember_desk() {
  const auto& brands = settings_.line.brands;
  const auto number = [&brands](const std::string& name) {
    const auto found = std::ranges::find(brands, name, &text::BrandTerms::name);
    return found == brands.end() ? kNoBrand : static_cast<std::uint32_t>(found - brands.begin());
  };
  for (StoredCase& stored : desk_store_->cases()) {
    stored.one.brand = number(stored.brand);
    if (stored.one.brand == kNoBrand) continue;  // no longer configured
    line_->webcare().restore(stored.one);
  }
  (void)line_->webcare().take_changed();
  const auto memory = desk_store_->memory();
  if (!memory) return;
  std::vector<std::uint32_t> numbers;
  for (const std::string& name : memory->brands)
    numbers.push_back(number(name));
  try {
    line_->webcare().recall(memory->bytes, BrandNumbers{numbers});
  } catch (const ArchiveError& error) {
    spdlog::warn("the removals and replies of before are not known any more: {}", error.what());
  }
}

// What was known when the last daemon ended, however it ended.
void Daemon::learn_again() {
  const Time now = clock_.now();
  journal_store_->prune(now - settings_.line.threads.max_age);
  std::size_t count = 0;
  journal_store_->read([&](const Entry& entry) {
    line_->relearn(entry.view(), entry.observation.received_at);
    ++count;
  });
  std::size_t open = 0;
  for (const auto& stored : pager_->open_incidents()) {
    if (is_drill(stored.incident)) {  // it ended with the daemon that began it
      tell(end_of(stored.incident, now));
      continue;
    }
    line_->restore(stored.incident, now);
    ++open;
  }
  remember_desk();
  cursors_ = journal_store_->cursors();
  if (count > 0 || open > 0)
    spdlog::info("learnt again: {} mentions in {} threads, {} open incidents", count,
                 line_->threads(), open);
  line_->gap(now);
  line_->reconsider(now);
}

}  // namespace brandwacht::daemon
