// The whole configuration, read and checked. The only place that knows every section.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alerting/notifier.hpp"
#include "alerting/policy.hpp"
#include "alerting/watchdog.hpp"
#include "config/reader.hpp"
#include "connectors/connector.hpp"
#include "monitor/daemon/inbound_settings.hpp"
#include "monitor/daemon/model_file.hpp"
#include "monitor/daemon/recording_settings.hpp"
#include "monitor/line/line.hpp"
#include "monitor/thread/brand_level.hpp"

namespace brandwacht::daemon {

struct DaemonSettings {
  std::string listen_address =
      "127.0.0.1";  // of the API; it has no passwords, so keep it on loopback
  std::uint16_t listen_port = 8428;
  std::filesystem::path data_dir = "brandwacht-data";  // made if absent
  std::string log_level = "info";
  std::string log_format =
      "auto";  // auto: readable on a terminal, journald prefixes under systemd, JSON otherwise
  std::string external_url;        // how people reach the API, for links in pages
  std::vector<std::string> hosts;  // names that the API may be called by, besides localhost
  // Where handles of the brands' Bluesky accounts are turned into ids; empty: nowhere, accounts
  // must then list their DIDs.
  std::string handle_resolver = "https://public.api.bsky.app";
  Duration shutdown_deadline = std::chrono::seconds{30};
};

struct Settings {
  DaemonSettings daemon;
  line::Settings line;
  std::vector<connectors::ConnectorSpec> sources;
  std::vector<alerting::NotifierSpec> receivers;
  alerting::Policy policy{alerting::Routes({}, {})};
  alerting::Watchdogs watchdogs;
  thread::BrandLevelSettings brand_level;  // the line has the same
  std::filesystem::path model_file;        // [decision] model; empty: the weights that ship
  std::optional<ModelFile> model;          // read from it; `line` has it as well
  RecordingOptions recording;
  InboundSettings inbound;
  std::filesystem::path file;               // that it was read from; empty: none
  std::map<std::string, std::string> said;  // config::Document::said()
};

// `fit` makes a model, so it must not ask for a good one first.
enum class WithModel : std::uint8_t { no, yes };

// Every problem of the file goes to `problems`; if any is fatal the settings must not be used.
Settings read_settings(const std::filesystem::path& file, config::Problems& problems,
                       WithModel with = WithModel::yes);
Settings read_settings(config::Document& document, config::Problems& problems,
                       WithModel with = WithModel::yes);

}  // namespace brandwacht::daemon
