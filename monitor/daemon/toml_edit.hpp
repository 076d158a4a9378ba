// Changes single settings of a TOML file as a person would: a line here and there, every comment
// and blank kept; and shows it as a unified diff. Knows no setting. Text in, text out, but for
// replace_file.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace brandwacht::daemon {

struct TomlChange {
  std::string section, key, value;  // [section] key = value, the value as TOML
};

// A key that is there gets the new value; one that stands there as a comment gets a line below it;
// else it comes behind the last line of its section, or a section is added. The result is to be
// read again before it is used: a file that is written otherwise (dotted keys, inline tables) comes
// out with the key twice.
std::string edit_toml(std::string_view text, const std::vector<TomlChange>& changes);

// `diff -u`; empty: no difference.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view name);

// Puts `text` in the place of `file` in one step, with its permissions; what was there is kept as
// FILE.bak. Throws std::runtime_error with one sentence; the file is then as it was.
void replace_file(const std::filesystem::path& file, std::string_view text);

}  // namespace brandwacht::daemon
