// A bounded queue between two coroutines of one thread. Our own, because experimental::channel of
// Boost 1.81 loses buffered items on close and costs three times as much.
#pragma once
#include <cstdint>
#include <deque>
#include <utility>

#include "monitor/event.hpp"

namespace brandwacht {

template <class T>
class Queue {
 public:
  Queue(boost::asio::any_io_executor executor, std::size_t capacity)
      : capacity_(capacity), not_full_(executor), not_empty_(executor) {}

  // Waits for room. False: the queue was closed and the item was not taken.
  boost::asio::awaitable<bool> push(T item) {
    while (items_.size() >= capacity_ && !closed_)
      co_await not_full_.wait();
    if (closed_) co_return false;
    put(std::move(item));
    co_return true;
  }

  // Never waits. False: full (counted) or closed.
  bool try_push(T item) {
    if (closed_) return false;
    if (items_.size() >= capacity_) {
      ++dropped_;
      return false;
    }
    put(std::move(item));
    return true;
  }

  // Past the bound, for what must never be dropped; taken even after close(), for the next
  // pop_all(). The producer then awaits room().
  void force_push(T item) { put(std::move(item)); }
  boost::asio::awaitable<void> room() {
    while (items_.size() >= capacity_ && !closed_)
      co_await not_full_.wait();
  }

  // Everything that waits, at least one item. Empty: closed and drained.
  boost::asio::awaitable<std::deque<T>> pop_all() {
    while (items_.empty() && !closed_)
      co_await not_empty_.wait();
    std::deque<T> out;
    out.swap(items_);
    not_full_.notify_all();
    co_return out;
  }

  // Wakes everybody. What is in the queue can still be taken.
  void close() {
    closed_ = true;
    not_full_.notify_all();
    not_empty_.notify_all();
  }

  std::size_t size() const { return items_.size(); }
  std::size_t capacity() const { return capacity_; }
  std::uint64_t dropped() const { return dropped_; }
  bool closed() const { return closed_; }

 private:
  void put(T item) {
    items_.push_back(std::move(item));
    not_empty_.notify_one();
  }

  std::size_t capacity_;
  bool closed_ = false;
  std::uint64_t dropped_ = 0;
  std::deque<T> items_;
  Event not_full_, not_empty_;
};

}  // namespace brandwacht
