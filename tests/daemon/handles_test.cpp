#include "monitor/daemon/handles.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "monitor/task_group.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::daemon {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr Time kNow{std::chrono::seconds{1'767'260'000}};

// A fake: no Bluesky service can be reached from a test. Answers in the published shape of the
// method.
struct FakeService final : HttpClient {
  bool up = true;
  std::vector<std::string> asked;
  asio::awaitable<NetResult<HttpResponse>> send(HttpRequest request) override {
    asked.push_back(request.url);
    if (!up) {
      NetError error{NetFault::connect, "cannot connect", 0};
      co_return error;
    }
    HttpResponse response;
    const bool known = request.url.ends_with("handle=polderbank.example");
    response.status = known ? 200 : 400;
    response.body = known ? R"({"did":"did:plc:polder"})" : R"({"error":"InvalidRequest"})";
    co_return response;
  }
};

line::Settings settings() {
  line::Settings out;
  out.brands.push_back(
      {.name = "Polderbank",
       .terms = {"polderbank"},
       .exclude = {},
       .accounts = {"@polderbank.example", "polderbank", "did:plc:known", "gone.example"}});
  return out;
}

Mention by_did(std::string id, std::string author) {
  Mention out;
  out.platform = "bluesky";
  out.id = std::move(id);
  out.author = std::move(author);
  out.text = "Polderbank: excuses voor de storing";
  out.created_at = out.received_at = kNow;
  return out;
}

TEST_CASE("only names with a dot that are no DID are handles to resolve") {
  const auto handles = handles_of(settings().brands);
  REQUIRE(handles.size() == 2);
  CHECK(handles[0].name == "polderbank.example");
  CHECK(handles[1].name == "gone.example");
}

TEST_CASE("an answer without a DID is no answer") {
  CHECK(parse_did(R"({"did":"did:plc:x"})") == "did:plc:x");
  CHECK_FALSE(parse_did(R"({"did":"nonsense"})").has_value());
  CHECK_FALSE(parse_did(R"({"did":5})").has_value());
  CHECK_FALSE(parse_did("<html>").has_value());
}

TEST_CASE(
    "what a brand's account writes is official once its handle is resolved, also when the service "
    "was down first") {
  asio::io_context io{1};
  ManualClock clock(io);
  FakeService service;
  service.up = false;
  line::Line line(settings(), {});
  HandleResolver resolver("https://service.example", handles_of(settings().brands), service, clock,
                          line);
  TaskGroup group(io.get_executor());
  line.process(by_did("1", "did:plc:polder").view(), kNow);
  CHECK(line.stats().official == 0);
  group.spawn("handles", resolver.run(false));
  clock.advance(30s);
  CHECK(service.asked.size() >= 1);
  service.up = true;
  clock.advance(10min);
  line.process(by_did("2", "did:plc:polder").view(), kNow);
  CHECK(line.stats().official == 1);
  const auto asked = service.asked.size();
  clock.advance(1h);
  CHECK(service.asked.size() == asked);  // settled; the next round is hours away
  group.cancel();
  clock.settle();
}

}  // namespace
}  // namespace brandwacht::daemon
