// Columns for people: as wide as needed, the last one cut to the terminal.
#pragma once
#include <string>
#include <vector>

namespace brandwacht::daemon {

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> heads) : rows_{std::move(heads)} {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }
  // `width` 0: as wide as it gets, for a pipe. `bold_head` for terminals.
  std::string text(std::size_t width, bool bold_head) const;
  void print() const;  // to stdout, as it is

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace brandwacht::daemon
