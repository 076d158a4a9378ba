#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <sstream>

#include "config/text_file.hpp"
#include "config/tree.hpp"
#include "config/words.hpp"

namespace brandwacht::config {
namespace {

// Far above any configuration written by hand; the parser needs about 20 bytes of memory for each
// of these.
constexpr std::size_t kMaxBytes = 1024 * 1024;
constexpr std::size_t kMaxKeyParts = 16;

Position position_at(std::string_view text, std::size_t offset) {
  Position at{1, 1};
  for (std::size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++at.column;  // code points, as toml++ counts them
    }
  }
  return at;
}

// Walks the text outside of strings and comments, to find keys of too many parts. toml++ bounds the
// nesting of values but not of dotted keys, and its tables are destroyed recursively: [a.a.a...]
// would run out of stack.
class KeyScan {
 public:
  explicit KeyScan(std::string_view text) : text_(text) {}

  std::optional<Position> too_many_parts() {
    std::size_t dots = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
        continue;
      }
      if (c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n')
          ++at_;
        continue;
      }
      if (c == '.' && ++dots == kMaxKeyParts) return position_at(text_, at_);
      if (std::strchr("\n=[]{},", c) != nullptr) dots = 0;
      ++at_;
    }
    return std::nullopt;
  }

 private:
  void skip_string(char quote) {
    const std::string closing(text_.substr(at_).starts_with(std::string(3, quote)) ? 3 : 1, quote);
    at_ += closing.size();
    while (at_ < text_.size() && !text_.substr(at_).starts_with(closing)) {
      if (closing.size() == 1 && text_[at_] == '\n')
        return;  // unterminated: the parser will say so
      at_ += quote == '"' && text_[at_] == '\\' ? 2 : 1;
    }
    at_ += closing.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Problem syntax_problem(const toml::parse_error& error, const std::string& name) {
  Problem problem{name, position(error.source()), std::string(error.description()), {}, false};
  std::string& message = problem.message;
  constexpr std::string_view lead = "Error while parsing ";
  if (message.starts_with(lead)) message = "syntax error in " + message.substr(lead.size());
  if (message == "Encountered invalid utf-8 sequence") message = "syntax error: invalid UTF-8";
  // " (TOML_MAX_NESTED_VALUES)" says nothing to a user.
  if (const std::size_t inside = message.find(" (TOML_"); inside != std::string::npos) {
    message.erase(inside);
  }
  if (message.find("unescaped control characters") != std::string::npos) {
    problem.suggestion = "is the closing quote missing?";
  }
  // The only messages that repeat a value of the file, and the value may be a secret without its
  // quotes.
  if (message.find("is not representable") != std::string::npos) {
    message = "syntax error: a number too large for 64 bits";
  }
  for (const std::string_view hint :
       {"could not determine value type", "expected a comment or whitespace", "expected digit",
        "expected decimal digit", "leading zeroes", "64 bits", "parsing boolean"}) {
    if (message.find(hint) == std::string::npos) continue;
    problem.suggestion = "are there quotes missing around the value, as in key = \"90 s\"?";
    break;
  }
  return problem;
}

void parse(std::string_view text, Tree& tree) {
  Problems& problems = *tree.problems;
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    problems.add({tree.name, position_at(text, nul), "a NUL byte", "is this a text file?", false});
    return;
  }
  if (const auto at = KeyScan(text).too_many_parts()) {
    problems.add(
        {tree.name, *at, fmt::format("a key of more than {} parts", kMaxKeyParts), {}, false});
    return;
  }
  try {
    tree.root = toml::parse(text, std::string_view(tree.name));
    tree.ok = true;
  } catch (const toml::parse_error& error) {
    problems.add(syntax_problem(error, tree.name));
  }
}

}  // namespace

Document::Document(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::Document(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::from_file(const std::filesystem::path& file, Problems& problems) {
  auto impl = std::make_shared<Impl>();
  impl->name = file.string();
  impl->base = file.parent_path();
  impl->problems = &problems;
  const TextFile content = read_text_file(file, kMaxBytes);
  if (content.fault.empty()) {
    parse(content.text, *impl);
  } else {
    problems.add({impl->name, {}, content.fault, {}, false});
  }
  return Document(std::move(impl));
}

Document Document::from_string(std::string_view toml, std::string name, Problems& problems) {
  auto impl = std::make_shared<Impl>();
  impl->name = std::move(name);
  impl->problems = &problems;
  if (toml.size() <= kMaxBytes) {
    parse(toml, *impl);
  } else {
    problems.add(
        {impl->name, {}, fmt::format("is larger than {} KiB", kMaxBytes / 1024), {}, false});
  }
  return Document(std::move(impl));
}

bool Document::ok() const {
  return impl_->ok;
}

Section Document::root() {
  auto impl = std::make_unique<Section::Impl>();
  impl->tree = impl_;
  impl->table = &impl_->root;
  return Section(std::move(impl));
}

std::map<std::string, std::string> Document::said() const {
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : impl_->root) {
    toml::table one;
    one.insert(key, value);
    std::ostringstream text;
    text << one;
    out.emplace(std::string(key.str()), text.str());
  }
  return out;
}

}  // namespace brandwacht::config
