#include "base/file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/fresh_folder.hpp"
#include "base/philox.hpp"
#include "base/regular_file.hpp"

namespace ganymede {
namespace {

namespace fs = std::filesystem;
using testing::ChildProcess;
using testing::FreshFolder;

void write_plainly(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

// From here on no file of this process grows beyond `bytes`: writes fail as on a full disk. For children only.
void limit_file_size(rlim_t bytes) {
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  ::signal(SIGXFSZ, SIG_IGN);
}

template <class E>
std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(ReadFile, GivesEveryByte) {
  const FreshFolder folder;
  std::string bytes;
  for (int i = 0; i < 100000; ++i) bytes += static_cast<char>(i * 7);
  for (const std::size_t size : {0, 1, 255, 65535, 65536, 65537, 100000}) {
    write_plainly(folder / "file", bytes.substr(0, size));
    EXPECT_EQ(read_file(folder / "file"), bytes.substr(0, size));
  }
}

TEST(ReadFile, ReadsFilesOfUnknownLength) {
  EXPECT_NE(read_file("/proc/self/status").find("VmHWM"), std::string::npos);
}

TEST(ReadFile, NamesTheFileThatIsMissing) {
  const FreshFolder folder;
  const std::string path = folder / "none";
  EXPECT_EQ(message_of<DataError>([&] { read_file(path); }), path + ": cannot open: No such file or directory");
  EXPECT_EQ(message_of<DataError>([&] { read_file(folder.path()); }),
            folder.path().string() + ": wanted an ordinary file, found a folder");
}

TEST(ReadFile, RefusesPipesAndDevicesAtOnce) {
  const FreshFolder folder;
  const std::string pipe = folder / "pipe", link = folder / "link";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  fs::create_symlink("pipe", link);
  EXPECT_EQ(message_of<DataError>([&] { read_file(pipe); }), pipe + ": wanted an ordinary file, found a pipe");
  EXPECT_EQ(message_of<DataError>([&] { read_file(link); }), link + ": wanted an ordinary file, found a pipe");
  EXPECT_EQ(message_of<DataError>([&] { read_file("/dev/zero"); }),
            "/dev/zero: wanted an ordinary file, found a device");
}

TEST(ReadFile, TakesNoMoreThanItsBound) {
  const FreshFolder folder;
  write_plainly(folder / "file", std::string(2000, 'x'));
  EXPECT_EQ(read_file(folder / "file", 2000).size(), 2000u);
  EXPECT_EQ(message_of<DataError>([&] { read_file(folder / "file", 1999); }),
            (folder / "file").string() + ": wanted a file of at most 1999 bytes, found 2000");
  // A file of unknown length is bounded as it is read; one that is all hole would not fit into any memory.
  EXPECT_TRUE(
      message_of<DataError>([&] { read_file("/proc/self/status", 100); }).ends_with("at most 100 bytes, found 101"));
  write_plainly(folder / "hole", "");
  fs::resize_file(folder / "hole", std::uintmax_t{1} << 42);
  EXPECT_NE(message_of<DataError>([&] { read_file(folder / "hole"); }).find(" bytes, found 4398046511104"),
            std::string::npos);
}

TEST(RegularFile, GivesItsBytesPieceByPiece) {
  const FreshFolder folder;
  write_plainly(folder / "file", "abcdef");
  RegularFile file(folder / "file");
  EXPECT_EQ(file.size(), 6u);
  EXPECT_EQ(file.read(0), "");
  EXPECT_EQ(file.read(4), "abcd");
  EXPECT_EQ(file.read(std::uint64_t{1} << 60), "ef");
  EXPECT_EQ(file.read(1), "");
}

TEST(AtomicFile, AppearsWholeAtCommit) {
  const FreshFolder folder;
  write_plainly(folder / "file", "old");
  AtomicFile file(folder / "file");
  file.write("new ");
  file.write("content");
  EXPECT_EQ(read_file(folder / "file"), "old");
  file.commit();
  EXPECT_EQ(read_file(folder / "file"), "new content");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"file"});
}

TEST(AtomicFile, LeavesNothingWithoutCommit) {
  const FreshFolder folder;
  write_plainly(folder / "file", "old");
  {
    AtomicFile file(folder / "file");
    file.write("new");
    EXPECT_EQ(names_in(folder.path()).size(), 2u);
  }
  EXPECT_EQ(read_file(folder / "file"), "old");
  EXPECT_EQ(names_in(folder.path()).size(), 1u);
}

TEST(AtomicFile, TwoWritersDoNotMix) {
  const FreshFolder folder;
  AtomicFile first(folder / "file"), second(folder / "file");
  first.write("first");
  second.write("second");
  second.commit();
  first.commit();
  EXPECT_EQ(read_file(folder / "file"), "first");
}

TEST(FailFile, TakesAFullDiskForAGuard) {
  for (const int code : {ENOSPC, EDQUOT, EFBIG}) EXPECT_THROW(fail_file("/tmp", "make the folder", code), GuardError);
  EXPECT_THROW(fail_file("/tmp", "make the folder", EACCES), DataError);
  EXPECT_EQ(message_of<DataError>([] { fail_file("/no/such/a.svg", "write", ENOENT); }),
            "/no/such/a.svg: cannot write: there is no folder /no/such: make it, or bring it back if it was moved or "
            "removed");
}

TEST(MakeOwnFolder, RefusesALinkAndAFile) {
  const FreshFolder folder;
  fs::create_directory(folder / "real");
  fs::create_symlink("real", folder / "link");
  write_plainly(folder / "file", "x");
  make_own_folder(folder / "real");
  make_own_folder(folder / "new");
  EXPECT_TRUE(fs::is_directory(folder / "new"));
  EXPECT_THROW(make_own_folder(folder / "link"), DataError);
  EXPECT_THROW(make_own_folder(folder / "file"), DataError);
}

TEST(AtomicFile, ReplacesALinkItselfAndFollowsOneOnRequest) {
  const FreshFolder folder;
  fs::create_directory(folder / "elsewhere");
  write_plainly(folder / "elsewhere/target", "old");
  fs::create_symlink("elsewhere/target", folder / "link");
  write_file_atomically(folder / "link", "new");
  EXPECT_FALSE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "link"), "new");
  EXPECT_EQ(read_file(folder / "elsewhere/target"), "old");
  fs::create_symlink("elsewhere/target", folder / "second");
  write_file_atomically(followed(folder / "second"), "newer");
  EXPECT_TRUE(fs::is_symlink(folder / "second"));
  EXPECT_EQ(read_file(folder / "elsewhere/target"), "newer");
}

