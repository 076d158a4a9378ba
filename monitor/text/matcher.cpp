#include "monitor/text/matcher.hpp"

#include <hs.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "monitor/hash.hpp"
#include "monitor/text/accounts.hpp"
#include "monitor/text/fold.hpp"
#include "monitor/text/prefilter.hpp"

namespace brandwacht::text {
namespace {

enum class Kind : std::uint8_t { term, exclusion, account };

// One thing to look for. Hyperscan finds `anchor`, its longest word; what stands around it is
// compared by hand, because literals are far cheaper to search than expressions with white space
// and boundaries.
struct Pattern {
  std::string text;            // folded; white space is one ' '
  std::size_t anchor_end = 0;  // offset in `text` at which the anchor ends
  std::uint32_t brand = 0;
  Kind kind = Kind::term;
};

struct Anchor {
  std::string text;
  std::vector<std::uint32_t> patterns;
};

constexpr std::size_t kMaxAnchor = 48;  // longer literals only make Hyperscan's tables larger
constexpr std::size_t kMinShared =
    4;  // shorter anchors turn up in too many words to be worth sharing

std::string squeeze(std::string_view folded) {
  std::string out;
  for (const char c : folded) {
    if (!is_ascii_space(c))
      out.push_back(c);
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string_view longest_word(std::string_view text) {
  std::string_view best;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end - begin > best.size()) best = text.substr(begin, end - begin);
    begin = end + 1;
  }
  return best.substr(0, kMaxAnchor);
}

char32_t code_point_before(std::string_view text, std::size_t at) {
  if (at == 0) return ' ';
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
    --begin;
  std::size_t size = 0;
  return decode_utf8(text.substr(begin, at - begin), size);
}

char32_t code_point_at(std::string_view text, std::size_t at) {
  std::size_t size = 0;
  return at < text.size() ? decode_utf8(text.substr(at, 4), size) : U' ';
}

bool is_boundary(char32_t left, char32_t right) {
  return !is_word(left) || !is_word(right) || is_spaceless(left) || is_spaceless(right);
}

bool is_handle_char(char c) {
  return is_ascii_word(c) || c == '-';
}

// "@polderbank" ends before a space or a full stop, not before ".test" or "@server", which make it
// another account.
bool ends_handle(std::string_view text, std::size_t at) {
  if (at >= text.size()) return true;
  if (is_handle_char(text[at])) return false;
  const bool joins = text[at] == '.' || text[at] == '@' || text[at] == ':';
  return !joins || at + 1 >= text.size() || !is_handle_char(text[at + 1]);
}

// Compares the pattern's bytes before `anchor_end` backwards from text[end), and those after
// forwards. Returns false or sets the span of the whole pattern.
bool expand(const Pattern& pattern, std::string_view text, std::size_t& begin, std::size_t& end) {
  std::size_t at = end;
  for (std::size_t i = pattern.anchor_end; i > 0; --i) {
    const char want = pattern.text[i - 1];
    if (at == 0) return false;
    if (want == ' ') {
      if (!is_ascii_space(text[at - 1])) return false;
      while (at > 0 && is_ascii_space(text[at - 1]))
        --at;
    } else if (ascii_lower(text[--at]) != want) {
      return false;
    }
  }
  begin = at;
  at = end;
  for (std::size_t i = pattern.anchor_end; i < pattern.text.size(); ++i) {
    const char want = pattern.text[i];
    if (at == text.size()) return false;
    if (want == ' ') {
      if (!is_ascii_space(text[at])) return false;
      while (at < text.size() && is_ascii_space(text[at]))
        ++at;
    } else if (ascii_lower(text[at++]) != want) {
      return false;
    }
  }
  end = at;
  return true;
}

bool matches(const Pattern& pattern, std::string_view text, std::size_t anchor_end) {
  std::size_t begin = 0, end = anchor_end;
  if (!expand(pattern, text, begin, end)) return false;
  if (pattern.kind == Kind::account && !ends_handle(text, end)) return false;
  const char32_t first = code_point_at(pattern.text, 0);
  // '#' and '@' begin a word of their own: "c#outage" has no hashtag and "info@polderbank.test"
  // addresses nobody.
  const bool sigil = first == '#' || first == '@';
  const char32_t before = code_point_before(text, begin);
  if (sigil ? is_word(before) && !is_spaceless(before) : !is_boundary(before, first)) return false;
  return is_boundary(code_point_before(pattern.text, pattern.text.size()),
                     code_point_at(text, end));
}

std::string_view scanned_part(std::string_view text) {
  if (text.size() <= Matcher::kMaxScanned) return text;
  // Cut at white space where there is some, so that half a word is not taken for a whole one.
  constexpr std::size_t kLook = 256;
  std::size_t end = Matcher::kMaxScanned;
  while (end > Matcher::kMaxScanned - kLook && !is_ascii_space(text[end]))
    --end;
  return text.substr(0, is_ascii_space(text[end]) ? end : Matcher::kMaxScanned);
}

void must(hs_error_t error, const char* what) {
  if (error == HS_NOMEM) throw std::bad_alloc();
  if (error != HS_SUCCESS)
    throw std::invalid_argument(std::string("The terms could not be ") + what +
                                " (Hyperscan error " + std::to_string(error) + ").");
}

}  // namespace

struct Matcher::Impl {
  std::vector<Pattern> patterns;
  std::vector<Anchor> anchors;  // what Hyperscan looks for, by its id
  AccountTable accounts;
  Prefilter prefilter;
  bool filtered = Prefilter::kAvailable;  // false: too many anchors for it
  hs_database_t* database = nullptr;
  hs_scratch_t* scratch = nullptr;
  std::vector<char> folded;  // kMaxScanned bytes, written only for texts that are not ASCII

