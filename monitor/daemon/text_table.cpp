#include "monitor/daemon/text_table.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "monitor/daemon/terminal.hpp"

namespace brandwacht::daemon {
namespace {

constexpr std::size_t kGap = 2, kNarrowest = 20;

// Wide enough for its cells, and never cut.
std::string padded(const std::string& cell, std::size_t columns) {
  const std::size_t width = display_width(cell);
  return width >= columns ? cell : cell + std::string(columns - width, ' ');
}

}  // namespace

std::string TextTable::text(std::size_t width, bool bold_head) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  std::size_t before = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i)
    before += widths[i] + kGap;
  const std::size_t last = std::max(kNarrowest, width > before ? width - before : 0);
  const Paint paint{bold_head};
  std::string out;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows_[r].size(); ++i) {
      const std::string& cell = rows_[r][i];
      if (i + 1 < rows_[r].size())
        line += padded(cell, widths[i] + kGap);
      else
        line += width > 0 && display_width(cell) > last ? fit(cell, last) : cell;
    }
    while (line.ends_with(' '))
      line.pop_back();
    out += (r == 0 ? paint.bold(line) : line) + "\n";
  }
  return out;
}

void TextTable::print() const {
  const bool terminal = is_terminal(STDOUT_FILENO);
  const std::string out =
      text(terminal ? terminal_width(STDOUT_FILENO) : 0, colour_on(STDOUT_FILENO));
  std::fwrite(out.data(), 1, out.size(), stdout);
}

}  // namespace brandwacht::daemon