TEST(AtomicFile, RefusesWhatIsNoFile) {
  const FreshFolder folder;
  EXPECT_THROW(write_file_atomically("/dev/null", "x"), DataError);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_THROW(write_file_atomically(folder.path(), "x"), DataError);
  EXPECT_THROW(write_file_atomically(folder / "missing/file", "x"), DataError);
}

TEST(AtomicFile, WritesIntoTheWorkingFolder) {
  const FreshFolder folder;
  ChildProcess child([&] {
    fs::current_path(folder.path());
    write_file_atomically("file", "x");
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(read_file(folder / "file"), "x");
}

TEST(AtomicFile, FullDiskIsAGuardErrorAndKeepsTheOldFile) {
  const FreshFolder folder;
  const std::string path = folder / "file";
  write_plainly(path, "old");
  ChildProcess child([&] {
    limit_file_size(1000);
    const std::string message = message_of<GuardError>([&] { write_file_atomically(path, std::string(100000, 'x')); });
    const bool clear = message.starts_with(path + ": cannot write: File too large (") &&
                       message.find("B free there)") != std::string::npos;
    return clear ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"file"});
}

TEST(AtomicFile, KillAtAnyMomentLeavesOldOrNew) {
  const FreshFolder folder;
  const std::string a(300000, 'a'), b(200000, 'b');
  write_file_atomically(folder / "file", a);
  RandomSequence random(Random(1, "test"), 0);
  int partial = 0;
  for (int round = 0; round < 25; ++round) {
    ChildProcess child([&] {
      for (;;) {
        write_file_atomically(folder / "file", b);
        write_file_atomically(folder / "file", a);
      }
      return 0;
    });
    ::usleep(1000 + random.below(15000));
    child.kill();
    const std::string found = read_file(folder / "file");
    EXPECT_TRUE(found == a || found == b) << found.size();
    partial += remove_stale_temporaries(folder.path());
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"file"});
  }
  EXPECT_GT(partial, 0) << "no kill met a writer at work: the test proved nothing";
}

