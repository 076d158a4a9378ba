// What stdout and stderr can show.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace brandwacht::daemon {

// Colour only on a terminal, and never with NO_COLOR set or TERM=dumb.
bool colour_on(int fd);
bool is_terminal(int fd);
std::size_t terminal_width(int fd);   // columns; 100 when it is not known
std::size_t terminal_height(int fd);  // rows; 30 when it is not known

// SGR codes when `on`, else nothing.
struct Paint {
  bool on = false;
  std::string operator()(std::string_view sgr, std::string_view text) const;
  std::string bold(std::string_view text) const { return (*this)("1", text); }
  std::string dim(std::string_view text) const { return (*this)("2", text); }
  std::string red(std::string_view text) const { return (*this)("31", text); }
  std::string green(std::string_view text) const { return (*this)("32", text); }
  std::string yellow(std::string_view text) const { return (*this)("33", text); }
};

// Columns that a terminal uses for UTF-8 text: wide characters and emoji take two, combining marks
// none.
std::size_t display_width(std::string_view text);
// Cut to `columns` with "…", or padded with spaces to it. Newlines become spaces.
std::string fit(std::string_view text, std::size_t columns);
// Broken at spaces into lines of at most `columns`.
std::string wrap(std::string_view text, std::size_t columns, std::string_view indent);

}  // namespace brandwacht::daemon
