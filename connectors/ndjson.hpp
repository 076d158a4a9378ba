// The common NDJSON of a mention (monitor/mention_json.hpp) from a file, a FIFO or standard input.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "connectors/connector.hpp"
#include "connectors/file_tail.hpp"
#include "monitor/line_splitter.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht::connectors {

struct NdjsonSettings {
  std::filesystem::path path;  // "-": standard input
  bool follow =
      false;  // go on at the end of the file, through rotation; no effect on standard input
};

class Ndjson final : public Connector {
 public:
  Ndjson(std::string name, NdjsonSettings settings, ConnectorContext context);

  const std::string& name() const override { return name_; }
  const ConnectorStats& stats() const override { return stats_; }
  bool finite() const override { return !settings_.follow || from_stdin(); }
  // The cursor is FileTail's. Standard input and FIFOs cannot be resumed and have none.
  boost::asio::awaitable<void> run(MentionSink& sink, std::string cursor) override;

 private:
  bool from_stdin() const { return settings_.path == "-"; }
  boost::asio::awaitable<void> read_file(MentionSink& sink, std::string cursor);
  boost::asio::awaitable<void> read_stream(MentionSink& sink, bool fifo);
  int open_stream(bool fifo) const;
  void take_lines(LineSplitter& lines, MentionSink& sink);
  void take_rest(LineSplitter& lines, MentionSink& sink);
  void take(std::string_view line, MentionSink& sink);
  void count_too_long(const LineSplitter& lines, MentionSink& sink);
  void note_failure(const std::string& sentence);

  std::string name_;
  NdjsonSettings settings_;
  ConnectorContext context_;
  ConnectorStats stats_;
  MentionParser parser_;
  std::uint64_t too_long_ = 0;  // of LineSplitter's, as far as told to the sink
};

// The row of the table. Reads and checks everything but `type` and `name`.
std::function<std::unique_ptr<Connector>(ConnectorContext)> read_ndjson(config::Section& section,
                                                                        std::string name);

}  // namespace brandwacht::connectors
