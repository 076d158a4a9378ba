// Name resolution that never blocks the line and can be walked away from.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <vector>

#include "connectors/net/url.hpp"

namespace brandwacht::net {

// The addresses of `origin`, at most 8, in the system's order of preference. The lookup itself
// cannot be interrupted; at `by`, or when the caller is cancelled (throws operation_aborted), it is
// left to end alone on the pool, where it touches neither the caller nor its executor any more.
boost::asio::awaitable<NetResult<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(
    boost::asio::thread_pool& pool, const Origin& origin, std::chrono::steady_clock::time_point by);

}  // namespace brandwacht::net
