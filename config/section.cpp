#include <fmt/format.h>

#include <algorithm>

#include "config/reader.hpp"
#include "config/tree.hpp"
#include "config/words.hpp"

namespace brandwacht::config {

std::string kind_of(const toml::node& value) {
  if (const auto* text = value.as_string()) return "the string " + in_quotes(text->get());
  if (const auto* number = value.as_integer()) return fmt::format("the integer {}", number->get());
  if (const auto* number = value.as_floating_point()) {
    return fmt::format("the number {}", number->get());
  }
  if (const auto* flag = value.as_boolean()) return fmt::format("{}", flag->get());
  if (value.is_table()) return "a table";
  if (value.is_array()) return value.is_array_of_tables() ? "an array of tables" : "an array";
  return "a date or time";
}

const toml::node* Section::Impl::find(std::string_view key) {
  if (std::find(known.begin(), known.end(), key) == known.end()) known.emplace_back(key);
  return table->get(key);
}

void Section::Impl::report(Position where, std::string message, std::string suggestion,
                           bool warning) {
  tree->problems->add({tree->name, where, std::move(message), std::move(suggestion), warning});
}

void Section::Impl::wrong_type(std::string_view key, const toml::node& value,
                               std::string_view wanted, std::string suggestion) {
  report(position(value.source()),
         fmt::format("{} must be {}, but is {}", in_quotes(key), wanted, kind_of(value)),
         std::move(suggestion));
}

Position Section::Impl::position_of(std::string_view key) const {
  const toml::node* value = key.empty() ? nullptr : table->get(key);
  return value == nullptr ? at : position(value->source());
}

Section::Section(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Section::Section(Section&&) noexcept = default;
Section& Section::operator=(Section&&) noexcept = default;
Section::~Section() = default;

bool Section::has(std::string_view key) const {
  return impl_->table->contains(key);
}

void Section::require(std::string_view key) {
  if (impl_->find(key) != nullptr) return;
  impl_->report(impl_->at, impl_->label.empty()
                               ? fmt::format("{} is missing", in_quotes(key))
                               : fmt::format("{} is missing in {}", in_quotes(key), impl_->label));
}

std::optional<Section> Section::section(std::string_view key) {
  const toml::node* value = impl_->find(key);
  if (value == nullptr) return std::nullopt;
  const toml::table* table = value->as_table();
  if (table == nullptr) {
    impl_->wrong_type(
        key, *value, "a table",
        value->is_array_of_tables() ? fmt::format("write [{}] once", key) : std::string{});
    return std::nullopt;
  }
  auto impl = std::make_unique<Impl>();
  impl->tree = impl_->tree;
  impl->table = table;
  impl->at = position(table->source());
  impl->label = fmt::format("[{}]", key);
  return Section(std::move(impl));
}

std::vector<Section> Section::sections(std::string_view key) {
  std::vector<Section> result;
  const toml::node* value = impl_->find(key);
  if (value == nullptr) return result;
  const toml::array* array = value->as_array();
  if (array == nullptr) {
    impl_->wrong_type(key, *value, "an array of tables",
                      value->is_table() ? fmt::format("write [[{}]]", key) : std::string{});
    return result;
  }
  for (const toml::node& element : *array) {
    const toml::table* table = element.as_table();
    if (table == nullptr) {
      impl_->wrong_type(key, element, "an array of tables", fmt::format("write [[{}]]", key));
      continue;
    }
    auto impl = std::make_unique<Impl>();
    impl->tree = impl_->tree;
    impl->table = table;
    impl->at = position(table->source());
    impl->label = fmt::format("[[{}]]", key);
    result.push_back(Section(std::move(impl)));
  }
  return result;
}

std::vector<std::string> Section::keys() const {
  std::vector<std::string> result;
  for (const auto& [key, value] : *impl_->table)
    result.emplace_back(key.str());
  return result;
}

void Section::problem(std::string_view key, std::string message, std::string suggestion) {
  impl_->report(impl_->position_of(key), std::move(message), std::move(suggestion));
}

void Section::warn(std::string_view key, std::string message, std::string suggestion) {
  impl_->report(impl_->position_of(key), std::move(message), std::move(suggestion), true);
}

void Section::close() {
  const auto known = [this](std::string_view key) {
    return std::find(impl_->known.begin(), impl_->known.end(), key) != impl_->known.end();
  };
  // A key that is there already is not what was meant.
  std::vector<std::string> candidates;
  for (const std::string& key : impl_->known) {
    if (!has(key)) candidates.push_back(key);
  }
  for (const auto& [key, value] : *impl_->table) {
    if (known(key.str())) continue;
    std::string suggestion = did_you_mean(key.str(), candidates);
    if (suggestion.empty()) suggestion = did_you_mean(key.str(), impl_->known);
    impl_->report(position(key.source()), fmt::format("unknown key {}", in_quotes(key.str())),
                  std::move(suggestion));
  }
}

}  // namespace brandwacht::config
