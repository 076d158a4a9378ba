#include "tests/alerting/peers.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "alerting/command_receiver.hpp"
#include "tests/alerting/fake_vendor.hpp"
#include "tests/alerting/scripted_mail.hpp"
#include "tests/alerting/vendors.hpp"

namespace brandwacht::alerting {
namespace {

using Pages = std::vector<Page>;

void carry_over(Pages& pages, std::size_t done, const Outcome& outcome) {
  if (done + 1 < pages.size()) pages[done + 1].progress = outcome.progress;
}

// ---- over HTTP

std::string answer_of(const Vendor& vendor, Does what, const HttpRequest& request) {
  std::string echo = "no: " + request.url + " " + request.body;
  for (const auto& [name, value] : request.headers)
    echo += " " + value;
  switch (what) {
    case Does::take:
      return raw_answer(200, {}, vendor.good);
    case Does::refuse:
      return raw_answer(400, {}, std::move(echo));
    case Does::fail:
      return raw_answer(503, {}, std::move(echo));
    case Does::lose:
    case Does::vanish:
      break;
  }
  return {};
}

// A part of the one alert in it: when that ends is another time at each try.
std::string of_alert(const HttpRequest& request, std::string_view key) {
  simdjson::dom::parser parser;
  return simdjson::minify(parsed(parser, request.body).at(0)[key]);
}

// An alert of Alertmanager is known by its labels, a webhook by its id; the rest by what it says.
std::string key_of(const Vendor& vendor, const HttpRequest& request) {
  if (vendor.name == "webhook") return header(request, "webhook-id");
  return vendor.name == "alertmanager" ? of_alert(request, "labels") : request.body;
}

std::vector<Told> over_http(const Vendor& vendor, Does what, Pages pages) {
  FakeVendor fake([&](const HttpRequest& request) { return answer_of(vendor, what, request); });
  std::string address = fake.address();
  if (what == Does::vanish) address = FakeVendor(nullptr).address();  // gone by now
  LoopbackHttp http;
  const auto notifier = vendor.make(http, address);
  std::vector<Told> out;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    Told& told = out.emplace_back();
    told.outcome = fake.attempt(*notifier, pages[i]);
    carry_over(pages, i, told.outcome);
    if (fake.requests.empty()) continue;
    const HttpRequest& request = fake.requests.back();
    vendor.check(request);
    told.key = key_of(vendor, request);
    told.sent = vendor.name == "alertmanager" ? of_alert(request, "annotations") : as_read(request);
  }
  return out;
}

// ---- mail

// Quoted-printable, undone; the headers have equals signs of their own.
std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    unsigned byte = 0;
    const char* const code = text.data() + std::min<std::size_t>(1, text.size());
    const char* const end = text.data() + std::min<std::size_t>(3, text.size());
    if (text.starts_with("=\r\n")) {
      text.remove_prefix(3);
    } else if (text.starts_with("=") && std::from_chars(code, end, byte, 16).ptr == code + 2) {
      out += static_cast<char>(byte);
      text.remove_prefix(3);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::vector<Told> by_mail(Does what, Pages pages) {
  auto shared = std::make_shared<ScriptedMail::Shared>();
  using Kind = MailReply::Kind;
  const std::string echo = "no, hunter2";  // the password
  const MailReply reply = what == Does::take     ? took()
                          : what == Does::refuse ? mail_reply(Kind::permanent, 550, echo)
                          : what == Does::fail   ? mail_reply(Kind::transient, 451, echo)
                          : what == Does::lose
                              ? mail_reply(Kind::ambiguous, 354, echo)
                              : mail_reply(Kind::transient, 0, "no connection", true);
  shared->script.assign(pages.size(), Replies(2, reply));
  ScriptedHttp http([](const HttpRequest&) { return answered(500); });
  const auto notifier =
      make_scripted_smtp({"anna@acme.example", "bram@acme.example"}, shared, http);
  std::vector<Told> out;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    Told& told = out.emplace_back();
    told.outcome = attempt(*notifier, pages[i]);
    carry_over(pages, i, told.outcome);
    const std::string& message = shared->mails.at(i).message;
    const auto id = message.find("\r\nMessage-ID: ") + 2;
    told.key = message.substr(id, message.find("\r\n", id) - id);
    told.sent = plain(message);
  }
  return out;
}

// ---- a program

std::vector<Told> by_command(Does what, Pages pages) {
  TempDir dir;
  const auto script = dir / "script.sh", heard = dir / "heard", known = dir / "known";
  const char* end = what == Does::take     ? "exit 0"
                    : what == Does::refuse ? "echo no; exit 1"
                    : what == Does::lose   ? "kill -9 $$"
                                           : "echo no; exit 75";
  std::ofstream(script) << "#!/bin/sh\ncat > '" << heard.string()
                        << "'\nprintf %s \"$BRANDWACHT_DELIVERY\" > '" << known.string() << "'\n"
                        << end << "\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const auto content = [](const std::filesystem::path& file) {
    std::stringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
  };
  ScriptedHttp http([](const HttpRequest&) { return answered(500); });
  CommandSettings settings;
  settings.command = {script.string()};
  const auto notifier = make_command("siren", settings, lend(http));
  std::vector<Told> out;
  for (const auto& page : pages) {
    Told& told = out.emplace_back();
    told.outcome = attempt(*notifier, page);
    told.sent = content(heard);
    told.key = content(known);
  }
  return out;
}

// ---- the log

std::vector<Told> to_log(const Pages& pages) {
  ScriptedHttp http([](const HttpRequest&) { return answered(500); });
  config::Problems problems;
  const auto specs = read_specs("[[receiver]]\ntype = \"log\"\n", problems);
  const auto notifier = specs.at(0).make(lend(http));
  std::vector<Told> out;
  for (const auto& page : pages) {
    std::ostringstream text;
    const auto before = spdlog::default_logger();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "log", std::make_shared<spdlog::sinks::ostream_sink_st>(text)));
    Told& told = out.emplace_back();
    told.outcome = attempt(*notifier, page);
    spdlog::set_default_logger(before);
    told.sent = text.str();
  }
  CHECK(http.requests.empty());
  return out;
}

std::string type_of(const Vendor& vendor) {
  const auto start = vendor.toml.find("type = \"") + 8;
  return vendor.toml.substr(start, vendor.toml.find('"', start) - start);
}

std::vector<Peer> all_peers() {
  std::vector<Peer> out;
  for (const auto& vendor : vendors())
    out.push_back(
        {type_of(vendor), vendor.secrets, vendor.name == "alertmanager" ? "" : vendor.way, false,
         [&vendor](Does what, Pages pages) { return over_http(vendor, what, std::move(pages)); }});
  out.push_back({"smtp", {"hunter2"}, "https://bw.example/incidents/", false, by_mail});
  out.push_back({"command", {}, "https://bw.example/incidents/", false, by_command});
  out.push_back({"log", {}, "", true, [](Does, const Pages& pages) { return to_log(pages); }});
  return out;
}

}  // namespace

const std::vector<Peer>& peers() {
  static const std::vector<Peer> kPeers = all_peers();
  return kPeers;
}

std::string as_read(const HttpRequest& request) {
  if (header(request, "Content-Type").starts_with("application/json")) return request.body;
  std::string out;
  for (const auto& [name, value] : form_of(request.body))
    out += value + "\n";
  return out;
}

}  // namespace brandwacht::alerting
