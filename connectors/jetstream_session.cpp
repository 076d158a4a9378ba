#include "connectors/jetstream_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "connectors/jetstream_event.hpp"

namespace brandwacht::connectors {
namespace {

using namespace std::chrono_literals;

constexpr Duration kRewindSameHost = 5s;
constexpr Duration kRewindOtherHost = 10s;
constexpr Duration kFutureTolerance = 1h;
constexpr Duration kFirstSkip = 1s;
constexpr Duration kLongestSkip = 64s;

std::optional<std::int64_t> parse_cursor(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value < kEarliestTimeUs || value > kLatestTimeUs) return std::nullopt;
  return value;
}

// Percent-encodes a query's value. ':' is allowed there and keeps DIDs readable.
void append_encoded(std::string& out, std::string_view value) {
  for (const char c : value) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~:").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
}

std::string name_of(const std::string& host) {
  return host.substr(host.find("//") + 2);
}

// The error in one sentence; most already name the host and the status.
std::string describe(const NetError& error, const std::string& host) {
  std::string out = error.detail;
  if (out.find(host) == std::string::npos) out.insert(0, host + ": ");
  const auto status = std::to_string(error.status);
  if (error.status != 0 && out.find(status) == std::string::npos) out += " (" + status + ")";
  return out;
}

enum class Cure : std::uint8_t {
  retry,        // with backoff
  drop_cursor,  // the server does not take it
  skip,         // one message cannot be received; if it comes again, go on behind it
  wait,         // a quick retry makes it worse
};

Cure cure_of(const NetError& error, bool opened, bool sent_cursor) {
  if (error.fault ==
      NetFault::closed)  // 1008: our options, or a limit of the server, were violated
    return error.status == 1008 ? Cure::wait : Cure::retry;
  if (opened)  // a text that is not UTF-8 is a breach of the protocol
    return error.fault == NetFault::too_large || error.fault == NetFault::protocol ? Cure::skip
                                                                                   : Cure::retry;
  if (error.fault != NetFault::protocol || error.status < 400 || error.status >= 500)
    return Cure::retry;
  if (error.status == 400 && sent_cursor &&
      error.detail.find("invalid cursor") != std::string::npos)
    return Cure::drop_cursor;
  return error.status == 408 ? Cure::retry : Cure::wait;
}

}  // namespace

JetstreamSession::JetstreamSession(const JetstreamSettings& settings, std::string_view cursor,
                                   std::uint32_t seed)
    : settings_(settings),
      random_(seed),
      cursor_(parse_cursor(cursor)),
      compressed_(!settings.dictionary.empty()) {}

JetstreamAttempt JetstreamSession::next() {
  JetstreamAttempt attempt;
  attempt.wait = std::exchange(wait_, Duration{});
  attempt.compressed = compressed_;
  attempt.host = name_of(host());

  std::string& url = attempt.url;
  url = host() + "/subscribe?maxMessageSizeBytes=" + std::to_string(kMaxLineBytes);
  for (const auto& collection : settings_.collections)
    append_encoded(url += "&wantedCollections=", collection);
  for (const auto& did : settings_.dids)
    append_encoded(url += "&wantedDids=", did);
  if (compressed_) url += "&compress=true";
  sent_cursor_ = cursor_.has_value();
  if (cursor_) {
    const Duration rewind = !rewind_                ? Duration{}
                            : cursor_host_ == host_ ? kRewindSameHost
                                                    : kRewindOtherHost;
    url += "&cursor=" + std::to_string(*cursor_ - rewind.count());
  }
  opened_at_.reset();
  undecodable_ = 0;
  return attempt;
}

void JetstreamSession::opened(Time now, Clock::Steady at) {
  opened_at_ = at;
  // Without a cursor the server sends what happens from now on. If the connection ends before the
  // first event, the next one has to begin here.
  if (!cursor_) {
    cursor_ = now.time_since_epoch().count();
    cursor_host_ = host_;
    estimated_ = true;
  }
}

void JetstreamSession::processed(std::int64_t time_us, Time now) {
  if (Time{Duration{time_us}} > now + kFutureTolerance) return;
  // A replay does not move it back, and its host counts once it has caught up. Our own clock's
  // guess gives way at once.
  if (cursor_ && time_us < *cursor_ && !estimated_) return;
  cursor_ = time_us;
  cursor_host_ = host_;
  rewind_ = true;
  estimated_ = false;
  if (time_us > stuck_at_.value_or(0)) skip_ = {};
}

bool JetstreamSession::undecodable() {
  if (++undecodable_ < kUndecodableLimit) return false;
  compressed_ = false;
  return true;
}

Duration JetstreamSession::slow_wait() {
  std::uniform_int_distribution<Duration::rep> spread(settings_.slow_retry.count() / 2,
                                                      settings_.slow_retry.count());
  return Duration{spread(random_)};
}

// A message that cannot be received would come again after each reconnect, for ever. It gets one
// more chance (the next host may not send it); then the cursor moves past it, further each time
// until something readable comes.
std::string JetstreamSession::skip() {
  if (!cursor_ || std::exchange(stuck_at_, cursor_) != cursor_) return {};
  skip_ = std::clamp(skip_ * 2, kFirstSkip, kLongestSkip);
  *cursor_ += skip_.count();
  stuck_at_ = cursor_;
  rewind_ = false;
  return fmt::format("; skipping {} of the stream", format_span(skip_));
}

std::string JetstreamSession::failed(const NetError& error, Clock::Steady at) {
  const bool healthy = opened_at_ && at - *opened_at_ >= settings_.healthy_after;
  if (healthy) attempt_ = 0;
  wait_ = backoff_wait(settings_.backoff, attempt_++, random_);

  std::string said = describe(error, name_of(host()));  // before the host changes
  bool rotate = !healthy || error.fault == NetFault::timeout ||
                (error.fault == NetFault::closed && error.status == 1001);
  switch (cure_of(error, opened_at_.has_value(), sent_cursor_)) {
    case Cure::retry:
      break;
    case Cure::drop_cursor:
      said += "; going on without the cursor, what was missed meanwhile is lost";
      cursor_.reset();
      rotate = false;
      break;
    case Cure::skip:
      said += skip();
      break;
    case Cure::wait:
      wait_ = slow_wait();
      break;
  }
  if (rotate) host_ = (host_ + 1) % settings_.hosts.size();
  return said + fmt::format("; next try in {:.1f} s", std::chrono::duration<double>(wait_).count());
}

std::string JetstreamSession::cursor() const {
  return cursor_ ? std::to_string(*cursor_) : std::string();
}

Duration JetstreamSession::behind(Time now) const {
  return cursor_ ? now - Time{Duration{*cursor_}} : Duration{};
}

}  // namespace brandwacht::connectors
