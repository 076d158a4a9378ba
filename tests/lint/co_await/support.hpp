// What the samples need to be C++ that compiles; they are read by the rule and belong to no target.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using boost::asio::awaitable;

struct Request {
  std::string host, target;
  int retries = 0;
  awaitable<std::string> go() const;
};

awaitable<std::string> fetch(std::string url);
awaitable<std::string> send(Request request);
template <typename Visit>
awaitable<void> each(Visit) {
  co_return;
}
awaitable<bool> ready();
awaitable<int> count(std::vector<std::string> names, int limit = 0);
