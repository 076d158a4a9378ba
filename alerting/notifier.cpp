#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

std::string_view to_string(Action action) noexcept {
  switch (action) {
    case Action::trigger:
      return "trigger";
    case Action::resolve:
      return "resolve";
    case Action::acknowledge:
      return "acknowledge";
  }
  return "trigger";
}

std::string_view to_string(Outcome::Kind kind) noexcept {
  switch (kind) {
    case Outcome::Kind::accepted:
      return "accepted";
    case Outcome::Kind::retry:
      return "retry";
    case Outcome::Kind::permanent:
      return "permanent";
    case Outcome::Kind::ambiguous:
      return "ambiguous";
  }
  return "retry";
}

boost::asio::awaitable<void> Notifier::taken(std::string, Time) {
  co_return;
}

boost::asio::awaitable<Sighting> Notifier::ask(std::string, Time) {
  Sighting out;
  out.kind = Sighting::Kind::gone;
  co_return out;
}

boost::asio::awaitable<std::optional<Outcome>> Notifier::announce(const Change&, Time) {
  co_return std::nullopt;
}

std::vector<std::unique_ptr<Notifier>> make_receivers(const std::vector<NotifierSpec>& specs,
                                                      const NotifierContext& context) {
  std::vector<std::unique_ptr<Notifier>> out;
  for (const auto& spec : specs)
    out.push_back(spec.make(context));
  return out;
}

}  // namespace brandwacht::alerting
