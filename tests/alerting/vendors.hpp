// Every kind of receiver that speaks HTTP: how to set it up against a fake, what that answers when
// all is well, and the limits that the vendor publishes, checked strictly.
#pragma once
#include "tests/alerting/receivers.hpp"

namespace brandwacht::alerting {

struct Vendor {
  std::string name;                  // in the test's output
  std::string toml;                  // of one receiver; "@" stands for the fake's address
  std::string good;                  // the body of its answer 200
  std::vector<std::string> secrets;  // that nobody may see
  void (*check)(const HttpRequest&) = nullptr;
  // Begins the link that is in every page, however long its text; empty: it has no place for one.
  std::string way = "https://bw.example/incidents/";

  std::string toml_at(const std::string& address) const {
    std::string out = toml;
    for (auto at = out.find('@'); at != std::string::npos; at = out.find('@', at + address.size()))
      out.replace(at, 1, address);
    return out;
  }
  std::unique_ptr<Notifier> make(HttpClient& http, const std::string& address,
                                 const std::string& language = "en") const {
    config::Problems problems;
    const auto specs = read_specs(toml_at(address), problems);
    for (const auto& problem : problems.sorted())
      INFO(to_string(problem));
    REQUIRE_FALSE(problems.fatal());
    return specs.at(0).make(lend(http, language));
  }
};

// In vendor_checks.cpp.
void check_alertmanager(const HttpRequest& request);
void check_goalert(const HttpRequest& request);
void check_ntfy(const HttpRequest& request);
void check_pagerduty(const HttpRequest& request);
void check_pushover(const HttpRequest& request);
void check_slack(const HttpRequest& request);
void check_teams(const HttpRequest& request);
void check_telegram(const HttpRequest& request);
void check_twilio_sms(const HttpRequest& request);
void check_twilio_voice(const HttpRequest& request);
void check_webhook(const HttpRequest& request);

inline const std::vector<Vendor>& vendors() {
  static const std::vector<Vendor> kVendors{
      {"alertmanager",
       "[[receiver]]\ntype = \"alertmanager\"\nurls = [\"@\"]\nauthorization = \"Bearer "
       "very-secret\"\n",
       "",
       {"very-secret"},
       check_alertmanager},
      {"goalert",
       "[[receiver]]\ntype = \"goalert\"\nurl = \"@\"\ntoken = \"12345678-verysecretindeed\"\n",
       "",
       {"12345678-verysecretindeed"},
       check_goalert},
      {"ntfy",
       "[[receiver]]\ntype = \"ntfy\"\nserver = \"@/\"\ntopic = \"topicthatnobodyguesses\"\n"
       "authorization = \"Bearer tk_verysecretindeed\"\n",
       R"({"id":"sPs71M8A2T","time":1767268800,"event":"message","topic":"t","message":"m"})",
       {"topicthatnobodyguesses", "tk_verysecretindeed"},
       check_ntfy},
      {"pagerduty",
       "[[receiver]]\ntype = \"pagerduty\"\nendpoint = \"@/v2/enqueue\"\n"
       "routing_key = \"0123456789abcdef0123456789ABCDEF\"\n",
       R"({"status":"success","message":"Event processed","dedup_key":"x"})",
       {"0123456789abcdef0123456789ABCDEF"},
       check_pagerduty},
      {"pushover",
       "[[receiver]]\ntype = \"pushover\"\nendpoint = \"@/1\"\n"
       "token = \"azGDORePK8gMaC0QOYAMyEEuzJnyUi\"\nuser = \"uQiRzpo4DXghDmr9QzzfQu27cmVRsG\"\n",
       R"({"status":1,"request":"647d2300-702c-4b38-8b2f-d56326ae460b",)"
       R"("receipt":"rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"})",
       {"azGDORePK8gMaC0QOYAMyEEuzJnyUi", "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"},
       check_pushover},
      {"slack (incoming webhook)",
       "[[receiver]]\ntype = \"slack\"\nurl = "
       "\"@/services/T0INVENTED/B0INVENTED/verysecretindeed\"\n",
       "ok",
       {"T0INVENTED", "B0INVENTED", "verysecretindeed"},
       check_slack},
      {"slack (bot)",
       "[[receiver]]\ntype = \"slack\"\nendpoint = \"@/api\"\nbot_token = "
       "\"xoxb-1-verysecretindeed\"\n"
       "channel = \"C0123456789\"\n",
       R"({"ok":true,"channel":"C0123456789","ts":"1767268800.000100","message":{}})",
       {"xoxb-1-verysecretindeed"},
       check_slack},
      {"teams",
       "[[receiver]]\ntype = \"teams\"\nurl = \"@/workflows/0123456789abcdef/triggers/manual/paths/"
       "invoke?api-version=1&sig=verysecretindeed\"\n",
       "",
       {"0123456789abcdef", "verysecretindeed"},
       check_teams},
      {"telegram",
       "[[receiver]]\ntype = \"telegram\"\nendpoint = \"@\"\nbot_token = "
       "\"123456:verysecretindeed\"\n"
       "chat_id = \"-4242\"\n",
       R"({"ok":true,"result":{"message_id":17,"chat":{"id":-4242},"date":1767268800}})",
       {"verysecretindeed"},
       check_telegram},
      {"twilio_sms",
       "[[receiver]]\ntype = \"twilio_sms\"\nendpoint = \"@\"\n"
       "account_sid = \"ACinventedinventedinventedinvented\"\ntoken = \"verysecretindeed\"\n"
       "from = \"+31970000000\"\nto = \"+31600000000\"\n",
       R"({"sid":"SM0123456789abcdef0123456789abcdef","status":"queued"})",
       {"verysecretindeed"},
       check_twilio_sms,
       "https://bw.example/a/twilio_sms-"},
      {"twilio_voice",
       "[[receiver]]\ntype = \"twilio_voice\"\nendpoint = \"@\"\nhook = \"twilio\"\n"
       "account_sid = \"ACinventedinventedinventedinvented\"\ntoken = \"verysecretindeed\"\n"
       "from = \"+31970000000\"\nto = \"+31600000000\"\n",
       R"({"sid":"CA0123456789abcdef0123456789abcdef","status":"queued"})",
       {"verysecretindeed"},
       check_twilio_voice,
       ""},  // nobody can follow a link in a call
      {"webhook",
       "[[receiver]]\ntype = \"webhook\"\nurl = \"@/hooks/verysecretpath\"\n"
       "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
       "",
       {"verysecretpath", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
       check_webhook},
  };
  return kVendors;
}

}  // namespace brandwacht::alerting
