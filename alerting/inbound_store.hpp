// What may be said only once and was: nonces of links, numbers of vendors' events. Blocking; used
// on the store's pool thread. SQLite beside the outbox, so that a restart between two presses
// forgets none.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "monitor/database.hpp"
#include "monitor/time.hpp"

namespace brandwacht::alerting {

// The first use of a link.
struct LinkUse {
  std::string who;
  Time at{};
};

class InboundStore {
 public:
  // A damaged file is set aside as <file>.corrupt-<seconds>, and a new one begun. Throws
  // DatabaseError when it cannot be opened.
  InboundStore(const std::filesystem::path& file, Time now);

  std::optional<LinkUse> used(std::string_view nonce);
  void use(std::string_view nonce, const LinkUse& use);
  // True the first time that this number is given.
  bool first_time(std::string_view number, Time now);
  void forget(std::string_view number);  // it was not acted on after all
  // What is older than any link or retry.
  void prune(Time until);

 private:
  void open(const std::filesystem::path& file);
  std::unique_ptr<Database> db_;
};

}  // namespace brandwacht::alerting
