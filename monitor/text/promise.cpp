#include "monitor/text/promise.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "monitor/text/phrases.hpp"
#include "monitor/text/promise_parts.hpp"

namespace brandwacht::text {
namespace {

// The words of one clause around an expression.
struct Clause {
  std::size_t begin = 0, end = 0;
};

class Finder {
 public:
  Finder(const Phrases& list, const Words& words, Language language)
      : list_(list), words_(words), language_(language), kind_(words.list.size(), Kind::plain) {
    for (auto& match : list.find(words)) {
      const std::string& section = list.entries()[match.entry].section;
      if (section == "time")
        times_.push_back(std::move(match));
      else if (section == "filler" || section == "breaks")
        std::fill(kind_.begin() + static_cast<std::ptrdiff_t>(match.begin),
                  kind_.begin() + static_cast<std::ptrdiff_t>(match.end),
                  section == "filler" ? Kind::filler : Kind::breaks);
      else
        others_.push_back(std::move(match));
    }
    leave_longest();
    for (const auto& match : times_)
      std::fill(kind_.begin() + static_cast<std::ptrdiff_t>(match.begin),
                kind_.begin() + static_cast<std::ptrdiff_t>(match.end), Kind::time);
  }

  Promise find(Time now, const DeskDay& desk) const {
    Promise vague;
    for (const Reading& reading : groups()) {
      if (!promises(reading)) continue;
      Promise found = resolve(reading, now, desk);
      if (found.by && *found.by <= now)
        found = {std::nullopt, reading.strong ? Vague::past : Vague::none, 0, 0};
      found.begin = words_.list[reading.begin].begin;
      found.end = words_.list[reading.end - 1].end;
      if (found.by) return found;
      if (found.vague != Vague::none && vague.vague == Vague::none) vague = found;
    }
    return vague;
  }

 private:
  enum class Kind : std::uint8_t { plain, filler, breaks, time };

  // Where expressions overlap, the one that begins first and then the longest stands.
  void leave_longest() {
    std::vector<Phrases::Match> kept;
    for (auto& match : times_)
      if ((kept.empty() || match.begin >= kept.back().end) && stands_alone(match))
        kept.push_back(std::move(match));
    times_ = std::move(kept);
  }

  // "at 9" says a time, "at 9 stores" does not.
  bool stands_alone(const Phrases::Match& match) const {
    if (!list_.entries()[match.entry].value.ends_with(" alone")) return true;
    if (match.end < words_.list.size() && words_.list[match.end].glue != ' ') return false;
    return words_.list[match.end - 1].ends_clause || match.end == words_.list.size() ||
           std::ranges::any_of(times_, [&](const auto& other) { return other.begin == match.end; });
  }

  // Expressions that stand together are one deadline: "vrijdag", "voor" and "12 uur".
  std::vector<Reading> groups() const {
    std::vector<Reading> out;
    std::optional<Reading> lead;
    for (const auto& match : times_) {
      std::string_view value = list_.entries()[match.entry].value;
      if (value.ends_with(" alone")) value.remove_suffix(6);
      Reading next = read_phrase(list_, match, words_, value, language_);
      if (lead && near(*lead, next) && join(*lead, next)) next = *lead;
      lead.reset();
      if (next.only_leads())
        lead = next;
      else if (out.empty() || !near(out.back(), next) || !join(out.back(), next))
        out.push_back(next);
    }
    return out;
  }

  bool near(const Reading& before, const Reading& next) const {
    constexpr std::size_t kBetween = 2;
    if (next.begin - before.end > kBetween ||
        words_.list[next.begin].sentence != words_.list[before.begin].sentence)
      return false;
    for (std::size_t i = before.end; i < next.begin; ++i)
      if (kind_[i] != Kind::filler) return false;
    return true;
  }

  Clause clause(const Reading& reading) const {
    Clause out{reading.begin, reading.end};
    while (out.begin > 0 && !words_.list[out.begin - 1].ends_clause &&
           kind_[out.begin - 1] != Kind::breaks)
      --out.begin;
    while (out.end < words_.list.size() && !words_.list[out.end - 1].ends_clause &&
           kind_[out.end] != Kind::breaks)
      ++out.end;
    return out;
  }

  bool says(std::string_view section, const Clause& clause) const {
    return std::ranges::any_of(others_, [&](const auto& match) {
      return list_.entries()[match.entry].section == section && match.begin >= clause.begin &&
             match.end <= clause.end;
    });
  }

  // Does somebody of the brand promise something here, or is it a time of another kind?
  bool promises(const Reading& reading) const {
    if (reading.ignored || reading.preposition == Reading::Preposition::from) return false;
    // A clock alone says when something was, is or comes: "de trein van 8:14".
    if (reading.clock && !reading.has_day() && reading.part == Reading::Part::none &&
        reading.preposition == Reading::Preposition::none && !reading.strong)
      return false;
    const Clause where = clause(reading);
    if (says("deny", where) || says("past", where)) return false;
    if (reading.strong) return true;
    const bool ahead = reading.weeks > 0 || reading.day.value_or(0) > 0 || says("future", where);
    if (says("perfect", where) && !ahead) return false;
    if (says("commit", where)) return true;
    for (std::size_t i = where.begin; i < where.end; ++i)
      if (kind_[i] == Kind::plain) return false;
    return true;
  }

  const Phrases& list_;
  const Words& words_;
  Language language_;
  std::vector<Phrases::Match> times_, others_;
  std::vector<Kind> kind_;
};

}  // namespace

std::string_view to_string(Vague vague) noexcept {
  constexpr std::string_view kNames[] = {"none",    "soon", "amount", "hour",
                                         "weekday", "date", "window", "past"};
  return kNames[static_cast<std::size_t>(vague)];
}

Promise find_promise(const PhraseLists& lists, const Words& words, Time now, const DeskDay& desk,
                     Language language) {
  // The years that a time has a text for, with room for the longest promise behind them.
  constexpr Time kEnd = std::chrono::sys_days{std::chrono::year{9999} / 1 / 1};
  now = std::min(now, kEnd);
  Promise first;
  if (language != Language::en) {
    first = Finder(lists.times_nl, words, Language::nl).find(now, desk);
    if (language == Language::nl || first.by) return first;
  }
  const Promise second = Finder(lists.times_en, words, Language::en).find(now, desk);
  return second.by || first.vague == Vague::none ? second : first;
}

Promise find_promise(std::string_view text, Time now, const DeskDay& desk, Language language) {
  return find_promise(PhraseLists::shipped(), words_of(text.substr(0, kMaxReply)), now, desk,
                      language);
}

}  // namespace brandwacht::text
