// What a document and its sections share. Only the sources of this folder include it: the reader's
// users never see toml++, which costs seconds per file to compile.
#pragma once
#include <toml++/toml.h>

#include <filesystem>
#include <string>

#include "config/reader.hpp"

namespace brandwacht::config {

struct Tree {
  toml::table root;
  std::string name;            // as in the messages
  std::filesystem::path base;  // of relative paths
  Problems* problems = nullptr;
  bool ok = false;
};

struct Document::Impl : Tree {};

struct Section::Impl {
  std::shared_ptr<Tree> tree;
  const toml::table* table;  // in the tree
  Position at{};             // of the table; the root has none
  std::string label;         // "[decision]"; empty for the root
  std::vector<std::string> known;

  // The value, or nullptr. Either way the key is a known one from now on.
  const toml::node* find(std::string_view key);
  // As find, but of type T; reports another type, in words: "must be `wanted`, but is ...".
  template <typename T>
  const toml::value<T>* find_as(std::string_view key, std::string_view wanted);
  void report(Position at, std::string message, std::string suggestion = {}, bool warning = false);
  void wrong_type(std::string_view key, const toml::node& value, std::string_view wanted,
                  std::string suggestion = {});
  Position position_of(std::string_view key) const;
};

// For messages: "the string 'abc'", "the integer 42", "a table".
std::string kind_of(const toml::node& value);

inline Position position(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

}  // namespace brandwacht::config
