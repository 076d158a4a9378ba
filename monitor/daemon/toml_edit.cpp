#include "monitor/daemon/toml_edit.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace brandwacht::daemon {
namespace {

// With their ends, so that what is not touched stays to the byte.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto size = end == std::string_view::npos ? text.size() : end + 1;
    out.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

bool is_header(std::string_view line) {
  const auto text = trimmed(line);
  if (!text.starts_with('[')) return false;
  const auto end = text.rfind(']', text.find('#'));
  if (end == std::string_view::npos) return false;
  const auto rest = trimmed(text.substr(end + 1));
  return rest.empty() || rest.starts_with('#');
}

bool is_section(std::string_view line, std::string_view section) {
  if (!is_header(line)) return false;
  const auto text = trimmed(line);
  return !text.starts_with("[[") && trimmed(text.substr(1, text.find(']') - 1)) == section;
}

// Where the value of `key` begins in `line`; nullopt: the line is about something else.
std::optional<std::size_t> value_at(std::string_view line, std::string_view key) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string_view::npos || line.substr(at, key.size()) != key) return std::nullopt;
  at = line.find_first_not_of(" \t", at + key.size());
  if (at == std::string_view::npos || line[at] != '=') return std::nullopt;
  at = line.find_first_not_of(" \t", at + 1);
  return at == std::string_view::npos ? std::nullopt : std::optional{at};
}

std::size_t value_end(std::string_view line, std::size_t at) {
  if (line[at] == '"' || line[at] == '\'') {
    const auto end = line.find(line[at], at + 1);
    return end == std::string_view::npos ? line.size() : end + 1;
  }
  return std::min(line.find_first_of(" \t\r\n#", at), line.size());
}

std::string line_end(const std::vector<std::string>& lines) {
  return !lines.empty() && lines.front().ends_with("\r\n") ? "\r\n" : "\n";
}

void apply(std::vector<std::string>& lines, const TomlChange& change) {
  const std::string end = line_end(lines);
  const std::string fresh = fmt::format("{} = {}{}", change.key, change.value, end);
  if (!lines.empty() && !lines.back().ends_with('\n')) lines.back() += end;
  const auto header = std::ranges::find_if(
      lines, [&](const std::string& line) { return is_section(line, change.section); });
  if (header == lines.end()) {
    if (!lines.empty()) lines.push_back(end);
    lines.push_back(fmt::format("[{}]{}", change.section, end));
    lines.push_back(fresh);
    return;
  }
  const auto stop = std::find_if(header + 1, lines.end(), is_header);
  std::optional<std::ptrdiff_t> commented, last;
  for (auto line = header; line != stop; ++line) {
    if (const auto at = value_at(*line, change.key)) {
      line->replace(*at, value_end(*line, *at) - *at, change.value);
      return;
    }
    const auto text = trimmed(*line);
    if (text.starts_with('#') && value_at(trimmed(text.substr(1)), change.key))
      commented = line - lines.begin();
    // A comment below the last setting mostly belongs to what comes next.
    if (!text.empty() && !text.starts_with('#')) last = line - lines.begin();
  }
  lines.insert(lines.begin() + commented.value_or(*last) + 1, fresh);
}

enum class Kind : char { same = ' ', removed = '-', added = '+' };
struct Step {
  Kind kind;
  std::string_view line;
  std::size_t before, after;  // lines of each file so far
};

