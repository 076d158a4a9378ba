#include "connectors/ndjson.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "connectors/ndjson_line.hpp"

namespace brandwacht::connectors {
namespace {

namespace asio = boost::asio;

// Polled, not watched with inotify: it works on network folders, over rotation and for files that
// are not there yet without a special case, and a test moves it with a manual clock.
constexpr Duration kPoll = std::chrono::milliseconds{250};

}  // namespace

Ndjson::Ndjson(std::string name, NdjsonSettings settings, ConnectorContext context)
    : name_(std::move(name)), settings_(std::move(settings)), context_(std::move(context)) {}

asio::awaitable<void> Ndjson::run(MentionSink& sink, std::string cursor) {
  struct stat info {};
  const bool fifo = ::stat(settings_.path.c_str(), &info) == 0 && S_ISFIFO(info.st_mode);
  if (from_stdin() || fifo)
    co_await read_stream(sink, fifo);
  else
    co_await read_file(sink, std::move(cursor));
  stats_.connected = false;
}

asio::awaitable<void> Ndjson::read_file(MentionSink& sink, std::string cursor) {
  FileTail file(settings_.path, settings_.follow);
  file.resume(cursor);
  LineSplitter lines(kMaxLineBytes);
  too_long_ = 0;
  for (;;) {
    const auto [step, bytes] = file.read(lines.writable());
    stats_.connected = file.is_open();
    if (file.failure() != stats_.last_failure || step == FileTail::Step::failed)
      note_failure(file.failure());
    if (step == FileTail::Step::data) {
      lines.commit(bytes);
      stats_.bytes += bytes;
      take_lines(lines, sink);
      sink.position(name_, file.cursor());
      // ready() need not suspend; without this a long file would keep everything else from running.
      co_await asio::post(context_.executor, asio::use_awaitable);
      co_await sink.ready();
    } else if (step == FileTail::Step::nothing) {
      co_await context_.clock.sleep_for(kPoll);
    } else {
      take_rest(lines, sink);
      if (step == FileTail::Step::failed) co_return;
      if (step == FileTail::Step::end) {
        file.finish_line();
        sink.position(name_, file.cursor());
        co_return;
      }
    }
  }
}

// A descriptor of our own: asio makes it non-blocking, and with a shared one the shell's terminal
// would be so too.
int Ndjson::open_stream(bool fifo) const {
  if (fifo &&
      !from_stdin())  // a FIFO that is followed is held open for writing too, and so never ends
    return ::open(settings_.path.c_str(),
                  (settings_.follow ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC);
  struct stat info {};
  if (::fstat(STDIN_FILENO, &info) == 0 && !S_ISREG(info.st_mode)) {
    const int reopened = ::open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (reopened >= 0) return reopened;
  }
  // A regular file keeps its offset this way, and a socket cannot be opened anew.
  return ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
}

asio::awaitable<void> Ndjson::read_stream(MentionSink& sink, bool fifo) {
  const int fd = open_stream(fifo);
  if (fd < 0) {
    note_failure(fmt::format("cannot open {}: {}", settings_.path.string(),
                             std::generic_category().message(errno)));
    co_return;
  }
  asio::posix::stream_descriptor stream(context_.executor, fd);
  stats_.connected = true;
  LineSplitter lines(kMaxLineBytes);
  too_long_ = 0;
  // A FIFO without a writer yet reads as ended.
  if (fifo && !from_stdin())
    co_await stream.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
  for (;;) {
    const auto room = lines.writable();
    const auto buffer = asio::buffer(room.data(), room.size());
    const auto [error, bytes] =
        co_await stream.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) {
      take_rest(lines, sink);
      if (error != asio::error::eof) note_failure("cannot read the input: " + error.message());
      co_return;
    }
    lines.commit(bytes);
    stats_.bytes += bytes;
    take_lines(lines, sink);
    co_await sink.ready();
  }
}

void Ndjson::take_lines(LineSplitter& lines, MentionSink& sink) {
  while (const auto line = lines.next())
    take(*line, sink);
  count_too_long(lines, sink);
}

void Ndjson::take_rest(LineSplitter& lines, MentionSink& sink) {
  if (const auto line = lines.finish()) take(*line, sink);
  count_too_long(lines, sink);
}

void Ndjson::take(std::string_view line, MentionSink& sink) {
  line = trim_line(line);
  if (line.empty()) return;
  const Time now = context_.clock.now();
  MentionView mention;
  const LineFault fault = parser_.parse(line, now, mention);
  if (fault != LineFault::none) {
    sink.reject(name_, fault);
    return;
  }
  ++stats_.events;
  stats_.last_event = now;
  stats_.last_created = mention.created_at;
  sink.accept(mention);
}

void Ndjson::count_too_long(const LineSplitter& lines, MentionSink& sink) {
  for (; too_long_ < lines.too_long(); ++too_long_)
    sink.reject(name_, LineFault::too_long);
}

// Empty: what failed before works again.
void Ndjson::note_failure(const std::string& sentence) {
  stats_.last_failure = sentence;
  if (sentence.empty()) return;
  ++stats_.failures;
  spdlog::warn("source {}: {}{}", name_, sentence, finite() ? "" : "; still trying");
}

std::function<std::unique_ptr<Connector>(ConnectorContext)> read_ndjson(config::Section& section,
                                                                        std::string name) {
  NdjsonSettings settings;
  std::string path;
  section.require("path");
  section.read("path", path);
  if (path == "-")
    settings.path = path;
  else
    section.read_path("path", settings.path);
  section.read("follow", settings.follow);
  if (path == "-" && settings.follow)
    section.warn("follow", "standard input cannot be followed: it ends when its writer closes it");
  return [name = std::move(name), settings = std::move(settings)](ConnectorContext context) {
    return std::make_unique<Ndjson>(name, settings, std::move(context));
  };
}

}  // namespace brandwacht::connectors
