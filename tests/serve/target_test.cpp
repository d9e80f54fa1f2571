#include "serve/target.hpp"

#include <gtest/gtest.h>

#include "base/mutate.hpp"

namespace ganymede::serve {
namespace {

int status_of_target(std::string_view target) {
  Request request;
  try {
    read_target(target, request);
    return 200;
  } catch (const HttpError& error) {
    return error.status();
  }
}

TEST(Target, DecodesEachPartByItself) {
  Request request;
  read_target("/api/v1/runs/a%20b%C4%8D?x=1%2B1&y=a+b&empty", request);
  EXPECT_EQ(request.path, (std::vector<std::string>{"api", "v1", "runs", "a b\xC4\x8D"}));
  EXPECT_EQ(*request.parameter("x"), "1+1");
  EXPECT_EQ(*request.parameter("y"), "a b");
  EXPECT_EQ(*request.parameter("empty"), "");
  EXPECT_EQ(request.parameter("z"), nullptr);
  Request top;
  read_target("/", top);
  EXPECT_TRUE(top.path.empty());
  Request bare_query;
  read_target("/?token=t", bare_query);
  EXPECT_EQ(*bare_query.parameter("token"), "t");
}

TEST(Target, RefusesWhatCouldLeaveAFolder) {
  for (const char* target : {"", "runs", "http://else/where", "*", "//etc", "/a/../b", "/a/./b", "/..", "/a/%2e%2e/b",
                             "/a/.%2E", "/a%2fb", "/a%5Cb", "/a\\b", "/a%00", "/a%", "/a%4", "/a%zz", "/a/", "/?x=%00"})
    EXPECT_EQ(status_of_target(target), 400) << target;
}

TEST(Target, EncodedPartsReadBack) {
  for (const std::string name : {"plain-1", "a b", "\xC4\x8D", "100%", "q?x=1&y#z", "<b>\"'"}) {
    Request request;
    read_target("/" + encoded_part(name), request);
    EXPECT_EQ(request.path, std::vector<std::string>{name});
  }
}

TEST(Target, SurvivesMutations) {
  RandomSequence random(Random(1, "target"), 0);
  for (int i = 0; i < 2000; ++i) {
    const std::string mutant = ganymede::testing::mutate("/api/v1/runs/a%20b/files/samples/x.png?v=1&w=%41", random);
    Request request;
    try {
      read_target(mutant, request);
    } catch (const HttpError&) {
      continue;
    }
    for (const std::string& part : request.path) {
      EXPECT_FALSE(part.empty() || part == "." || part == ".." || part.find('/') != std::string::npos) << mutant;
    }
  }
}

}  // namespace
}  // namespace ganymede::serve
