// Every type of source there is. A new platform is one file pair and one row here.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connectors/jetstream.hpp"
#include "connectors/ndjson.hpp"

namespace brandwacht::connectors {
namespace {

struct SourceType {
  std::string_view name;
  std::function<std::unique_ptr<Connector>(ConnectorContext)> (*read)(config::Section&,
                                                                      std::string);
};

constexpr SourceType kTypes[] = {
    {"ndjson", read_ndjson},
    {"jetstream", read_jetstream},
};

void report_unknown(config::Section& section, const std::string& type) {
  std::vector<std::string> known;
  std::string list;
  for (const auto& row : kTypes) {
    known.emplace_back(row.name);
    list += fmt::format("{}'{}'", list.empty() ? "" : ", ", row.name);
  }
  section.problem("type", fmt::format("unknown type of source '{}'; the types are {}", type, list),
                  config::did_you_mean(type, known));
}

}  // namespace

std::vector<ConnectorSpec> read_sources(config::Section& root) {
  std::vector<ConnectorSpec> specs;
  std::set<std::string> names;
  for (auto& section : root.sections("source")) {
    ConnectorSpec spec;
    section.require("type");
    section.read("type", spec.type);
    const auto row = std::find_if(std::begin(kTypes), std::end(kTypes),
                                  [&](const SourceType& type) { return type.name == spec.type; });
    if (row == std::end(kTypes)) {
      // Nothing is known about its other keys, so none is reported.
      if (!spec.type.empty() || section.has("type")) report_unknown(section, spec.type);
      continue;
    }
    spec.name = spec.type;
    section.read("name", spec.name);
    if (spec.name.empty()) section.problem("name", "the name of a source cannot be empty");
    if (!names.insert(spec.name).second)
      section.problem("name", fmt::format("two sources have the name '{}'", spec.name),
                      "give each [[source]] a 'name' of its own");
    spec.make = row->read(section, spec.name);
    section.close();
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace brandwacht::connectors
