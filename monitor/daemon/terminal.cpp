#include "monitor/daemon/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace brandwacht::daemon {
namespace {

struct Rune {
  char32_t code;
  std::size_t bytes;
};

Rune rune_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const std::size_t bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (at + bytes > text.size()) return {0xFFFD, 1};
  char32_t code = bytes == 1 ? first : first & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {0xFFFD, 1};
    code = code << 6 | (byte(at + i) & 0x3F);
  }
  return {code, bytes};
}

// Coarse, from the East Asian Width and emoji ranges; good enough for columns of social posts.
std::size_t width(char32_t c) {
  const auto in = [c](char32_t low, char32_t high) { return c >= low && c <= high; };
  if (c < 0x20 || in(0x300, 0x36F) || in(0x200B, 0x200F) || in(0xFE00, 0xFE0F) ||
      in(0x1F3FB, 0x1F3FF) || in(0x20D0, 0x20F0))
    return 0;
  if (in(0x1100, 0x115F) || in(0x2E80, 0xA4CF) || in(0xAC00, 0xD7A3) || in(0xF900, 0xFAFF) ||
      in(0xFF00, 0xFF60) || in(0x1F300, 0x1FAFF) || in(0x231A, 0x231B) || in(0x2753, 0x2757) ||
      c == 0x2705 || c == 0x274C || c == 0x2728)
    return 2;
  return 1;
}

unsigned window(int fd, bool rows) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
  return rows ? size.ws_row : size.ws_col;
}

}  // namespace

bool is_terminal(int fd) {
  return isatty(fd) != 0;
}

bool colour_on(int fd) {
  const char* none = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (none != nullptr && *none != 0) return false;
  return is_terminal(fd) && (term == nullptr || std::strcmp(term, "dumb") != 0);
}

std::size_t terminal_width(int fd) {
  const unsigned columns = window(fd, false);
  return columns > 20 ? columns : 100;
}

std::size_t terminal_height(int fd) {
  const unsigned rows = window(fd, true);
  return rows > 5 ? rows : 30;
}

std::string Paint::operator()(std::string_view sgr, std::string_view text) const {
  if (!on) return std::string(text);
  std::string out = "\x1b[";
  out.append(sgr).append("m").append(text).append("\x1b[0m");
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = rune_at(text, at);
    sum += width(rune.code);
    at += rune.bytes;
  }
  return sum;
}

std::string fit(std::string_view text, std::size_t columns) {
  const bool cut = display_width(text) > columns;
  const std::size_t room = cut && columns > 0 ? columns - 1 : columns;
  std::string out;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = rune_at(text, at);
    if (used + width(rune.code) > room) break;
    if (rune.code == '\n' || rune.code == '\r' || rune.code == '\t') {
      if (used < room) out += ' ', ++used;
    } else {
      out += rune.code == 0xFFFD ? "\xEF\xBF\xBD" : text.substr(at, rune.bytes);
      used += width(rune.code);
    }
    at += rune.bytes;
  }
  if (cut) out += "…", ++used;
  if (used < columns) out.append(columns - used, ' ');
  return out;
}

std::string wrap(std::string_view text, std::size_t columns, std::string_view indent) {
  std::string out(indent);
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t space = text.find_first_of(" \n");
    const std::string_view word = text.substr(0, space);
    const std::size_t wide = display_width(word);
    if (used > 0 && used + 1 + wide > columns) {
      out += '\n';
      out += indent;
      used = 0;
    }
    if (!word.empty()) {
      if (used > 0) out += ' ', ++used;
      out += word;
      used += wide;
    }
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
  }
  return out;
}

}  // namespace brandwacht::daemon
