// Under which id a vendor knows an incident's first message.
#include "alerting/receipts.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {

TEST_CASE("the first message of an incident is the one that counts, and the oldest incident goes") {
  Receipts receipts;
  receipts.keep("a", "1");
  receipts.keep("a", "2");
  receipts.keep("b", "");
  CHECK(receipts.find("a") == "1");
  CHECK(receipts.find("b").empty());
  for (int i = 0; i < 4096; ++i)
    receipts.keep("x" + std::to_string(i), "1");
  CHECK(receipts.find("a").empty());
  CHECK(receipts.find("x4095") == "1");
  receipts.forget("x4095");
  CHECK(receipts.find("x4095").empty());
}

}  // namespace brandwacht::alerting
