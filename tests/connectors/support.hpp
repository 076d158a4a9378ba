// What the tests of the connectors share.
#pragma once
#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "monitor/sink.hpp"

namespace brandwacht::connectors {

// What the sources log is seen in their stats too.
inline const bool kQuiet = (spdlog::set_level(spdlog::level::off), true);

// Keeps everything it is given.
class CollectingSink : public MentionSink {
 public:
  void accept(const MentionView& mention) override { mentions.emplace_back(mention); }
  void reject(std::string_view source, LineFault fault) override {
    sources.emplace_back(source);
    ++rejects[fault];
  }
  void position(std::string_view source, std::string_view cursor) override {
    sources.emplace_back(source);
    positions.emplace_back(cursor);
  }
  boost::asio::awaitable<void> ready() override {
    ++ready_calls;
    co_return;
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> out;
    for (const auto& mention : mentions)
      out.push_back(mention.text);
    return out;
  }

  std::vector<Mention> mentions;
  std::map<LineFault, int> rejects;
  std::vector<std::string> positions;
  std::vector<std::string> sources;
  int ready_calls = 0;
};

// A string followed by as many readable bytes as simdjson wants.
class Padded {
 public:
  explicit Padded(std::string text) : size_(text.size()), bytes_(std::move(text)) {
    bytes_.append(simdjson::SIMDJSON_PADDING, ' ');
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::size_t size_;
  std::string bytes_;
};

// A folder that is removed with the object.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "brandwacht-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline void append_to(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary | std::ios::app) << bytes;
}

inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

// An invented mention as NDJSON.
inline std::string mention_line(const std::string& id, const std::string& text) {
  return R"({"platform":"forum","id":")" + id +
         R"(","author":"invented","created_at":"2026-01-05T10:00:00Z","text":")" + text + "\"}\n";
}

}  // namespace brandwacht::connectors
