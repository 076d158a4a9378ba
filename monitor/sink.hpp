// Where connectors put what they read. The line implements it; tests collect.
//
// accept() is no coroutine on purpose: line and connectors share one thread, and a mention passes
// the whole line without a scheduling point, a copy or a queue. Backpressure is ready(): a
// connector awaits it after each chunk of its input, and waits there while the pages of earlier
// mentions are still being stored.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string_view>

#include "monitor/mention.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht {

class MentionSink {
 public:
  virtual ~MentionSink() = default;

  virtual void accept(const MentionView& mention) = 0;  // `mention` is dead when this returns
  virtual void reject(std::string_view source, LineFault fault) = 0;
  // Everything of `source` before `cursor` was given to accept(). Stored together with what it led
  // to, never before.
  virtual void position(std::string_view source, std::string_view cursor) = 0;
  virtual boost::asio::awaitable<void> ready() = 0;
};

}  // namespace brandwacht