  // Per brand: bit 0 named by a term, bit 1 excluded, bit 2 addressed. Cleared by way of `touched`.
  std::vector<std::uint8_t> found;
  std::vector<std::uint32_t> touched;
  std::string_view scanning;

  ~Impl() {
    hs_free_scratch(scratch);
    hs_free_database(database);
  }

  void add(const BrandTerms& brand, const std::string& source, std::uint32_t index, Kind kind) {
    Pattern pattern{squeeze(fold(source)), 0, index, kind};
    const bool bare = pattern.text.find_first_not_of("#@ ") == std::string::npos;
    if (bare)
      throw std::invalid_argument("Brand \"" + brand.name + "\": the " +
                                  (kind == Kind::term        ? "term"
                                   : kind == Kind::exclusion ? "exclusion"
                                                             : "account") +
                                  " \"" + source + "\" has no letters or digits to look for.");
    if (kind == Kind::account && pattern.text.starts_with("did:"))
      return;  // nobody writes "@did:" in a text
    if (kind == Kind::account && pattern.text.front() != '@') pattern.text.insert(0, 1, '@');
    patterns.push_back(std::move(pattern));
  }

  void choose_anchors();
  void compile();
  void scan(std::string_view text) noexcept;
  void search() noexcept;
  void scan_tags(const MentionView& mention) noexcept;

  void mark(std::uint32_t brand, Kind kind) noexcept {
    if (found[brand] == 0) touched.push_back(brand);  // within the reserved capacity
    found[brand] |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
  }

  static int on_hit(unsigned id, unsigned long long, unsigned long long to, unsigned,
                    void* context) {
    auto& self = *static_cast<Impl*>(context);
    for (const std::uint32_t index : self.anchors[id].patterns) {
      const Pattern& pattern = self.patterns[index];
      const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(pattern.kind));
      if ((self.found[pattern.brand] & bit) == 0 &&
          matches(pattern, self.scanning, static_cast<std::size_t>(to)))
        self.mark(pattern.brand, pattern.kind);
    }
    return 0;
  }
};

// Fewer literals are faster to search, so patterns of one brand share anchors: "polderbank" also
// finds
// "@polderbank.test". An anchor is a longest word, or the anchor of a pattern with a shorter one
// that is part of it.
void Matcher::Impl::choose_anchors() {
  std::stable_sort(patterns.begin(), patterns.end(), [](const Pattern& a, const Pattern& b) {
    if (a.brand != b.brand) return a.brand < b.brand;
    return longest_word(a.text).size() < longest_word(b.text).size();
  });
  std::size_t of_brand = 0;  // the first anchor of this brand
  for (Pattern& pattern : patterns) {
    if (&pattern != patterns.data() && pattern.brand != (&pattern - 1)->brand)
      of_brand = anchors.size();
    std::size_t anchor = of_brand;
    while (anchor < anchors.size() &&
           (anchors[anchor].text.size() < kMinShared ||
            pattern.text.find(anchors[anchor].text) == std::string::npos))
      ++anchor;
    if (anchor == anchors.size()) anchors.push_back({std::string(longest_word(pattern.text)), {}});
    const std::string& text = anchors[anchor].text;
    pattern.anchor_end = pattern.text.find(text) + text.size();
    anchors[anchor].patterns.push_back(static_cast<std::uint32_t>(&pattern - patterns.data()));
  }
}

