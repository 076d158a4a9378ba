// Reads and checks [[source]] type = "jetstream".
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "connectors/jetstream.hpp"

namespace brandwacht::connectors {
namespace {

constexpr std::size_t kMaxCollections = 100;  // the server's limit
constexpr std::size_t kMaxDids = 100;         // more would not fit into the address of the request
constexpr std::size_t kMaxDictionaryBytes = 16 << 20;

// What is wrong with one of `hosts`; empty: nothing. A trailing slash is cut.
std::string host_fault(std::string& host) {
  const std::size_t scheme = host.starts_with("wss://") ? 6 : host.starts_with("ws://") ? 5 : 0;
  if (scheme == 0) return fmt::format("'{}' does not begin with wss:// or ws://", host);
  while (host.size() > scheme && host.back() == '/')
    host.pop_back();
  if (host.size() == scheme) return "a host is missing behind the scheme";
  if (host.find_first_of(" \t\r\n?#@") != std::string::npos)
    return fmt::format("'{}' is not a scheme and a host", host);
  return {};
}

bool valid_collection(std::string_view name) {
  if (name.ends_with(".*")) name.remove_suffix(2);
  return !name.empty() && name.find('.') != std::string_view::npos &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.';
         });
}

bool covers_posts(std::string_view collection) {
  if (!collection.ends_with(".*")) return collection == kPostCollection;
  collection.remove_suffix(1);
  return kPostCollection.starts_with(collection);
}

void check_filters(config::Section& section, const JetstreamSettings& settings) {
  if (settings.collections.size() > kMaxCollections)
    section.problem("collections", "Jetstream takes at most 100 collections");
  for (const auto& collection : settings.collections)
    if (!valid_collection(collection))
      section.problem("collections",
                      fmt::format("'{}' is not the name of a collection", collection),
                      "write it like 'app.bsky.feed.post', or 'app.bsky.feed.*' for all below");
  // No collection at all is all of them.
  if (!settings.collections.empty() &&
      std::none_of(settings.collections.begin(), settings.collections.end(), covers_posts))
    section.warn("collections", "posts (app.bsky.feed.post) are not among the collections",
                 "this source will find no mention");
  if (settings.dids.size() > kMaxDids)
    section.problem(
        "dids", "at most 100 accounts can be named",
        "leave 'dids' out to read everybody; brands are matched here, not at the server");
  for (const auto& did : settings.dids)
    if (!did.starts_with("did:") || did.size() < 8)
      section.problem("dids", fmt::format("'{}' is not a DID", did),
                      "a DID looks like 'did:plc:...'; a handle does not work here");
}

void read_dictionary(config::Section& section, JetstreamSettings& settings) {
  std::filesystem::path path;
  section.read_path("dictionary", path);
  if (path.empty()) return;
  std::ifstream file(path, std::ios::binary);
  std::error_code error;
  if (!file || std::filesystem::is_directory(path, error)) {
    section.problem("dictionary", fmt::format("cannot read '{}'", path.string()),
                    "leave it out to connect without compression");
    return;
  }
  if (std::filesystem::file_size(path, error) > kMaxDictionaryBytes || error) {
    section.problem("dictionary",
                    fmt::format("'{}' is no zstd dictionary: too large", path.string()));
    return;
  }
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (zstd_dictionary_id(bytes) == 0) {
    section.problem("dictionary", fmt::format("'{}' is no zstd dictionary", path.string()),
                    "Jetstream's own is in the file pkg/models/zstd_dictionary of its source");
    return;
  }
  try {
    const ZstdFrames probe(bytes);
    settings.dictionary = std::move(bytes);
  } catch (const std::invalid_argument& e) {
    section.problem("dictionary", fmt::format("'{}' is {}", path.string(), e.what()));
  }
}

}  // namespace

std::function<std::unique_ptr<Connector>(ConnectorContext)> read_jetstream(config::Section& section,
                                                                           std::string name) {
  JetstreamSettings settings;
  section.read("hosts", settings.hosts);
  if (settings.hosts.empty()) section.problem("hosts", "at least one host is needed");
  for (auto& host : settings.hosts)
    if (auto fault = host_fault(host); !fault.empty())
      section.problem("hosts", std::move(fault),
                      "write it like 'wss://jetstream1.us-east.bsky.network'");
  section.read("collections", settings.collections);
  section.read("dids", settings.dids);
  check_filters(section, settings);
  read_dictionary(section, settings);
  std::filesystem::path ca_file;
  section.read_path("ca_file", ca_file);
  settings.ca_file = ca_file.string();
  // Less than two of the server's pings apart, a single late one would end the connection.
  section.read("idle_timeout", settings.idle_timeout, std::chrono::seconds{35},
               std::chrono::minutes{10});
  section.read("stall_timeout", settings.stall_timeout, std::chrono::minutes{1},
               std::chrono::hours{24});
  return [name = std::move(name), settings = std::move(settings)](ConnectorContext context) {
    return std::make_unique<Jetstream>(name, settings, std::move(context));
  };
}

}  // namespace brandwacht::connectors
