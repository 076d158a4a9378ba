// Finds the stable ids behind the handles of the brands' own accounts. The Bluesky stream names
// authors by id (DID) only, so without this a brand's reply would count as one more critic.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/clock.hpp"
#include "monitor/http.hpp"
#include "monitor/line/line.hpp"

namespace brandwacht::daemon {

// Handles among the accounts that a Bluesky service could resolve: names with a dot that are no
// DID.
struct Handle {
  std::uint32_t brand = 0;
  std::string name;
};
std::vector<Handle> handles_of(const std::vector<text::BrandTerms>& brands);

// The answer of com.atproto.identity.resolveHandle: its DID. nullopt: it holds none.
std::optional<std::string> parse_did(std::string_view json);

class HandleResolver {
 public:
  static constexpr Duration kAgain = std::chrono::hours{6};

  // `service` is the base URL of an XRPC service, for instance https://public.api.bsky.app.
  HandleResolver(std::string service, std::vector<Handle> handles, HttpClient& http, Clock& clock,
                 line::Line& line)
      : service_(std::move(service)),
        handles_(std::move(handles)),
        http_(http),
        clock_(clock),
        line_(line) {}

  // One round; false when the service could not be asked, which ends the round early.
  boost::asio::awaitable<bool> resolve();
  // Rounds until cancelled: with backoff until one succeeds, then every kAgain.
  boost::asio::awaitable<void> run(bool resolved);

 private:
  std::string service_;
  std::vector<Handle> handles_;
  HttpClient& http_;
  Clock& clock_;
  line::Line& line_;
};

}  // namespace brandwacht::daemon
