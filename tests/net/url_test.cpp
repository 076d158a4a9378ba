#include "connectors/net/url.hpp"

#include "connectors/net/redact.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace brandwacht::net;

TEST_CASE("a URL gives the origin and the target exactly as written") {
  const auto url = parse_url("HTTPS://Example.org/a/../b%2Fc?x=%41&y=+#frag", "http");
  REQUIRE(url.has_value());
  CHECK(url->origin.tls);
  CHECK(url->origin.host == "Example.org");
  CHECK(url->origin.port == 443);
  CHECK(url->origin.authority == "Example.org");
  CHECK(url->target == "/a/../b%2Fc?x=%41&y=+");
  CHECK(parse_url("http://h", "http")->target == "/");
  CHECK(parse_url("http://h?q", "http")->target == "/?q");
  CHECK(parse_url("http://h:80/", "http")->origin.authority == "h");
  CHECK(parse_url("http://h:443/", "http")->origin.authority == "h:443");
  CHECK(parse_url("wss://h:/", "ws")->origin.port == 443);
  CHECK(parse_url("ws://[::1]:81/", "ws")->origin.authority == "[::1]:81");
  CHECK(parse_url("ws://[::1]:81/", "ws")->origin.host == "::1");
  CHECK(parse_url("ws://[::1]:81/", "ws")->origin.address);
  CHECK(parse_url("ws://1.2.3.4/", "ws")->origin.address);
}

TEST_CASE("a name that begins like an address is a name") {
  const auto url = parse_url("http://1.2.3.4.example:81/x?y", "http");
  REQUIRE(url.has_value());
  CHECK_FALSE(url->origin.address);
  CHECK(url->origin.host == "1.2.3.4.example");
  CHECK(url->origin.port == 81);
  CHECK(url->target == "/x?y");
}

TEST_CASE("a URL that could mislead is refused without repeating it") {
  for (const char* text : {"",
                           "h/secret",
                           "http:/secret",
                           "http:///secret",
                           "ftp://h/secret",
                           "ws://h/secret",
                           "http://h:0/secret",
                           "http://h:65536/secret",
                           "http://h:99999999999/secret",
                           "http://user:secret@h/",
                           "http://secret@h/",
                           "http://h/secret path",
                           "http://h/secret\r\nX: y",
                           "http://a%0d%0ab/secret",
                           "http://a%00/secret",
                           "http://h%2f/secret",
                           "http://b\xc3\xbc"
                           "cher.example/secret",
                           "http://h/secret?a=[]\x7f",
                           "http://[::1/secret",
                           "http://[v1.x]/secret"}) {
    const auto url = parse_url(text, "http");
    INFO(text);
    REQUIRE(url.has_error());
    CHECK(url.error().fault == NetFault::bad_url);
    CHECK(url.error().detail.find("secret") == std::string::npos);
  }
  CHECK(parse_url("http://h/" + std::string(20'000, 'a'), "http").has_error());
}

TEST_CASE("what a server sent is shown on one line, whole characters only") {
  CHECK(printable("  a\r\n\tb\x01 c  ", 100) == "a b c");
  CHECK(printable("h\xc3\xa9h\xc3\xa9", 5) == "h\xc3\xa9h");
  CHECK(printable("a\xff\xc3", 10) == "a??");
  CHECK(printable("", 10).empty());
  CHECK(printable(std::string(1000, 'x'), 200).size() == 200);
}

TEST_CASE("an error page that quotes the request loses the secrets in it") {
  const HttpHeaders headers = {{"Authorization", "Bearer headersecret"}};
  const auto text = redact("no /stream?token=querysecret for headersecret (user)",
                           "/stream?token=querysecret&u=user", headers);
  CHECK(text == "no /stream?token=[...] for [...] (user)");
}

TEST_CASE("a fault is thrown as one sentence") {
  NetResult<int> result = make_fault(NetFault::tls, "no trust");
  CHECK_THROWS_WITH(result.value(), Catch::Contains("no trust (tls)"));
}
