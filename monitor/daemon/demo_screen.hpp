// What the demo draws: a table of hot threads that changes in place on a terminal, and pages that
// stay.
#pragma once
#include <string>
#include <vector>

#include "monitor/daemon/terminal.hpp"
#include "monitor/line/line.hpp"

namespace brandwacht::daemon {

class DemoScreen {
 public:
  DemoScreen(int fd, line::DeskLanguage language);

  bool live() const { return live_; }
  void intro(std::string_view text);
  // Redraws the table; nothing when not live.
  void draw(const std::vector<line::HotThread>& threads, const line::Stats& stats, Time now,
            double speed);
  void page(const IncidentEvent& event);
  void print(const std::string& text);  // above the table
  void end();                           // leaves the table where it is

 private:
  void erase();
  std::string row(const line::HotThread& thread, Time now) const;
  std::string say(std::string_view en, std::string_view nl) const;

  int fd_;
  line::DeskLanguage language_;
  bool live_;
  Paint paint_;
  std::size_t drawn_ = 0;  // lines of the table on the screen
};

}  // namespace brandwacht::daemon
