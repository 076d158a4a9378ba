// The command line's end of the API of a running daemon.
#pragma once
#include <simdjson.h>

#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "monitor/time.hpp"

namespace brandwacht::daemon {

// Where the daemon is: --url, or [daemon] listen of the configuration.
struct ApiPlace {
  std::string config = "brandwacht.toml", url;
  bool json = false;
};

// -c, --url and --json.
void add_api_options(CLI::App& command, ApiPlace& place);

// An answer of the API, or why there is none. Prints the latter itself.
class ApiAnswer {
 public:
  int status() const { return status_; }  // an exit status: kOk, or what went wrong
  const std::string& body() const { return body_; }
  const simdjson::dom::element& json() const { return json_; }

  // Of the object or of one below: what is absent is empty.
  static std::string text(const simdjson::dom::element& object, std::string_view pointer);
  static double number(const simdjson::dom::element& object, std::string_view pointer);
  static bool flag(const simdjson::dom::element& object, std::string_view pointer);

 private:
  friend ApiAnswer ask_api(const ApiPlace&, const std::string&, const std::string&, std::string);
  int status_ = 0;
  std::string body_;
  std::shared_ptr<simdjson::dom::parser> parser_;
  simdjson::dom::element json_;
};

// One request; waits for its answer. `path` with the query. 404 and 400 are kDataError, 409 too,
// and a daemon that does not answer kUnavailable.
ApiAnswer ask_api(const ApiPlace& place, const std::string& method, const std::string& path,
                  std::string body = {});

// Who the operator is, for what is said in their name: --as, else $SUDO_USER, $USER.
std::string operator_name(const std::string& given);

std::string query_escaped(std::string_view text);

// "14:05" today by the system's clock, with its day where it is another one; and "12 min ago".
std::string shown_time(std::string_view rfc3339);
std::string shown_age(std::string_view rfc3339, Time now);

// True: `text` is a duration such as "30 min". Else prints why not.
bool check_span(const char* option, const std::string& text);

}  // namespace brandwacht::daemon
