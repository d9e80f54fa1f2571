#include "serve/confined.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/fresh_folder.hpp"

namespace ganymede::serve {
namespace {

namespace fs = std::filesystem;

struct Confined : ::testing::Test {
  Confined() {
    fs::create_directories(folder / "run" / "samples");
    std::ofstream(folder / "secret.txt") << "secret";
    std::ofstream(folder / "run" / "samples" / "a.png") << "picture";
  }
  std::optional<std::string> read(const std::vector<std::string>& parts) const {
    return read_confined(folder / "run", parts, 100);
  }
  ganymede::testing::FreshFolder folder;
};

TEST_F(Confined, ReadsOrdinaryFilesBelow) {
  EXPECT_EQ(read({"samples", "a.png"}), "picture");
  EXPECT_FALSE(read({"samples", "b.png"}));
  EXPECT_FALSE(read({"samples"}));
  EXPECT_FALSE(read({}));
  EXPECT_FALSE(read_confined(folder / "run", {"samples", "a.png"}, 3));
}

TEST_F(Confined, NoPathLeavesTheFolder) {
  EXPECT_FALSE(read({"..", "secret.txt"}));
  EXPECT_FALSE(read({"samples", "..", "..", "secret.txt"}));
  EXPECT_FALSE(read({"../secret.txt"}));
  EXPECT_FALSE(read({(folder / "secret.txt").string()}));
  EXPECT_FALSE(read({std::string("samples\0", 8), "a.png"}));
  EXPECT_FALSE(read({"", "a.png"}));
}

TEST_F(Confined, NoLinkIsFollowed) {
  fs::create_symlink(folder / "secret.txt", folder / "run" / "samples" / "link.png");
  fs::create_directory_symlink(folder.path(), folder / "run" / "out");
  fs::create_directory_symlink(folder / "run", folder / "linked");
  EXPECT_FALSE(read({"samples", "link.png"}));
  EXPECT_FALSE(read({"out", "secret.txt"}));
  EXPECT_FALSE(read_confined(folder / "linked", {"samples", "a.png"}, 100));
  const auto files = list_confined(folder / "run", {"samples"});
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].name, "a.png");
  EXPECT_EQ(files[0].bytes, 7U);
  EXPECT_TRUE(list_confined(folder / "run", {"out"}).empty());
}

TEST_F(Confined, APipeIsNoFileAndHoldsNobodyUp) {
  ASSERT_EQ(::mkfifo((folder / "run" / "pipe.png").c_str(), 0600), 0);
  EXPECT_FALSE(read({"pipe.png"}));
}

TEST_F(Confined, TimesAreSaidAsHttpWantsThem) {
  EXPECT_EQ(http_date(784'111'777'000'000'000), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110's example
  EXPECT_EQ(utc_text(784'111'777'000'000'000), "1994-11-06T08:49:37Z");
}

}  // namespace
}  // namespace ganymede::serve
