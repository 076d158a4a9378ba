#include "monitor/mention.hpp"

namespace brandwacht {

std::string_view to_string(MentionKind kind) noexcept {
  switch (kind) {
    case MentionKind::create:
      return "create";
    case MentionKind::edit:
      return "edit";
    case MentionKind::remove:
      return "delete";
    case MentionKind::author_gone:
      return "author_gone";
  }
  return "create";
}

std::optional<MentionKind> parse_mention_kind(std::string_view text) noexcept {
  for (auto kind :
       {MentionKind::create, MentionKind::edit, MentionKind::remove, MentionKind::author_gone})
    if (text == to_string(kind)) return kind;
  return std::nullopt;
}

Mention::Mention(const MentionView& view)
    : platform(view.platform),
      id(view.id),
      kind(view.kind),
      thread(view.thread),
      parent(view.parent),
      quoted(view.quoted),
      author(view.author),
      author_name(view.author_name),
      created_at(view.created_at),
      received_at(view.received_at),
      langs(view.langs.begin(), view.langs.end()),
      text(view.text),
      url(view.url),
      accounts(view.accounts.begin(), view.accounts.end()),
      tags(view.tags.begin(), view.tags.end()),
      official(view.official) {}

MentionView Mention::view() const {
  MentionView out;
  out.platform = platform;
  out.id = id;
  out.kind = kind;
  out.thread = thread.empty() ? std::string_view(id) : std::string_view(thread);
  out.parent = parent;
  out.quoted = quoted;
  out.author = author;
  out.author_name = author_name;
  out.created_at = created_at;
  out.received_at = received_at;
  out.text = text;
  out.url = url;
  out.official = official;
  const auto fill = [](const std::vector<std::string>& from, auto& to) {
    for (const auto& item : from)
      if (to.size() < to.capacity()) to.push_back(item);
  };
  fill(langs, out.langs);
  fill(accounts, out.accounts);
  fill(tags, out.tags);
  return out;
}

}  // namespace brandwacht
