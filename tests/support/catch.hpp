// The one place that includes Catch, so that a move to version 3 is one line.
#pragma once
#include <catch2/catch.hpp>
