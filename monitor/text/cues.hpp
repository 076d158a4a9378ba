// What single words say without any learning, and what the negation scope needs. Internal to the
// text folder.
#pragma once
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace brandwacht::text {

enum Cue : std::uint8_t {
  kNegator = 1,       // "niet", "never"
  kContrast = 2,      // "maar", "but": a negation does not reach over it
  kDeletion = 4,      // "verwijderd", "blocked"
  kTime = 8,          // "dagen", "yesterday"
  kFirstPerson = 16,  // singular: "ik", "my"
  kThey = 32,         // "ze", "they": talks about the company, not to it
};

// The words of data/cues.tsv by the hash of the folded word. For training; a model carries the bits
// in its rows. Throws std::runtime_error on a line that cannot be read.
std::unordered_map<std::uint64_t, std::uint8_t> cue_words(std::string_view list);
std::string_view shipped_cues() noexcept;

}  // namespace brandwacht::text
