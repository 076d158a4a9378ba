// An HTTP client that answers from a script, and a pager on a manual clock.
#pragma once
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <future>
#include <map>
#include <utility>

#include "alerting/pager.hpp"
#include "tests/alerting/builders.hpp"

namespace brandwacht::alerting {

inline NetResult<HttpResponse> answered(int status, HttpHeaders headers = {},
                                        std::string body = {}) {
  HttpResponse out;
  out.status = status;
  out.headers = std::move(headers);
  out.body = std::move(body);
  return out;
}

inline NetResult<HttpResponse> failed(NetFault fault) {
  return NetError{fault, std::string(to_string(fault)), 0};
}

class ScriptedHttp final : public HttpClient {
 public:
  using Handler = std::function<NetResult<HttpResponse>(const HttpRequest&)>;
  explicit ScriptedHttp(Handler handler) : handler_(std::move(handler)) {}
  boost::asio::awaitable<NetResult<HttpResponse>> send(HttpRequest request) override {
    auto out = handler_(request);
    requests.push_back(std::move(request));
    co_return out;
  }
  std::vector<HttpRequest> requests;

 private:
  Handler handler_;
};

inline std::string header(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return {};
}

// A target that does what the test says.
class ScriptedTarget final : public Notifier {
 public:
  struct Log {
    Time at;
    Page page;
  };
  using Script = std::function<Outcome(const Page& page, std::size_t attempt)>;

  ScriptedTarget(std::string name, Script script, NotifierTraits traits = {})
      : name_(std::move(name)), script_(std::move(script)), traits_(traits) {}
  const std::string& name() const override { return name_; }
  NotifierTraits traits() const override { return traits_; }
  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    log->push_back({now, page});
    if (stall) {
      Event never(co_await boost::asio::this_coro::executor);
      for (;;)
        co_await never.wait();
    }
    co_return script_(page, log->size());
  }

  boost::asio::awaitable<Sighting> ask(std::string receipt, Time) override {
    Sighting nothing;
    co_return answer ? answer(receipt) : nothing;
  }
  boost::asio::awaitable<void> taken(std::string incident, Time) override {
    if (calmed) calmed(incident);
    co_return;
  }
  void remember(const std::string& incident, const std::string& receipt) override {
    if (told) told(incident, receipt);
  }

  bool stall = false;
  std::function<Sighting(const std::string& receipt)> answer;
  std::function<void(const std::string& incident, const std::string& receipt)> told;
  std::function<void(const std::string& incident)> calmed;
  std::shared_ptr<std::vector<Log>> log = std::make_shared<std::vector<Log>>();

 private:
  std::string name_;
  Script script_;
  NotifierTraits traits_;
};

inline Outcome outcome(Outcome::Kind kind, std::string detail = "scripted") {
  Outcome out;
  out.kind = kind;
  out.detail = std::move(detail);
  return out;
}
inline Outcome accepts(const Page&, std::size_t) {
  return outcome(Outcome::Kind::accepted);
}

// A whole pager: one thread, one pool thread, manual time.
class Rig {
 public:
  using Logs = std::shared_ptr<std::vector<ScriptedTarget::Log>>;

  explicit Rig(std::filesystem::path file) {
    settings.store.file = std::move(file);
    settings.target.seed = 7;
  }
  ~Rig() { stop(); }

  Logs target(std::string name, ScriptedTarget::Script script = accepts, NotifierTraits traits = {},
              bool stall = false) {
    auto made = std::make_unique<ScriptedTarget>(name, std::move(script), traits);
    made->stall = stall;
    made->answer = [this](const std::string& receipt) {
      return sighting ? sighting(receipt) : Sighting{};
    };
    made->told = [this](const std::string& incident, const std::string& receipt) {
      remembered.emplace_back(incident, receipt);
    };
    made->calmed = [this](const std::string& incident) { calmed.push_back(incident); };
    auto log = made->log;
    receivers_.push_back(std::move(made));
    names_.push_back(std::move(name));
    return log;
  }

  void add(std::unique_ptr<Notifier> receiver) {
    names_.push_back(receiver->name());
    receivers_.push_back(std::move(receiver));
  }

  void start(std::vector<Route> routes = {}) { start(Policy(Routes(std::move(routes), names_))); }
  void start(Policy policy) {
    pager = std::make_unique<Pager>(settings, io.get_executor(), pool, clock, std::move(policy),
                                    std::move(receivers_));
    running_ = true;
    const auto ends = [this](std::exception_ptr error) {
      running_ = false;
      ended = error;
    };
    boost::asio::co_spawn(io, pager->run(events),
                          boost::asio::bind_cancellation_slot(cancel.slot(), ends));
    drain();
  }

  // Another configuration, with the targets that were made since the last one.
  void reload(Policy policy) {
    boost::asio::co_spawn(io, pager->reconfigure(std::move(policy), std::exchange(receivers_, {})),
                          [](std::exception_ptr error) {
                            if (error) std::abort();
                          });
    drain();
  }

  // Everything that can happen now, on the pool too.
  void drain() {
    for (std::size_t ran = 1; ran > 0;) {
      clock.settle();
      for (int hop = 0; hop < 3;
           ++hop) {  // a coroutine on the pool posts itself there once or twice
        std::promise<void> idle;
        boost::asio::post(pool, [&] { idle.set_value(); });
        idle.get_future().wait();
      }
      io.restart();
      ran = io.poll();
    }
  }
  // In steps: a worker that comes back from the pool may want to sleep less than what is left.
  void advance(Duration span, Duration step = std::chrono::milliseconds{500}) {
    for (Duration done{0}; done < span; done += step) {
      clock.advance(step);
      drain();
    }
  }
  void push(IncidentEvent event) {
    events.force_push(std::move(event));
    drain();
  }
  // As SIGTERM does it.
  void stop() {
    if (!running_) return;
    events.close();
    drain();
    for (int i = 0; i < 2000 && running_; ++i)
      advance(std::chrono::milliseconds{20}, std::chrono::milliseconds{20});
    if (running_) std::abort();
  }

  boost::asio::io_context io;
  ManualClock clock{io, kNoon};
  boost::asio::thread_pool pool{1};
  PagerSettings settings;
  Queue<IncidentEvent> events{io.get_executor(), 64};
  std::unique_ptr<Pager> pager;
  std::exception_ptr ended;
  std::function<Sighting(const std::string& receipt)> sighting;  // of every target
  std::vector<std::pair<std::string, std::string>> remembered;
  std::vector<std::string> calmed;  // incidents for which a target was told to ring no longer
  boost::asio::cancellation_signal cancel;
  bool running() const { return running_; }

 private:
  std::vector<std::unique_ptr<Notifier>> receivers_;
  std::vector<std::string> names_;
  bool running_ = false;
};

}  // namespace brandwacht::alerting
