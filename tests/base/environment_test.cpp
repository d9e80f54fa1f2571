#include "base/environment.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <ctime>
#include <vector>

#include "base/child_process.hpp"
#include "base/fresh_folder.hpp"

namespace ganymede {
namespace {

using testing::ChildProcess;
using testing::FreshFolder;

TEST(Environment, EmptyCountsAsUnset) {
  ::setenv("GANYMEDE_TEST_VARIABLE", "value", 1);
  EXPECT_EQ(environment("GANYMEDE_TEST_VARIABLE"), "value");
  ::setenv("GANYMEDE_TEST_VARIABLE", "", 1);
  EXPECT_EQ(environment("GANYMEDE_TEST_VARIABLE"), std::nullopt);
  ::unsetenv("GANYMEDE_TEST_VARIABLE");
  EXPECT_EQ(environment("GANYMEDE_TEST_VARIABLE"), std::nullopt);
}

TEST(UserDataFolder, FollowsXdgThenHome) {
  ChildProcess child([] {
    ::setenv("HOME", "/home/ada", 1);
    ::setenv("XDG_DATA_HOME", "/big/data", 1);
    if (user_data_folder() != "/big/data/ganymede") return 1;
    ::setenv("XDG_DATA_HOME", "relative", 1);  // the XDG specification: to be ignored
    if (user_data_folder() != "/home/ada/.local/share/ganymede") return 2;
    ::unsetenv("XDG_DATA_HOME");
    if (user_data_folder() != "/home/ada/.local/share/ganymede") return 3;
    ::unsetenv("HOME");
    return home_folder().is_absolute() ? 0 : 4;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(UserCacheFolder, FollowsXdgThenHome) {
  ChildProcess child([] {
    ::setenv("HOME", "/home/ada", 1);
    ::setenv("XDG_CACHE_HOME", "/big/cache", 1);
    if (user_cache_folder() != "/big/cache/ganymede") return 1;
    ::setenv("XDG_CACHE_HOME", "relative", 1);
    if (user_cache_folder() != "/home/ada/.cache/ganymede") return 2;
    ::unsetenv("XDG_CACHE_HOME");
    return user_cache_folder() == "/home/ada/.cache/ganymede" ? 0 : 3;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(Terminal, IsRecognisedWithItsWidth) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) GTEST_SKIP() << "no pseudo-terminals here";
  const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  winsize size{};
  size.ws_col = 57;
  ASSERT_EQ(::ioctl(terminal, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(terminal_columns(terminal), 57);
  ChildProcess child([&] {
    ::setenv("TERM", "xterm", 1);
    if (!is_terminal(terminal)) return 1;
    ::setenv("TERM", "dumb", 1);
    return is_terminal(terminal) ? 2 : 0;
  });
  EXPECT_EQ(child.wait(), 0);
  ::close(terminal);
  ::close(master);
}

TEST(Terminal, PipesAreNone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_FALSE(is_terminal(ends[1]));
  EXPECT_EQ(terminal_columns(ends[1], 91), 91);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(PeakMemory, GrowsWithWhatIsUsed) {
  ChildProcess child([] {
    constexpr std::size_t kSize = 64 << 20;
    const std::uint64_t before = peak_memory_bytes();
    std::vector<char> block(kSize, 1);
    volatile char last = block[kSize - 1];
    (void)last;
    block = {};
    const std::uint64_t after = peak_memory_bytes();
    return before > 100000 && after >= before + kSize / 2 && after < before + 32 * kSize ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(PeakMemory, BeginsAnewWhenReset) {
  if (!reset_peak_memory()) GTEST_SKIP() << "the system does not offer it";
  ChildProcess child([] {
    constexpr std::size_t kSize = 64 << 20;
    // Pages of the system's own: an allocator may keep what it is given back, as that of AddressSanitizer does.
    void* pages = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return 1;
    std::memset(pages, 1, kSize);
    ::munmap(pages, kSize);
    const std::uint64_t high = peak_memory_bytes();
    return reset_peak_memory() && peak_memory_bytes() + kSize / 2 < high ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(CpuModel, IsOneLine) {
  EXPECT_FALSE(cpu_model().empty());
  EXPECT_EQ(cpu_model().find('\n'), std::string::npos);
}

TEST(FreeDisk, IsThatOfTheNearestFolder) {
  const FreshFolder folder;
  const auto close = static_cast<double>(64 << 20);  // others write meanwhile
  EXPECT_NEAR(static_cast<double>(free_disk_bytes(folder / "not/yet/there")),
              static_cast<double>(free_disk_bytes(folder.path())), close);
  EXPECT_GT(free_disk_bytes(folder.path()), 0u);
  EXPECT_GT(free_disk_bytes("relative"), 0u);
}

TEST(UtcTimestamp, IsNowInIso8601) {
  const std::time_t before = std::time(nullptr);
  const std::string text = utc_timestamp();
  const std::time_t after = std::time(nullptr);
  std::tm parts{};
  EXPECT_EQ(text.size(), 20u);
  EXPECT_EQ(::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts), text.c_str() + 20) << text;
  const std::time_t told = ::timegm(&parts);
  EXPECT_GE(told, before);
  EXPECT_LE(told, after);
}

}  // namespace
}  // namespace ganymede
