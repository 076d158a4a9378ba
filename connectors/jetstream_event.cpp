#include "connectors/jetstream_event.hpp"

#include <cstring>
#include <initializer_list>

namespace brandwacht::connectors {
namespace {

namespace od = simdjson::ondemand;

LineFault fault_of(simdjson::error_code error) noexcept {
  switch (error) {
    case simdjson::SUCCESS:
      return LineFault::none;
    case simdjson::INCORRECT_TYPE:
    case simdjson::STRING_ERROR:  // a bad escape or a lone surrogate
      return LineFault::wrong_type;
    case simdjson::UTF8_ERROR:
      return LineFault::bad_utf8;
    case simdjson::DEPTH_ERROR:
      return LineFault::too_deep;
    case simdjson::CAPACITY:
      return LineFault::too_long;
    case simdjson::EMPTY:
    case simdjson::UNCLOSED_STRING:
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return LineFault::truncated;
    default:
      return LineFault::bad_json;
  }
}

bool has_nul(std::string_view text) noexcept {
  return !text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr;
}

// simdjson skips what nobody reads without looking at its depth. Faulty JSON may fool the count,
// but then the parser refuses the event for that.
bool too_deep(std::string_view json) noexcept {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

// A fault of one value, after which its siblings can still be read.
bool local(LineFault fault) noexcept {
  return fault == LineFault::wrong_type || fault == LineFault::embedded_nul;
}
// For what only helps: a local fault is forgiven, a broken document is not.
LineFault forgive(LineFault fault) noexcept {
  return local(fault) ? LineFault::none : fault;
}

LineFault read_text(od::value value, std::string_view& out) {
  std::string_view text;
  if (const auto error = value.get_string().get(text)) return fault_of(error);
  if (has_nul(text)) return LineFault::embedded_nul;
  out = text;
  return LineFault::none;
}

// Calls visit(key, value) for each member until one gives a fault.
template <class Visit>
LineFault each_member(od::object object, Visit&& visit) {
  for (auto item : object) {
    od::field field;
    if (const auto error = std::move(item).get(field)) return fault_of(error);
    if (const auto fault = visit(field.key(), field.value()); fault != LineFault::none)
      return fault;
  }
  return LineFault::none;
}

template <class Visit>
LineFault each_member(od::value value, Visit&& visit) {
  od::object object;
  if (const auto error = value.get_object().get(object)) return fault_of(error);
  return each_member(object, visit);
}

template <class Visit>
LineFault each_element(od::value value, Visit&& visit) {
  od::array array;
  if (const auto error = value.get_array().get(array)) return fault_of(error);
  for (auto item : array) {
    od::value element;
    if (const auto error = std::move(item).get(element)) return fault_of(error);
    if (const auto fault = visit(element); fault != LineFault::none) return fault;
  }
  return LineFault::none;
}

// Appends a string; what is none, what is empty and what does not fit is left out.
template <class List>
LineFault append(od::value value, List& list) {
  std::string_view text;
  const auto fault = read_text(value, text);
  if (!text.empty() && list.size() < list.capacity()) list.push_back(text);
  return forgive(fault);
}

LineFault read_strong_ref(od::value value, std::string_view& uri) {
  return each_member(value, [&](auto key, od::value member) {
    return key == "uri" ? read_text(member, uri) : LineFault::none;
  });
}

// $type app.bsky.embed.record: record.uri; app.bsky.embed.recordWithMedia: record.record.uri.
LineFault read_embed(od::value value, std::string_view& quoted) {
  std::string_view type, outer, inner;
  const auto fault = each_member(value, [&](auto key, od::value member) {
    if (key == "$type") return read_text(member, type);
    if (key != "record") return LineFault::none;
    return each_member(member, [&](auto inner_key, od::value part) {
      if (inner_key == "uri") return read_text(part, outer);
      return inner_key == "record" ? read_strong_ref(part, inner) : LineFault::none;
    });
  });
  if (type == "app.bsky.embed.record") quoted = outer;
  if (type == "app.bsky.embed.recordWithMedia") quoted = inner;
  return forgive(fault);
}

LineFault read_facet(od::value value, MentionView& out) {
  const auto fault = each_member(value, [&](auto key, od::value features) {
    if (key != "features") return LineFault::none;
    return forgive(each_element(features, [&](od::value feature) {
      return forgive(each_member(feature, [&](auto inner_key, od::value member) {
        if (inner_key == "did") return append(member, out.accounts);
        return inner_key == "tag" ? append(member, out.tags) : LineFault::none;
      }));
    }));
  });
  return forgive(fault);
}

}  // namespace

// Fills a parser's Parts while the document goes by.
struct JetstreamReader {
  JetstreamParser::Parts& parts;
  JetstreamEvent& event;

  LineFault reply(od::value value) {
    parts.post.has_reply = true;
    return each_member(value, [&](auto key, od::value member) {
      if (key == "root") return read_strong_ref(member, parts.post.root);
      return key == "parent" ? read_strong_ref(member, parts.post.parent) : LineFault::none;
    });
  }

  LineFault post_member(simdjson::ondemand::raw_json_string key, od::value value) {
    auto& mention = event.mention;
    if (key == "text") {
      parts.post.has_text = true;
      return read_text(value, parts.post.text);
    }
    if (key == "reply") return reply(value);
    if (key == "embed") return read_embed(value, mention.quoted);
    if (key == "langs")
      return forgive(each_element(value, [&](od::value v) { return append(v, mention.langs); }));
    if (key == "tags")
      return forgive(each_element(value, [&](od::value v) { return append(v, mention.tags); }));
    if (key == "facets")
      return forgive(each_element(value, [&](od::value v) { return read_facet(v, mention); }));
    return LineFault::none;
  }

