// application/x-www-form-urlencoded, as Slack, Twilio and browsers send it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brandwacht::alerting {

using FormFields = std::vector<std::pair<std::string, std::string>>;  // in the order as sent

// Nullopt: a broken escape, or more than 200 fields.
std::optional<FormFields> parse_form(std::string_view body);

// The first field with that name; empty when absent.
std::string_view form_field(const FormFields& fields, std::string_view name) noexcept;

// What stands behind '?' in a request's target.
std::string_view query_of(std::string_view target) noexcept;

}  // namespace brandwacht::alerting
