// Tells a peer that speaks bad HTTP from one that is gone.
#pragma once
#include <boost/beast/http/error.hpp>

namespace brandwacht::net {

inline bool is_bad_syntax(const boost::system::error_code& code) {
  using boost::beast::http::error;
  // These two are how Beast reports the end of the stream.
  return code.category() == make_error_code(error::bad_version).category() &&
         code != error::end_of_stream && code != error::partial_message;
}

}  // namespace brandwacht::net