  // Another collection's record may use the same keys for something else; whether this is a post
  // may not be known yet.
  LineFault record(od::value value) {
    parts.has_record = true;
    if (!parts.collection.empty() && parts.collection != kPostCollection) return LineFault::none;
    parts.record_fault =
        each_member(value, [&](auto key, od::value member) { return post_member(key, member); });
    return local(parts.record_fault) ? LineFault::none : parts.record_fault;
  }

  LineFault commit(od::value value) {
    parts.has_commit = true;
    return each_member(value, [&](auto key, od::value member) {
      if (key == "operation") return read_text(member, parts.operation);
      if (key == "collection") return read_text(member, parts.collection);
      if (key == "rkey") return read_text(member, parts.rkey);
      return key == "record" ? record(member) : LineFault::none;
    });
  }

  LineFault account(od::value value) {
    parts.has_account = true;
    return each_member(value, [&](auto key, od::value member) {
      if (key == "active") return fault_of(member.get_bool().get(parts.active));
      return key == "status" ? read_text(member, parts.status) : LineFault::none;
    });
  }

  LineFault time(od::value value) {
    od::json_type type{};
    if (const auto error = value.type().get(type)) return fault_of(error);
    if (type != od::json_type::number) return LineFault::wrong_type;
    std::int64_t time_us = 0;
    if (value.get_int64().get(time_us) || time_us < kEarliestTimeUs || time_us > kLatestTimeUs)
      return LineFault::bad_time;
    event.time_us = time_us;
    return LineFault::none;
  }

  LineFault operator()(simdjson::ondemand::raw_json_string key, od::value value) {
    if (key == "did") return read_text(value, parts.did);
    if (key == "time_us") return time(value);
    if (key == "kind") return read_text(value, parts.kind);
    if (key == "commit") return commit(value);
    return key == "account" ? account(value) : LineFault::none;
  }
};

JetstreamParser::JetstreamParser() {
  if (parser_.allocate(kMaxLineBytes)) throw std::bad_alloc();
}

const JetstreamEvent& JetstreamParser::parse(std::string_view json, Time now) {
  event_ = JetstreamEvent{};
  parts_ = Parts{};
  event_.fault = read(json, now);
  if (event_.fault != LineFault::none) event_.kind = JetstreamEvent::Kind::fault;
  return event_;
}

LineFault JetstreamParser::read(std::string_view json, Time now) {
  if (json.size() > kMaxLineBytes) return LineFault::too_long;
  od::document document;
  const simdjson::padded_string_view padded(json.data(), json.size(),
                                            json.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = parser_.iterate(padded).get(document))
    return has_nul(json) ? LineFault::embedded_nul : fault_of(error);
  if (too_deep(json)) return LineFault::too_deep;
  od::object root;
  if (const auto error = document.get_object().get(root))
    return error == simdjson::INCORRECT_TYPE ? LineFault::not_an_object : fault_of(error);
  JetstreamReader reader{parts_, event_};
  if (const auto fault = each_member(root, reader); fault != LineFault::none) return fault;
  // On-Demand does not look behind the document by itself.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return LineFault::bad_json;

  if (parts_.kind.empty() || parts_.did.empty() || event_.time_us == 0)
    return LineFault::missing_field;
  if (parts_.kind == "commit") return finish_commit(now);
  if (parts_.kind == "account") return finish_account(now);
  return LineFault::none;  // identity, and what later versions add
}

LineFault JetstreamParser::finish_commit(Time now) {
  if (!parts_.has_commit || parts_.collection.empty() || parts_.operation.empty() ||
      parts_.rkey.empty())
    return LineFault::missing_field;
  if (parts_.collection != kPostCollection) return LineFault::none;

  auto& mention = event_.mention;
  if (parts_.operation == "create") {
    mention.kind = MentionKind::create;
  } else if (parts_.operation == "update") {
    mention.kind = MentionKind::edit;
  } else if (parts_.operation == "delete") {
    mention.kind = MentionKind::remove;
  } else {
    return LineFault::bad_kind;
  }
  if (mention.kind != MentionKind::remove) {
    if (parts_.record_fault != LineFault::none) return parts_.record_fault;
    const Post& post = parts_.post;
    if (!parts_.has_record || !post.has_text) return LineFault::missing_field;
    if (post.has_reply && (post.root.empty() || post.parent.empty()))
      return LineFault::missing_field;
  }

  uri_.assign("at://").append(parts_.did).append("/").append(kPostCollection).append("/");
  uri_.append(parts_.rkey);
  url_.assign("https://bsky.app/profile/").append(parts_.did).append("/post/").append(parts_.rkey);
  mention.platform = "bluesky";
  mention.id = uri_;
  mention.thread = parts_.post.root.empty() ? std::string_view(uri_) : parts_.post.root;
  mention.parent = parts_.post.parent;
  mention.author = parts_.did;
  mention.created_at = Time{Duration{event_.time_us}};
  mention.received_at = now;
  mention.text = parts_.post.text;
  mention.url = url_;
  event_.kind = JetstreamEvent::Kind::mention;
  return LineFault::none;
}

LineFault JetstreamParser::finish_account(Time now) {
  if (!parts_.has_account) return LineFault::missing_field;
  if (parts_.active || parts_.status == "desynchronized" || parts_.status == "throttled")
    return LineFault::none;
  auto& mention = event_.mention;
  mention = MentionView{};  // a stray commit part must not lend it tags
  mention.platform = "bluesky";
  mention.kind = MentionKind::author_gone;
  mention.author = parts_.did;
  mention.created_at = Time{Duration{event_.time_us}};
  mention.received_at = now;
  event_.kind = JetstreamEvent::Kind::mention;
  return LineFault::none;
}

}  // namespace brandwacht::connectors
