// Scenarios with fitting answers, written before they are needed: Markdown with a front matter.
//
//   ---
//   name: outage                    its name; the file's without ".md"
//   title: Storing                  one line, in the desk's language
//   kind: answer                    what to do: answer, move_to_private, watch, may_remove, explain
//   words: storing, ligt eruit      one of these in the posts; one of five letters and more also in
//   longer forms when: threat, hate              or: threat, hate, abuse, spam, private_data,
//   copies tiers: T1, T2                   optional: only for these
//   ---
//   # Storing
//   ...
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/incident.hpp"

namespace brandwacht::desk {

// What a page is about beside its words.
enum Sign : std::uint8_t {
  kSignThreat = 1,
  kSignHate = 2,
  kSignAbuse = 4,
  kSignSpam = 8,
  kSignPrivate = 16,
  kSignCopies = 32
};

struct Playbook {
  std::string name, title, kind;
  std::vector<std::string> words;  // as plain_words() has them, without the space at the end
  std::uint8_t when = 0;           // bits of Sign
  std::uint8_t tiers = 0;          // bits of 1 << Tier; 0: all
  std::string text;                // Markdown behind the front matter
};

// Nullopt with a sentence in `fault`, for a front matter that is absent, unknown or incomplete.
std::optional<Playbook> parse_playbook(std::string_view markdown, std::string& fault);

class Playbooks {
 public:
  // Those that ship, shared. `dutch`: else in English.
  static std::shared_ptr<const Playbooks> shipped(bool dutch);
  // All *.md of a folder in the order of their names. What is wrong with one is a sentence in
  // `problems` (file and fault) and leaves it out.
  static Playbooks from_folder(const std::filesystem::path& folder,
                               std::vector<std::string>& problems);
  static Playbooks from(std::vector<Playbook> list);

  // The one that fits: signs count most, then the number of its words that stand in `texts`
  // (redacted posts); of equals the first. nullptr: none fits.
  const Playbook* fitting(std::span<const std::string_view> texts, std::uint8_t signs,
                          Tier tier) const;
  const Playbook* find(std::string_view name) const;
  const std::vector<Playbook>& all() const { return list_; }

 private:
  std::vector<Playbook> list_;
};

}  // namespace brandwacht::desk
