// Reads TOML with positions, so that every problem of a file is reported at once as
// file:line:column with a suggestion. This folder knows no setting: each plug-in reads its own
// struct through a Section.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brandwacht::config {

struct Position {
  std::uint32_t line = 0, column = 0;  // from 1; 0: the whole file
};

struct Problem {
  std::string file;
  Position at;
  std::string message;     // one sentence
  std::string suggestion;  // "did you mean 'terms'?"; may be empty
  bool warning = false;    // does not stop the program
};
std::string to_string(const Problem& problem);  // "brandwacht.toml:12:3: error: unknown key
                                                // 'termz'; did you mean 'terms'?"

class Problems {
 public:
  void add(Problem problem) { list_.push_back(std::move(problem)); }
  bool fatal() const;
  std::vector<Problem> sorted() const;  // by file, line, column

 private:
  std::vector<Problem> list_;
};

class Document;
struct Tree;  // the parsed file, shared by a document and its sections

// One table of a document. Reading a key marks it as known; close() reports every key that nobody
// read. A key that is absent leaves the target untouched and is no problem; one with the wrong type
// or out of range is reported with its position and leaves the target untouched.
class Section {
 public:
  Section(Section&&) noexcept;
  Section& operator=(Section&&) noexcept;
  ~Section();

  bool has(std::string_view key) const;
  void read(std::string_view key, std::string& target);
  void read(std::string_view key, bool& target);
  void read(std::string_view key, double& target, double min, double max);
  void read(std::string_view key, std::int64_t& target, std::int64_t min, std::int64_t max);
  void read(std::string_view key,
            std::vector<std::string>& target);  // an array of strings, or one string
  void read(std::string_view key, std::vector<double>& target, double min,
            double max);  // an array of numbers
  // "90 s", "15 min", "1.5 h", "200 ms", "2 d", also without the space.
  void read(std::string_view key, std::chrono::microseconds& target, std::chrono::microseconds min,
            std::chrono::microseconds max);
  // One of `choices`; anything else is a problem with a did-you-mean. Gives the index.
  std::optional<std::size_t> choice(std::string_view key,
                                    std::initializer_list<std::string_view> choices);
  // A secret: either `key` (plain; a warning, for tests and demos only) or `key_file` (a path,
  // relative to the configuration file or to $CREDENTIALS_DIRECTORY when it starts with
  // "credential:"). The file is read now, one trailing newline is cut; an unreadable or empty one
  // is a problem. Never printed.
  void read_secret(std::string_view key, std::string& target);
  void read_path(std::string_view key,
                 std::filesystem::path& target);  // relative to the configuration file

  void require(std::string_view key);                    // reports its absence
  std::optional<Section> section(std::string_view key);  // a table
  std::vector<Section> sections(std::string_view key);   // an array of tables
  std::vector<std::string> keys() const;

  // A problem found by the caller, at `key`'s value, or at the table when the key is absent or
  // empty.
  void problem(std::string_view key, std::string message, std::string suggestion = {});
  void warn(std::string_view key, std::string message, std::string suggestion = {});

  void close();  // call once all keys were read; sections obtained from here are closed by their
                 // own readers

 private:
  friend class Document;
  struct Impl;
  explicit Section(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Document {
 public:
  // A syntax error or an unreadable file is a problem with its position; the document is then
  // empty.
  static Document from_file(const std::filesystem::path& file, Problems& problems);
  static Document from_string(std::string_view toml, std::string name, Problems& problems);

  Document(Document&&) noexcept;
  ~Document();
  bool ok() const;
  Section root();
  // What stands under each key of the root, in one form whatever its layout and comments: to see
  // what changed between two documents.
  std::map<std::string, std::string> said() const;

 private:
  struct Impl;
  explicit Document(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

// The candidate nearest to `word` by edits (transpositions count one), if near enough to be meant:
// "did you mean 'x'?".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace brandwacht::config
