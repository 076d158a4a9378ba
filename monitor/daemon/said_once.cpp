#include "monitor/daemon/said_once.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "monitor/pool.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;

namespace {

constexpr Duration kKeep = std::chrono::hours{24 * 40};  // longer than any link lives
constexpr std::size_t kMostInMemory = 10'000;

void trim(std::map<std::string, alerting::LinkUse>& uses) {
  if (uses.size() <= kMostInMemory) return;
  uses.erase(std::min_element(uses.begin(), uses.end(), [](const auto& a, const auto& b) {
    return a.second.at < b.second.at;
  }));
}

}  // namespace

SaidOnce::SaidOnce(const std::filesystem::path& file, asio::thread_pool& pool, Clock& clock)
    : pool_(pool), clock_(clock) {
  try {
    store_ = std::make_shared<alerting::InboundStore>(file, clock.now());
  } catch (const DatabaseError& error) {
    spdlog::critical("inbound: {}; which links were used is kept in memory only", error.what());
  }
}

asio::awaitable<std::optional<alerting::LinkUse>> SaidOnce::used(std::string nonce) {
  if (const auto found = uses_.find(nonce); found != uses_.end()) co_return found->second;
  if (!store_) co_return std::nullopt;
  auto job = [store = store_, nonce] { return store->used(nonce); };
  try {
    auto asked = on_pool(pool_, std::move(job));
    auto use = co_await std::move(asked);
    co_return use;
  } catch (const DatabaseError& error) {
    spdlog::error("inbound: {}", error.what());
  }
  co_return std::nullopt;
}

asio::awaitable<void> SaidOnce::use(std::string nonce, alerting::LinkUse use) {
  uses_[nonce] = use;
  trim(uses_);
  if (!store_) co_return;
  auto job = [store = store_, nonce, use] { store->use(nonce, use); };
  try {
    auto stored = on_pool(pool_, std::move(job));
    co_await std::move(stored);
  } catch (const DatabaseError& error) {
    spdlog::error("inbound: {}", error.what());
  }
}

asio::awaitable<bool> SaidOnce::first_time(std::string number) {
  if (!numbers_.insert(number).second) co_return false;
  if (numbers_.size() > kMostInMemory) numbers_.erase(numbers_.begin());
  if (!store_) co_return true;
  auto job = [store = store_, number, now = clock_.now()] {
    return store->first_time(number, now);
  };
  try {
    auto asked = on_pool(pool_, std::move(job));
    const bool first = co_await std::move(asked);
    co_return first;
  } catch (const DatabaseError& error) {
    spdlog::error("inbound: {}", error.what());
  }
  co_return true;
}

void SaidOnce::forget(const std::string& number) {
  numbers_.erase(number);
  if (!store_ || number.empty()) return;
  asio::post(pool_, [store = store_, number] {
    try {
      store->forget(number);
    } catch (const DatabaseError& error) {
      spdlog::error("inbound: {}", error.what());
    }
  });
}

void SaidOnce::prune() {
  if (!store_) return;
  asio::post(pool_, [store = store_, until = clock_.now() - kKeep] {
    try {
      store->prune(until);
    } catch (const DatabaseError& error) {
      spdlog::error("inbound: {}", error.what());
    }
  });
}

}  // namespace brandwacht::daemon
