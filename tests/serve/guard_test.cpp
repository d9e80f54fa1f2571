#include "serve/guard.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "serve/token.hpp"

namespace ganymede::serve {
namespace {

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

Guard local() {
  return {.address = "127.0.0.1", .port = 8642, .token = kToken};
}
Guard wide() {
  return {.address = "0.0.0.0", .port = 8642, .loopback = false, .token = kToken};
}

Request asked(const std::string& method, Fields headers) {
  return {.method = method, .path = {"api", "v1", "runs"}, .headers = std::move(headers)};
}

int verdict(const Guard& guard, const Request& request, bool changes) {
  try {
    guard.check(request, changes);
    return 200;
  } catch (const HttpError& error) {
    return error.status();
  }
}

int verdict(const Guard& guard, const Request& request) {
  return verdict(guard, request, request.method != "GET" && request.method != "HEAD");
}

TEST(Guard, WantsAHostOfThisMachine) {
  for (const char* host : {"127.0.0.1:8642", "localhost:8642", "LocalHost:8642", "[::1]:8642", "192.168.0.7:8642"})
    EXPECT_EQ(verdict(local(), asked("GET", {{"host", host}})), 200) << host;
  for (const char* host : {"evil.example:8642", "evil.example", "127.0.0.1", "127.0.0.1:80", "", ":8642", "[]:8642",
                           "127.0.0.1.evil.example:8642", "localhost.evil.example:8642", "0x7f.1:8642", "[x]:8642"})
    EXPECT_EQ(verdict(local(), asked("GET", {{"host", host}})), 421) << host;
  EXPECT_EQ(verdict(local(), asked("GET", {})), 421);
  EXPECT_EQ(verdict(local(), asked("GET", {{"host", "localhost:8642"}, {"host", "localhost:8642"}})), 421);
}

TEST(Guard, KnowsItsOwnNameBeyondLoopbackAlone) {
  char name[256] = {};
  ASSERT_EQ(::gethostname(name, sizeof name - 1), 0);
  const Fields headers = {{"host", std::string(name) + ":8642"}, {"x-ganymede-token", kToken}};
  EXPECT_EQ(verdict(wide(), asked("GET", headers)), 200);
  EXPECT_EQ(verdict(local(), asked("GET", headers)), 421);
}

TEST(Guard, RefusesPagesElsewhere) {
  const auto with = [](const Fields& more, const std::string& method = "GET") {
    Fields headers = {{"host", "127.0.0.1:8642"}, {"x-ganymede-token", kToken}};
    headers.insert(headers.end(), more.begin(), more.end());
    return verdict(local(), asked(method, headers));
  };
  EXPECT_EQ(with({{"origin", "http://127.0.0.1:8642"}}), 200);
  EXPECT_EQ(with({{"origin", "http://127.0.0.1:8642"}}, "POST"), 200);
  for (const char* origin : {"http://evil.example", "null", "", "http://127.0.0.1:8643", "https://127.0.0.1:8642",
                             "http://localhost:8642"}) {
    EXPECT_EQ(with({{"origin", origin}}), 403) << origin;
    EXPECT_EQ(with({{"origin", origin}}, "POST"), 403) << origin;
  }
  EXPECT_EQ(with({{"origin", "http://127.0.0.1:8642"}, {"origin", "http://evil.example"}}), 403);
  for (const char* site : {"same-origin", "none"}) EXPECT_EQ(with({{"sec-fetch-site", site}}), 200);
  for (const char* site : {"cross-site", "same-site", "", "x"}) EXPECT_EQ(with({{"sec-fetch-site", site}}), 403);
  const Fields link = {
      {"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}, {"sec-fetch-dest", "document"}};
  EXPECT_EQ(with(link), 200);
  EXPECT_EQ(with(link, "POST"), 403);
  EXPECT_EQ(with({{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}, {"sec-fetch-dest", "iframe"}}),
            403);
}

TEST(Guard, EveryChangeWantsTheTokenInAHeader) {
  const auto with = [](const std::string& method, const Fields& more) {
    Fields headers = {{"host", "127.0.0.1:8642"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return verdict(local(), asked(method, headers));
  };
  const std::string cookie = std::string("ganymede-8642=") + kToken;
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X"}) {
    EXPECT_EQ(with(method, {}), 401);
    EXPECT_EQ(with(method, {{"cookie", cookie}}), 401);
    EXPECT_EQ(with(method, {{"x-ganymede-token", ""}}), 401);
    EXPECT_EQ(with(method, {{"x-ganymede-token", "0123"}}), 401);
    EXPECT_EQ(with(method, {{"x-ganymede-token", kToken}}), 200);
  }
  EXPECT_EQ(with("GET", {}), 200);
}

TEST(Guard, ATokenOfAnotherStartIsToldFromNone) {
  const auto sentence = [](const Fields& more) -> std::string {
    Fields headers = {{"host", "127.0.0.1:8642"}};
    headers.insert(headers.end(), more.begin(), more.end());
    try {
      local().check(asked("POST", headers), true);
      return "";
    } catch (const HttpError& error) {
      return error.what();
    }
  };
  EXPECT_NE(sentence({}).find("changes want the token"), std::string::npos);
  EXPECT_NE(sentence({{"x-ganymede-token", "0123"}}).find("each start of the server makes a new one"),
            std::string::npos);
}

TEST(Guard, BeyondLoopbackReadingWantsItToo) {
  const auto with = [](const Fields& more) {
    Fields headers = {{"host", "192.168.0.7:8642"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return verdict(wide(), asked("GET", headers));
  };
  EXPECT_EQ(with({}), 401);
  EXPECT_EQ(with({{"x-ganymede-token", kToken}}), 200);
  EXPECT_EQ(with({{"cookie", std::string("a=b; ganymede-8642=") + kToken}}), 200);
  EXPECT_EQ(with({{"cookie", std::string("ganymede-8643=") + kToken}}), 401);
  EXPECT_EQ(with({{"cookie", "ganymede-8642="}}), 401);
}

TEST(Guard, ReadOnlyForbidsEveryChangeEvenWithTheToken) {
  Guard guard = local();
  guard.read_only = true;
  EXPECT_EQ(verdict(guard, asked("POST", {{"host", "127.0.0.1:8642"}, {"x-ganymede-token", kToken}})), 403);
  EXPECT_EQ(verdict(guard, asked("GET", {{"host", "127.0.0.1:8642"}})), 200);
}

TEST(Guard, TheLinkSetsACookieAndLeadsToAPageThatFindsTheToken) {
  Request request{.method = "GET", .query = {{"token", kToken}}, .headers = {{"host", "192.168.0.7:8642"}}};
  const auto welcome = wide().welcome(request);
  ASSERT_TRUE(welcome);
  EXPECT_EQ(welcome->status, 303);
  EXPECT_EQ(welcome->headers[0].second, std::string("/#token=") + kToken);
  EXPECT_EQ(welcome->headers[1].second, std::string("ganymede-8642=") + kToken + "; Path=/; HttpOnly; SameSite=Lax");
  // Strict would not be sent on where it leads to, if another page (that of --open, a mail) led here.
  request.query[0].second = "another";
  EXPECT_FALSE(wide().welcome(request));
  request = {.method = "GET", .query = {{"token", kToken}}, .headers = {{"host", "evil.example:8642"}}};
  EXPECT_THROW(wide().welcome(request), HttpError);
}

TEST(Guard, PrintsALinkThatLeadsHere) {
  Guard guard = local();
  EXPECT_EQ(guard.link(), std::string("http://127.0.0.1:8642/#token=") + kToken);
  guard.read_only = true;
  EXPECT_EQ(guard.link(), "http://127.0.0.1:8642/");
  guard = {.address = "192.168.0.7", .port = 1, .loopback = false, .read_only = true, .token = kToken};
  EXPECT_EQ(guard.link(), std::string("http://192.168.0.7:1/?token=") + kToken);
}

TEST(Token, IsNewEachTimeAndComparedWhole) {
  const std::string token = make_token();
  EXPECT_EQ(token.size(), 32U);
  EXPECT_NE(token, make_token());
  EXPECT_TRUE(same_token(token, token));
  EXPECT_FALSE(same_token(token, token.substr(1)));
  EXPECT_FALSE(same_token("", ""));
}

TEST(Guard, APostThatChangesNothingIsReading) {
  const auto with = [&](const Guard& guard, Fields headers) {
    headers.emplace_back("host", "127.0.0.1:8642");
    return verdict(guard, asked("POST", headers), false);
  };
  const Fields json = {{"content-type", "application/json"}};
  EXPECT_EQ(with(local(), json), 200);
  EXPECT_EQ(with(local(), {{"content-type", "Application/JSON; charset=utf-8"}}), 200);
  Guard read_only = local();
  read_only.read_only = true;
  EXPECT_EQ(with(read_only, json), 200);
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
    EXPECT_EQ(with(local(), {{"content-type", type}}), 415) << type;
  EXPECT_EQ(with(local(), {}), 415);
  EXPECT_EQ(with(local(), {json[0], {"origin", "http://evil.example"}}), 403);
  EXPECT_EQ(with(wide(), json), 401);
  EXPECT_EQ(with(wide(), {json[0], {"cookie", std::string("ganymede-8642=") + kToken}}), 200);
  EXPECT_EQ(with(wide(), {json[0], {"x-ganymede-token", kToken}}), 200);
}

}  // namespace
}  // namespace ganymede::serve
