#include "monitor/daemon/logging.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "monitor/mention_json.hpp"

namespace brandwacht::daemon {
namespace {

// %* : the message as a JSON string.
class JsonText final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    std::string text;
    append_json_string(text, {message.payload.data(), message.payload.size()});
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JsonText>();
  }
};

// %* : sd-daemon(3) priority.
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    static constexpr char kPriority[] = {'7', '7', '6', '4', '3', '2', '6'};
    out.push_back('<');
    out.push_back(kPriority[message.level]);
    out.push_back('>');
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Priority>();
  }
};

std::string pick(const std::string& format) {
  if (format != "auto") return format;
  if (std::getenv("JOURNAL_STREAM") != nullptr) return "journald";
  return isatty(STDERR_FILENO) != 0 ? "text" : "json";
}

template <class Flag>
std::unique_ptr<spdlog::formatter> with_flag(std::string pattern) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<Flag>('*').set_pattern(std::move(pattern));
  return formatter;
}

}  // namespace

void setup_logging(const std::string& level, const std::string& format) {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  const std::string kind = pick(format);
  if (kind == "journald") {
    sink->set_formatter(with_flag<Priority>("%*%v"));
  } else if (kind == "json") {
    sink->set_formatter(
        with_flag<JsonText>(R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%*})"));
  } else {
    sink->set_pattern("%H:%M:%S %^%5l%$  %v");
  }
  if (kind == "json") sink->set_color_mode(spdlog::color_mode::never);
  auto logger = std::make_shared<spdlog::logger>("brandwacht", std::move(sink));
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace brandwacht::daemon