// The longest common lines, by the table of all pairs: configurations are short.
std::vector<Step> steps_of(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head])
    ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  const std::size_t n = a.size() - head - tail, m = b.size() - head - tail;
  std::vector<std::uint32_t> common((n + 1) * (m + 1));
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
    return common[i * (m + 1) + j];
  };
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t j = m; j-- > 0;)
      at(i, j) =
          a[head + i] == b[head + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  std::vector<Step> out;
  std::size_t i = 0, j = 0;
  for (; i < head; ++i, ++j)
    out.push_back({Kind::same, a[i], i, j});
  while (i < head + n || j < head + m) {
    const std::size_t x = i - head, y = j - head;
    if (x < n && y < m && a[i] == b[j]) {
      out.push_back({Kind::same, a[i], i, j});
      ++i, ++j;
    } else if (x < n && (y == m || at(x + 1, y) >= at(x, y + 1))) {
      out.push_back({Kind::removed, a[i], i, j});
      ++i;
    } else {
      out.push_back({Kind::added, b[j], i, j});
      ++j;
    }
  }
  for (; i < a.size(); ++i, ++j)
    out.push_back({Kind::same, a[i], i, j});
  return out;
}

std::string range(std::size_t begin, std::size_t count) {
  if (count == 1) return fmt::format("{}", begin + 1);
  return fmt::format("{},{}", count == 0 ? begin : begin + 1, count);
}

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}: {}", file.string(), what, std::strerror(errno)));
}

void write_whole(const std::filesystem::path& file, std::string_view text, ::mode_t mode) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) fail(file, "cannot be written");
  ::fchmod(fd, mode);
  bool good = true;
  while (good && !text.empty()) {
    const auto wrote = ::write(fd, text.data(), text.size());
    good = wrote > 0;
    if (good) text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  good = good && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (good) return;
  errno = error;
  fail(file, "cannot be written");
}

}  // namespace

std::string edit_toml(std::string_view text, const std::vector<TomlChange>& changes) {
  auto lines = lines_of(text);
  for (const TomlChange& change : changes)
    apply(lines, change);
  std::string out;
  for (const std::string& line : lines)
    out += line;
  return out;
}

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name) {
  if (before == after) return {};
  constexpr std::size_t kContext = 3;
  const auto a = lines_of(before), b = lines_of(after);
  const auto steps = steps_of(a, b);
  std::string out = fmt::format("--- {}\n+++ {}\n", name, name);
  for (std::size_t i = 0; i < steps.size();) {
    if (steps[i].kind == Kind::same) {
      ++i;
      continue;
    }
    const std::size_t from = i - std::min(i, kContext);
    std::size_t last = i;  // the hunk goes on while changes are near
    for (std::size_t j = i; j < steps.size() && j <= last + 2 * kContext; ++j)
      if (steps[j].kind != Kind::same) last = j;
    const std::size_t to = std::min(last + kContext + 1, steps.size());
    std::string body;
    std::size_t removed = 0, added = 0;
    for (std::size_t j = from; j < to; ++j) {
      removed += steps[j].kind != Kind::added ? 1 : 0;
      added += steps[j].kind != Kind::removed ? 1 : 0;
      body += static_cast<char>(steps[j].kind);
      body += steps[j].line;
      if (!steps[j].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
    }
    out += fmt::format("@@ -{} +{} @@\n{}", range(steps[from].before, removed),
                       range(steps[from].after, added), body);
    i = to;
  }
  return out;
}

void replace_file(const std::filesystem::path& file, std::string_view text) {
  std::error_code unknown;
  auto target = std::filesystem::canonical(file, unknown);  // a link stays a link
  if (unknown) target = file;
  struct ::stat status {};
  const bool exists = ::stat(target.c_str(), &status) == 0;
  const ::mode_t mode = exists ? status.st_mode & 07777 : 0644;
  if (exists) {
    auto kept = target;
    kept += ".bak";
    std::error_code error;
    std::filesystem::copy_file(target, kept, std::filesystem::copy_options::overwrite_existing,
                               error);
    if (error)
      throw std::runtime_error(
          fmt::format("{}: cannot be written: {}", kept.string(), error.message()));
  }
  auto fresh = target;
  fresh += ".new";
  try {
    write_whole(fresh, text, mode);
  } catch (...) {
    std::filesystem::remove(fresh, unknown);
    throw;
  }
  if (::rename(fresh.c_str(), target.c_str()) != 0) fail(target, "cannot be replaced");
}

}  // namespace brandwacht::daemon
