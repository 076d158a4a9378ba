#include "monitor/daemon/handles.hpp"

#include <simdjson.h>
#include <spdlog/spdlog.h>

#include "monitor/backoff.hpp"

namespace brandwacht::daemon {
using namespace std::chrono_literals;

std::vector<Handle> handles_of(const std::vector<text::BrandTerms>& brands) {
  std::vector<Handle> out;
  for (std::uint32_t brand = 0; brand < brands.size(); ++brand)
    for (std::string name : brands[brand].accounts) {
      if (name.starts_with('@')) name.erase(0, 1);
      const bool domain = name.find('.') != std::string::npos &&
                          name.find(':') == std::string::npos &&
                          name.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
                              std::string::npos;
      if (domain) out.push_back({brand, std::move(name)});
    }
  return out;
}

std::optional<std::string> parse_did(std::string_view json) {
  simdjson::dom::parser parser;
  std::string_view did;
  if (parser.parse(json.data(), json.size())["did"].get_string().get(did)) return std::nullopt;
  if (!did.starts_with("did:")) return std::nullopt;
  return std::string(did);
}

boost::asio::awaitable<bool> HandleResolver::resolve() {
  for (const auto& handle : handles_) {
    HttpRequest request;
    request.method = "GET";
    request.url = service_ + "/xrpc/com.atproto.identity.resolveHandle?handle=" + handle.name;
    request.timeout = 5s;
    auto answer = co_await http_.send(std::move(request));
    if (!answer.has_value()) {
      spdlog::warn("the id of account {} cannot be asked for: {}", handle.name,
                   answer.error().detail);
      co_return false;
    }
    const auto did = answer->status == 200 ? parse_did(answer->body) : std::nullopt;
    if (did) {
      if (line_.add_account(*did, handle.brand))
        spdlog::info("account {} is {}", handle.name, *did);
    } else {
      spdlog::warn(
          "account {} is not known to the service (HTTP {}); its own posts would count as critics",
          handle.name, answer->status);
    }
  }
  co_return true;
}

boost::asio::awaitable<void> HandleResolver::run(bool resolved) {
  const BackoffSettings backoff{.base = 5s, .cap = 5min};
  for (unsigned failures = 0;; resolved = co_await resolve()) {
    failures = resolved ? 0 : failures + 1;
    const Duration pause = resolved ? kAgain : backoff_ceiling(backoff, failures);
    co_await clock_.sleep_for(pause);
  }
}

}  // namespace brandwacht::daemon
