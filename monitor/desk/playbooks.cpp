#include "monitor/desk/playbooks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "monitor/desk/phrases.hpp"

extern "C" const char brandwacht_playbooks_nl_begin[], brandwacht_playbooks_nl_end[],
    brandwacht_playbooks_en_begin[], brandwacht_playbooks_en_end[];

namespace brandwacht::desk {
namespace {

constexpr int kSignWeight = 100;
constexpr std::size_t kShort = 5;  // " app" is not in " appelsap", but " storing" in " storingen"
constexpr std::array<std::pair<std::string_view, std::uint8_t>, 6> kSigns{
    {{"threat", kSignThreat},
     {"hate", kSignHate},
     {"abuse", kSignAbuse},
     {"spam", kSignSpam},
     {"private_data", kSignPrivate},
     {"copies", kSignCopies}}};
constexpr std::array<std::string_view, 5> kKinds{"answer", "move_to_private", "watch", "may_remove",
                                                 "explain"};

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string_view line_of(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = trim(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Calls each(item) for what stands between commas; false as soon as it does.
template <class Each>
bool for_items(std::string_view list, Each each) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view item = trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (!item.empty() && !each(item)) return false;
  }
  return true;
}

bool read_key(std::string_view key, std::string_view value, Playbook& out, std::string& fault) {
  if (key == "name") {
    out.name = value;
  } else if (key == "title") {
    out.title = value;
  } else if (key == "kind") {
    out.kind = value;
    if (std::ranges::find(kKinds, value) == kKinds.end()) {
      fault = fmt::format(
          "there is no kind '{}': answer, move_to_private, watch, may_remove or "
          "explain",
          value);
      return false;
    }
  } else if (key == "words") {
    return for_items(value, [&](std::string_view item) {
      std::string words = plain_words(item);
      words.pop_back();
      if (words.size() > 1) out.words.push_back(std::move(words));
      return true;
    });
  } else if (key == "when") {
    return for_items(value, [&](std::string_view item) {
      const auto sign =
          std::ranges::find(kSigns, item, &std::pair<std::string_view, std::uint8_t>::first);
      if (sign == kSigns.end()) fault = fmt::format("'when' knows no '{}'", item);
      if (sign != kSigns.end()) out.when |= sign->second;
      return sign != kSigns.end();
    });
  } else if (key == "tiers") {
    return for_items(value, [&](std::string_view item) {
      const bool ok = item.size() == 2 && item[0] == 'T' && item[1] >= '1' && item[1] <= '4';
      if (!ok) fault = fmt::format("there is no tier '{}'", item);
      if (ok) out.tiers |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(item[1] - '0'));
      return ok;
    });
  } else {
    fault = fmt::format("the front matter knows no '{}'", key);
    return false;
  }
  return true;
}

std::shared_ptr<const Playbooks> embedded(const char* begin, const char* end) {
  std::vector<Playbook> list;
  std::string_view rest(begin, static_cast<std::size_t>(end - begin));
  while (!rest.empty()) {
    const std::size_t size = std::min(rest.find('\0'), rest.size());
    std::string fault;
    if (auto book = parse_playbook(rest.substr(0, size), fault)) list.push_back(std::move(*book));
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return std::make_shared<const Playbooks>(Playbooks::from(std::move(list)));
}

}  // namespace

std::optional<Playbook> parse_playbook(std::string_view markdown, std::string& fault) {
  Playbook out;
  if (line_of(markdown) != "---") {
    fault = "it does not begin with a front matter ('---' on a line of its own)";
    return std::nullopt;
  }
  for (;;) {
    if (markdown.empty()) {
      fault = "the front matter does not end ('---')";
      return std::nullopt;
    }
    const std::string_view line = line_of(markdown);
    if (line == "---") break;
    if (line.empty()) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      fault = fmt::format("'{}' is no 'key: value'", line.substr(0, 40));
      return std::nullopt;
    }
    if (!read_key(trim(line.substr(0, colon)), trim(line.substr(colon + 1)), out, fault))
      return std::nullopt;
  }
  if (out.name.empty() || out.title.empty() || out.kind.empty()) {
    fault = "name, title and kind are needed";
    return std::nullopt;
  }
  if (out.words.empty() && out.when == 0) {
    fault = "without words and 'when' it never fits";
    return std::nullopt;
  }
  while (!markdown.empty() && markdown.front() == '\n')
    markdown.remove_prefix(1);
  out.text = markdown;
  return out;
}

Playbooks Playbooks::from(std::vector<Playbook> list) {
  Playbooks out;
  out.list_ = std::move(list);
  return out;
}

std::shared_ptr<const Playbooks> Playbooks::shipped(bool dutch) {
  static const auto nl = embedded(brandwacht_playbooks_nl_begin, brandwacht_playbooks_nl_end);
  static const auto en = embedded(brandwacht_playbooks_en_begin, brandwacht_playbooks_en_end);
  return dutch ? nl : en;
}

Playbooks Playbooks::from_folder(const std::filesystem::path& folder,
                                 std::vector<std::string>& problems) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  if (error) problems.push_back(fmt::format("{}: {}", folder.string(), error.message()));
  std::ranges::sort(files);
  Playbooks out;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::string fault = in ? "" : "it cannot be read";
    auto book = fault.empty() ? parse_playbook(text, fault) : std::nullopt;
    if (book && out.find(book->name) != nullptr)
      fault = fmt::format("there is another playbook '{}'", book->name);
    if (fault.empty())
      out.list_.push_back(std::move(*book));
    else
      problems.push_back(fmt::format("{}: {}", file.filename().string(), fault));
  }
  if (!error && files.empty())
    problems.push_back(fmt::format("{}: there is no .md file in it", folder.string()));
  return out;
}

const Playbook* Playbooks::fitting(std::span<const std::string_view> texts, std::uint8_t signs,
                                   Tier tier) const {
  std::string all;
  for (const auto text : texts)
    all += plain_words(text);
  const Playbook* best = nullptr;
  int most = 0;
  for (const Playbook& book : list_) {
    if (book.tiers != 0 && (book.tiers >> static_cast<unsigned>(tier) & 1U) == 0) continue;
    int score = (book.when & signs) != 0 ? kSignWeight : 0;
    for (const std::string& word : book.words)
      if (all.find(word.size() > kShort ? word : word + ' ') != std::string::npos) ++score;
    if (score > most) {
      most = score;
      best = &book;
    }
  }
  return best;
}

const Playbook* Playbooks::find(std::string_view name) const {
  const auto found = std::ranges::find(list_, name, &Playbook::name);
  return found == list_.end() ? nullptr : &*found;
}

}  // namespace brandwacht::desk