void Matcher::Impl::compile() {
  if (patterns.empty()) return;
  choose_anchors();
  std::vector<const char*> literals;
  std::vector<unsigned> flags(anchors.size(), HS_FLAG_CASELESS), ids;
  std::vector<std::size_t> sizes;
  for (const Anchor& anchor : anchors) {
    literals.push_back(anchor.text.data());
    sizes.push_back(anchor.text.size());
    filtered = filtered && prefilter.add(anchor.text);
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  hs_compile_error_t* error = nullptr;
  const hs_error_t result = hs_compile_lit_multi(
      literals.data(), flags.data(), ids.data(), sizes.data(),
      static_cast<unsigned>(literals.size()), HS_MODE_BLOCK, nullptr, &database, &error);
  if (error != nullptr) {
    const std::string reason = error->message;
    hs_free_compile_error(error);
    throw std::invalid_argument("The terms could not be compiled: " + reason);
  }
  must(result, "compiled");
  must(hs_alloc_scratch(database, &scratch), "given working memory");
}

void Matcher::Impl::scan(std::string_view text) noexcept {
  if (database == nullptr || text.empty()) return;
  scanning = scanned_part(text);
  Prefilter::Verdict verdict{true, false};
  if (filtered) verdict = prefilter.check(scanning);
  if (!verdict.ascii && !is_ascii(scanning)) {
    scanning = {folded.data(), fold(scanning, folded.data())};
    if (filtered) verdict = prefilter.check(scanning);
  }
  if (verdict.possible) search();
}

void Matcher::Impl::search() noexcept {
  hs_scan(database, scanning.data(), static_cast<unsigned>(scanning.size()), 0, scratch, &on_hit,
          this);
}

// Tags as if they stood in a text, "#one\1#two"; the \1 keeps a phrase from reaching over two tags.
void Matcher::Impl::scan_tags(const MentionView& mention) noexcept {
  std::size_t size = 0;
  for (const std::string_view tag : mention.tags) {
    if (database == nullptr || tag.empty() || size + tag.size() + 2 > folded.size()) continue;
    if (tag.front() != '#') folded[size++] = '#';
    size += fold(tag, folded.data() + size);
    folded[size++] = '\1';
  }
  if (size == 0) return;
  scanning = {folded.data(), size};
  search();
}

Matcher::Matcher(const std::vector<BrandTerms>& brands) : impl_(std::make_unique<Impl>()) {
  for (std::uint32_t i = 0; i < brands.size(); ++i) {
    for (const std::string& term : brands[i].terms)
      impl_->add(brands[i], term, i, Kind::term);
    for (const std::string& term : brands[i].exclude)
      impl_->add(brands[i], term, i, Kind::exclusion);
    for (const std::string& account : brands[i].accounts) {
      impl_->add(brands[i], account, i, Kind::account);
      impl_->accounts.add(account, i);
    }
  }
  impl_->folded.resize(kMaxScanned);
  impl_->found.resize(brands.size());
  impl_->touched.reserve(brands.size());
  impl_->compile();
}

Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;

std::optional<std::uint32_t> Matcher::match(const MentionView& mention) noexcept {
  Impl& impl = *impl_;
  for (const std::string_view account : mention.accounts)
    if (const auto brand = impl.accounts.find(account)) impl.mark(*brand, Kind::account);
  impl.scan(mention.text);
  if (!mention.tags.empty()) impl.scan_tags(mention);
  if (impl.touched.empty()) return std::nullopt;

  std::optional<std::uint32_t> first;
  for (const std::uint32_t brand : impl.touched) {
    const bool named = (impl.found[brand] & 3) == 1;  // a term and no exclusion
    const bool addressed = (impl.found[brand] & 4) != 0;
    if ((named || addressed) && (!first || brand < *first)) first = brand;
    impl.found[brand] = 0;
  }
  impl.touched.clear();
  return first;
}

bool Matcher::add_account(std::string_view account, std::uint32_t brand) {
  if (impl_->accounts.find(account)) return false;
  impl_->accounts.add(account, brand);
  return true;
}

std::optional<std::uint32_t> Matcher::brand_of_account(std::string_view id,
                                                       std::string_view handle) const noexcept {
  if (const auto brand = impl_->accounts.find(id)) return brand;
  return impl_->accounts.find(handle);
}

}  // namespace brandwacht::text
