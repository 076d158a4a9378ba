// Where all sources meet the line: counts what is refused, keeps the cursors, holds sources back
// when the store is behind.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <string>

#include "monitor/clock.hpp"
#include "monitor/daemon/journal.hpp"
#include "monitor/incident.hpp"
#include "monitor/line/line.hpp"
#include "monitor/queue.hpp"
#include "monitor/sink.hpp"

namespace brandwacht::daemon {

using Faults = std::array<std::uint64_t, static_cast<std::size_t>(LineFault::count_)>;

class Intake final : public MentionSink {
 public:
  Intake(boost::asio::any_io_executor executor, Clock& clock, line::Line& line, Journal& journal,
         Queue<IncidentEvent>& events)
      : executor_(std::move(executor)),
        clock_(clock),
        line_(line),
        journal_(journal),
        events_(events) {}

  void accept(const MentionView& mention) override { line_.process(mention, clock_.now()); }
  void reject(std::string_view source, LineFault fault) override;
  void position(std::string_view source, std::string_view cursor) override {
    journal_.position(source, cursor);
  }
  boost::asio::awaitable<void> ready() override;

  const std::map<std::string, Faults, std::less<>>& faults() const { return faults_; }

 private:
  boost::asio::any_io_executor executor_;
  Clock& clock_;
  line::Line& line_;
  Journal& journal_;
  Queue<IncidentEvent>& events_;
  std::map<std::string, Faults, std::less<>> faults_;
};

}  // namespace brandwacht::daemon
