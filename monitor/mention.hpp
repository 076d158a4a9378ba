// One public event from one platform: somebody wrote, edited or removed a post, or an author
// vanished.
#pragma once
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/hash.hpp"
#include "monitor/time.hpp"

namespace brandwacht {

enum class MentionKind : std::uint8_t {
  create,
  edit,         // the same id again with new text
  remove,       // "delete" on the wire; may arrive before its create, has no text
  author_gone,  // everything of `author` is to be forgotten (deleted, suspended, taken down); has
                // no id
};

std::string_view to_string(MentionKind kind) noexcept;
std::optional<MentionKind> parse_mention_kind(std::string_view text) noexcept;

// A mention whose strings live in somebody else's buffer: valid until the connector reads its next
// event. This is what flows down the line, so that a mention that matches no brand costs no
// allocation. Copy it into a Mention to keep it.
struct MentionView {
  static constexpr std::size_t kMaxAccounts = 16, kMaxTags = 16, kMaxLangs = 3;

  std::string_view platform;  // "bluesky", "x", ...: lower case, never empty
  std::string_view id;        // the platform's id; unique with `platform`
  MentionKind kind = MentionKind::create;
  std::string_view thread;       // id of the thread's root; equal to `id` for a root; never empty
  std::string_view parent;       // id answered to; empty: none
  std::string_view quoted;       // id quoted; empty: none
  std::string_view author;       // the platform's stable account id (Bluesky: the DID)
  std::string_view author_name;  // what people see; may be empty
  Time created_at{};             // as the platform says; not yet trusted
  Time received_at{};            // by our clock
  boost::container::static_vector<std::string_view, kMaxLangs> langs;  // BCP 47, as declared
  std::string_view text;                                               // UTF-8
  std::string_view url;
  boost::container::static_vector<std::string_view, kMaxAccounts>
      accounts;  // addressed accounts: ids or handles
  boost::container::static_vector<std::string_view, kMaxTags>
      tags;               // hashtags outside the text, without '#'
  bool official = false;  // the source says that a brand wrote it; the configuration may say so too

  std::uint64_t key() const noexcept { return platform_key(platform, id); }
  std::uint64_t thread_key() const noexcept { return platform_key(platform, thread); }
  std::uint64_t author_key() const noexcept { return platform_key(platform, author); }
};

// A mention that owns its strings.
struct Mention {
  std::string platform, id;
  MentionKind kind = MentionKind::create;
  std::string thread, parent, quoted, author, author_name;
  Time created_at{}, received_at{};
  std::vector<std::string> langs;
  std::string text, url;
  std::vector<std::string> accounts, tags;
  bool official = false;

  Mention() = default;
  explicit Mention(const MentionView& view);
  MentionView view() const;  // valid as long as this object is neither changed nor moved
};

}  // namespace brandwacht