TEST(RemoveStaleTemporaries, LeavesLivingWritersAlone) {
  const FreshFolder folder;
  AtomicFile file(folder / "alive");
  file.write("x");
  write_plainly(folder / "dead.123-4.partial", "y");
  write_plainly(folder / "other", "z");
  for (const char* foreign : {"foreign.partial", "a.b-4.partial", "a.12.partial", "a.-.partial", ".1-1.partial"})
    write_plainly(folder / foreign, "theirs");
  EXPECT_EQ(remove_stale_temporaries(folder.path()), 1);
  file.commit();
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{".1-1.partial", "a.-.partial", "a.12.partial",
                                                               "a.b-4.partial", "alive", "foreign.partial", "other"}));
  EXPECT_EQ(remove_stale_temporaries(folder / "missing"), 0);
}

TEST(AppendFile, AppendsLinesAndKnowsItsLength) {
  const FreshFolder folder;
  {
    AppendFile log(folder / "log");
    EXPECT_EQ(log.length(), 0u);
    log.append_line("one");
    log.append_line("");
    EXPECT_EQ(log.length(), 5u);
    log.sync();
  }
  AppendFile log(folder / "log");
  EXPECT_EQ(log.length(), 5u);
  log.append_line("two");
  EXPECT_EQ(read_file(folder / "log"), "one\n\ntwo\n");
}

TEST(AppendFile, GoesOnAfterACut) {
  const FreshFolder folder;
  AppendFile log(folder / "log");
  log.append_line("kept");
  const std::uint64_t length = log.length();
  log.append_line("lost");
  log.truncate(length);
  log.append_line("new");
  EXPECT_EQ(read_file(folder / "log"), "kept\nnew\n");
  EXPECT_EQ(message_of<DataError>([&] { log.truncate(100); }),
            (folder / "log").string() + ": wanted at least 100 bytes, found 9: it has lost lines");
}

TEST(AppendFile, FullDiskLosesNoCompleteLine) {
  const FreshFolder folder;
  ChildProcess child([&] {
    AppendFile log(folder / "log");
    log.append_line("complete");
    limit_file_size(12);
    try {
      log.append_line("does not fit");
    } catch (const GuardError&) {
      return log.length() == 9 ? 0 : 1;
    }
    return 2;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(read_file(folder / "log"), "complete\n");
}

TEST(AppendFile, ReplacesALinkByACopyOfItsOwn) {
  const FreshFolder folder;
  write_file_atomically(folder / "theirs", "one\n");
  fs::create_symlink(folder / "theirs", folder / "log");
  AppendFile log(folder / "log");
  log.append_line("two");
  EXPECT_EQ(read_file(folder / "log"), "one\ntwo\n");
  EXPECT_EQ(read_file(folder / "theirs"), "one\n");
  EXPECT_FALSE(fs::is_symlink(folder / "log"));
}

// A backup made of hard links, as by `cp -al`, keeps what it holds.
TEST(AppendFile, ReplacesAFileOfSeveralNamesByACopyOfItsOwn) {
  const FreshFolder folder;
  write_file_atomically(folder / "log", "one\ntwo\n");
  fs::create_hard_link(folder / "log", folder / "backup");
  AppendFile log(folder / "log");
  log.truncate(4);
  log.append_line("three");
  EXPECT_EQ(read_file(folder / "log"), "one\nthree\n");
  EXPECT_EQ(read_file(folder / "backup"), "one\ntwo\n");
}

TEST(AppendFile, RefusesADevice) {
  EXPECT_EQ(message_of<DataError>([] { AppendFile log("/dev/full"); }),
            "/dev/full: wanted an ordinary file to append to, found something else there");
}

}  // namespace
}  // namespace ganymede
