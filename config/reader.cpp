#include "config/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "config/duration.hpp"
#include "config/secret.hpp"
#include "config/tree.hpp"
#include "config/words.hpp"

namespace brandwacht::config {
namespace {

template <typename T, typename Show>
std::string range(T min, T max, const Show& show) {
  if (max == std::numeric_limits<T>::max()) return "at least " + show(min);
  if (min == std::numeric_limits<T>::lowest()) return "at most " + show(max);
  return fmt::format("from {} to {}", show(min), show(max));
}

std::string shown(double number) {
  return fmt::format("{}", number);
}
std::string shown(std::int64_t number) {
  return fmt::format("{}", number);
}

std::string out_of_range(std::string_view key, const std::string& allowed,
                         const std::string& value) {
  return fmt::format("{} must be {}, but is {}", in_quotes(key), allowed, value);
}

bool holds_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

}  // namespace

template <typename T>
const toml::value<T>* Section::Impl::find_as(std::string_view key, std::string_view wanted) {
  const toml::node* value = find(key);
  if (value == nullptr) return nullptr;
  if (const auto* typed = value->as<T>()) return typed;
  wrong_type(key, *value, wanted);
  return nullptr;
}

void Section::read(std::string_view key, std::string& target) {
  const auto* value = impl_->find_as<std::string>(key, "a string");
  if (value == nullptr) return;
  if (holds_nul(value->get())) {
    problem(key, fmt::format("{} holds a NUL character", in_quotes(key)));
    return;
  }
  target = value->get();
}

void Section::read(std::string_view key, bool& target) {
  if (const auto* value = impl_->find_as<bool>(key, "true or false")) target = value->get();
}

void Section::read(std::string_view key, double& target, double min, double max) {
  const toml::node* value = impl_->find(key);
  if (value == nullptr) return;
  const std::optional<double> number = value->is_number() ? value->value<double>() : std::nullopt;
  if (!number) {
    impl_->wrong_type(key, *value, "a number");
  } else if (!(*number >= min && *number <= max)) {  // written so that NaN fails
    const auto show = [](double n) { return shown(n); };
    problem(key, out_of_range(key, range(min, max, show), shown(*number)));
  } else {
    target = *number;
  }
}

void Section::read(std::string_view key, std::int64_t& target, std::int64_t min, std::int64_t max) {
  const auto* value = impl_->find_as<std::int64_t>(key, "an integer");
  if (value == nullptr) return;
  if (value->get() < min || value->get() > max) {
    const auto show = [](std::int64_t n) { return shown(n); };
    problem(key, out_of_range(key, range(min, max, show), shown(value->get())));
  } else {
    target = value->get();
  }
}

void Section::read(std::string_view key, std::vector<std::string>& target) {
  const toml::node* value = impl_->find(key);
  if (value == nullptr) return;
  std::vector<std::string> result;
  bool good = true;
  const auto take = [&](const toml::node& element) {
    const auto* text = element.as_string();
    if (text != nullptr && !holds_nul(text->get())) {
      result.push_back(text->get());
      return;
    }
    good = false;
    impl_->report(position(element.source()),
                  text != nullptr ? fmt::format("{} holds a NUL character", in_quotes(key))
                                  : fmt::format("{} must hold strings only, but this is {}",
                                                in_quotes(key), kind_of(element)));
  };
  if (const toml::array* array = value->as_array()) {
    for (const toml::node& element : *array)
      take(element);
  } else if (value->is_string()) {
    take(*value);
  } else {
    impl_->wrong_type(key, *value, "an array of strings");
    return;
  }
  if (good) target = std::move(result);
}

void Section::read(std::string_view key, std::vector<double>& target, double min, double max) {
  const toml::node* value = impl_->find(key);
  if (value == nullptr) return;
  const toml::array* array = value->as_array();
  if (array == nullptr) {
    impl_->wrong_type(key, *value, "an array of numbers");
    return;
  }
  std::vector<double> result;
  const auto show = [](double n) { return shown(n); };
  for (const toml::node& element : *array) {
    const auto number = element.is_number() ? element.value<double>() : std::nullopt;
    if (number && *number >= min && *number <= max) {  // written so that NaN fails
      result.push_back(*number);
      continue;
    }
    impl_->report(position(element.source()),
                  !number ? fmt::format("{} must hold numbers only, but this is {}", in_quotes(key),
                                        kind_of(element))
                          : fmt::format("{} must hold numbers {}, but this is {}", in_quotes(key),
                                        range(min, max, show), shown(*number)));
  }
  if (result.size() == array->size()) target = std::move(result);
}

void Section::read(std::string_view key, std::chrono::microseconds& target,
                   std::chrono::microseconds min, std::chrono::microseconds max) {
  const toml::node* value = impl_->find(key);
  if (value == nullptr) return;
  const auto* text = value->as_string();
  if (text == nullptr) {
    std::string suggestion;
    if (const auto* number = value->as_integer()) {
      suggestion = fmt::format("did you mean \"{} s\"?", number->get());
    }
    impl_->wrong_type(key, *value, "a duration such as \"90 s\"", std::move(suggestion));
    return;
  }
  ParsedDuration parsed = parse_duration(text->get());
  if (!parsed.value) {
    problem(key,
            fmt::format("{} is a duration, but {} {}", in_quotes(key), in_quotes(text->get()),
                        parsed.fault),
            std::move(parsed.suggestion));
  } else if (*parsed.value < min || *parsed.value > max) {
    const auto show = [](std::int64_t us) { return to_string(std::chrono::microseconds{us}); };
    problem(key,
            out_of_range(key, range(min.count(), max.count(), show), to_string(*parsed.value)));
  } else {
    target = *parsed.value;
  }
}

std::optional<std::size_t> Section::choice(std::string_view key,
                                           std::initializer_list<std::string_view> choices) {
  std::string listed;
  for (const std::string_view choice : choices) {
    listed += (listed.empty() ? "" : ", ") + in_quotes(choice);
  }
  const auto* value = impl_->find_as<std::string>(key, "one of " + listed);
  if (value == nullptr) return std::nullopt;
  const auto* match = std::find(choices.begin(), choices.end(), value->get());
  if (match != choices.end()) return static_cast<std::size_t>(match - choices.begin());
  problem(key,
          fmt::format("{} must be one of {}, but is {}", in_quotes(key), listed,
                      in_quotes(value->get())),
          did_you_mean(value->get(), {choices.begin(), choices.end()}));
  return std::nullopt;
}

void Section::read_secret(std::string_view key, std::string& target) {
  const std::string file_key = fmt::format("{}_file", key);
  const toml::node* plain = impl_->find(key);
  const toml::node* file = impl_->find(file_key);
  // No message of this function shows a value of `key`.
  if (plain != nullptr && file != nullptr) {
    problem(file_key, fmt::format("both {} and {} are set", in_quotes(key), in_quotes(file_key)),
            fmt::format("keep {}", in_quotes(file_key)));
    return;
  }
  if (plain != nullptr) {
    const auto* text = plain->as_string();
    const std::string fault = text != nullptr ? secret_fault(text->get()) : "is not a string";
    if (!fault.empty()) {
      problem(key, fmt::format("the secret {} {}", in_quotes(key), fault));
      return;
    }
    warn(key, fmt::format("the secret {} stands in the configuration itself", in_quotes(key)),
         fmt::format("write it to a file and name that with {}", in_quotes(file_key)));
    target = text->get();
    return;
  }
  if (file == nullptr) return;
  const auto* written = file->as_string();
  if (written == nullptr || written->get().empty() || holds_nul(written->get())) {
    impl_->report(position(file->source()),
                  fmt::format("{} must be the name of a file", in_quotes(file_key)));
    return;
  }
  SecretFile secret = read_secret_file(written->get(), impl_->tree->base);
  if (!secret.fault.empty()) {
    problem(file_key, std::move(secret.fault));
    return;
  }
  if (!secret.warning.empty())
    warn(file_key, std::move(secret.warning), "chmod 640 takes that away");
  target = std::move(secret.value);
}

void Section::read_path(std::string_view key, std::filesystem::path& target) {
  const auto* value = impl_->find_as<std::string>(key, "a string");
  if (value == nullptr) return;
  const std::string& written = value->get();
  if (written.empty() || holds_nul(written)) {
    problem(key, fmt::format("{} {}", in_quotes(key),
                             written.empty() ? "is empty" : "holds a NUL character"));
    return;
  }
  target = (impl_->tree->base / written).lexically_normal();  // an absolute path replaces the base
}

}  // namespace brandwacht::config
