// JSON in and out of the API.
#pragma once
#include <simdjson.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/http_server.hpp"
#include "monitor/time.hpp"

namespace brandwacht::daemon {

net::ServerResponse json_answer(int status, std::string body);
net::ServerResponse problem_answer(int status, std::string_view message);  // {"error":"..."}

// What stands behind `name=` in a query, without escapes; empty: absent.
std::string_view query_value(std::string_view target, std::string_view name) noexcept;
std::size_t query_number(std::string_view target, std::string_view name, std::size_t otherwise,
                         std::size_t most) noexcept;

// A flat JSON object that came as a body. Reading a key marks it as known; problem() is the first
// thing that is wrong, unknown keys among them, as one sentence.
class ApiFields {
 public:
  // An empty body is an empty object.
  explicit ApiFields(std::string_view body);

  std::string text(std::string_view name, std::string_view otherwise = {});
  std::vector<std::string> list(std::string_view name);  // an array of strings, or one string
  bool flag(std::string_view name);
  std::optional<bool> maybe(std::string_view name);     // nullopt: it is not there
  std::optional<Duration> span(std::string_view name);  // "30 min"
  std::optional<Time> time(std::string_view name);      // RFC 3339
  std::string problem() const;

 private:
  const simdjson::dom::element* find(std::string_view name);
  void wrong(std::string_view name, std::string_view what);

  std::unique_ptr<simdjson::dom::parser> parser_;
  std::map<std::string, simdjson::dom::element, std::less<>> fields_;
  std::vector<std::string> known_;
  std::string problem_;
};

}  // namespace brandwacht::daemon
