#include "monitor/daemon/demo_screen.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "alerting/message.hpp"

namespace brandwacht::daemon {
namespace {

constexpr std::size_t kRows = 6;

void put(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto wrote = ::write(fd, text.data(), text.size());
    if (wrote <= 0) return;  // the reader is gone; the demo ends by its signal
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

std::string clock_text(Time now) {
  const auto text = format_rfc3339(now);
  return text.substr(11, 5);
}

}  // namespace

DemoScreen::DemoScreen(int fd, line::DeskLanguage language)
    : fd_(fd), language_(language), live_(is_terminal(fd)), paint_{colour_on(fd)} {}

std::string DemoScreen::say(std::string_view en, std::string_view nl) const {
  return std::string(language_ == line::DeskLanguage::nl ? nl : en);
}

void DemoScreen::intro(std::string_view text) {
  put(fd_, std::string(text) + "\n");
}

void DemoScreen::erase() {
  if (drawn_ > 0) put(fd_, fmt::format("\x1b[{}F\x1b[J", drawn_));
  drawn_ = 0;
}

void DemoScreen::print(const std::string& text) {
  erase();
  put(fd_, text + "\n");
}

std::string DemoScreen::row(const line::HotThread& thread, Time) const {
  const std::size_t width = terminal_width(fd_);
  const auto& belief = thread.belief;
  const auto filled = static_cast<std::size_t>(std::lround(std::clamp(belief.risk, 0.0, 1.0) * 10));
  std::string bar;
  for (std::size_t i = 0; i < 10; ++i)
    bar += i < filled ? "█" : "░";
  // A crowd that is mostly happy holds some whom the scorer takes for critics; it does not page.
  const bool happy = belief.joiners >= 5 && belief.share_low < thread::DecisionSettings{}.min_share;
  const std::string_view sgr = happy                 ? "2"
                               : belief.risk >= 0.5  ? "31"
                               : belief.risk >= 0.25 ? "33"
                                                     : "32";
  std::string root = "…";
  if (thread.story && !thread.story->evidence.empty()) root = thread.story->evidence.front().text;
  const bool told = thread.decision.state >= IncidentState::paged;
  const std::string mark = told    ? paint_("1;31", say("PAGED", "GEPAGED"))
                           : happy ? paint_("32", say("happy", "blij"))
                                   : "";
  const std::string head =
      fmt::format(" {} {:>4} {:>4} {:>4}  {} {:>3.0f} %  ", fit(thread.brand, 11), belief.joiners,
                  belief.joiners_recent, belief.participants, paint_(sgr, bar), belief.risk * 100);
  const std::size_t used = 13 + 5 + 5 + 5 + 2 + 10 + 6 + 2;
  const std::size_t room = width > used + 10 ? width - used - 9 : 10;
  return head + fit(root, room) + " " + mark;
}

void DemoScreen::draw(const std::vector<line::HotThread>& threads, const line::Stats& stats,
                      Time now, double speed) {
  if (!live_) return;
  std::string out;
  const std::size_t width = terminal_width(fd_);
  out += paint_.bold(
             fit(fmt::format(" {}  {}x   {} {}   {} {}   {} {}", clock_text(now),
                             static_cast<int>(speed), stats.received, say("posts", "berichten"),
                             stats.matched, say("about our brands", "over onze merken"),
                             stats.negative, say("negative", "negatief")),
                 width)) +
         "\n";
  out += paint_.dim(fit(say(" brand       critics +10m  all  risk              thread",
                            " merk        critici +10m alle risico            draad"),
                        width)) +
         "\n";
  std::size_t lines = 2;
  for (const auto& thread : threads) {
    if (lines == 2 + kRows) break;
    out += row(thread, now) + "\n";
    ++lines;
  }
  erase();
  put(fd_, out);
  drawn_ = lines;
}

void DemoScreen::page(const IncidentEvent& event) {
  erase();
  const std::size_t width = std::min<std::size_t>(terminal_width(fd_), 100) - 4;
  const bool urgent = event.incident.tier <= Tier::t2;
  const std::string_view sgr = urgent ? "1;31" : "1;33";
  std::string line;
  for (std::size_t i = 0; i < width + 2; ++i)
    line += "─";
  std::string out = paint_(sgr, "┌" + line + "┐") + "\n";
  const alerting::Page what{.dedup_key = event.incident.id,
                            .action = alerting::Action::trigger,
                            .event = event.kind,
                            .delivery_id = {},
                            .at = event.at,
                            .incident = event.incident};
  const std::string text = alerting::phone_text(what, "");
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string wrapped = wrap(std::string_view(text).substr(at, end - at), width, "");
    for (std::size_t from = 0; from <= wrapped.size();) {
      const std::size_t to = std::min(wrapped.find('\n', from), wrapped.size());
      out += paint_(sgr, "│") + " " +
             fit(std::string_view(wrapped).substr(from, to - from), width) + " " +
             paint_(sgr, "│") + "\n";
      from = to + 1;
    }
    at = end + 1;
  }
  out += paint_(sgr, "└" + line + "┘") + "\n";
  put(fd_, out);
}

void DemoScreen::end() {
  drawn_ = 0;
}

}  // namespace brandwacht::daemon
