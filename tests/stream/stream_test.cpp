#include "bench/stream/stream.hpp"

#include "tests/support/catch.hpp"
