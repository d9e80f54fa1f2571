#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

bool changes_files(const __ptrace_syscall_info& info) {
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return false;
  switch (info.entry.nr) {
    case SYS_write:
      return info.entry.args[0] > STDERR_FILENO;
    case SYS_openat:
      return (info.entry.args[2] & O_CREAT) != 0;
#ifdef SYS_rename  // x86; elsewhere there are only those below
    case SYS_mkdir:
    case SYS_rename:
    case SYS_rmdir:
    case SYS_unlink:
#endif
    case SYS_fsync:
    case SYS_ftruncate:
    case SYS_mkdirat:
    case SYS_pwrite64:
    case SYS_renameat:
    case SYS_renameat2:
    case SYS_unlinkat:
      return true;
    default:
      return false;
  }
}

/// The program, run step by step between its calls to the system.
class Traced {
 public:
  Traced(const fs::path& folder, const std::vector<std::string>& arguments)
      : child_(folder, arguments, [] {
          setenv("ASAN_OPTIONS", "detect_leaks=0", 1);  // the leak checker is a tracer itself
          if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(kNotAllowed);
        }) {}

  /// Kills it just before its call number `n` that changes a file; the result is an ordinary end if there are fewer.
  Result kill_before_change(int n) {
    while (stopped()) {
      __ptrace_syscall_info info{};
      ptrace(PTRACE_SETOPTIONS, child_.pid(), nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
      ptrace(PTRACE_GET_SYSCALL_INFO, child_.pid(), sizeof info, &info);
      if (changes_files(info) && --n == 0) {
        child_.send(SIGKILL);
        break;
      }
      ptrace(PTRACE_SYSCALL, child_.pid(), nullptr, nullptr);
    }
    return child_.wait();
  }

  static constexpr int kNotAllowed = 125;

 private:
  bool stopped() const {
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(child_.pid()), &info, WEXITED | WSTOPPED | WNOWAIT);
    if (info.si_code != CLD_TRAPPED) return false;
    int status = 0;
    return waitpid(child_.pid(), &status, 0) > 0;
  }

  Child child_;
};

struct Crash : Cli {
  std::vector<std::string> resume_or_train(const std::string& name) const {
    if (fs::exists(run_path(name))) return {"resume", name, "--quiet", "--threads", "1"};
    return train(name, {"--quiet", "--set", "data.builtin_count=64", "--set", "checkpoint.every_steps=1", "--set",
                        "game.ema_decay=0.9"});
  }
};

/// Killed before every single one of its calls that change a file, then once more while it resumes.
TEST_F(Crash, BeforeAnyChangeOfAFileLeavesARunThatEqualsTheWholeOneSlow) {
  ASSERT_EQ(run(resume_or_train("whole")).code, 0);
  int n = 1;
  for (;; ++n) {
    SCOPED_TRACE("killed before change " + std::to_string(n));
    const Result first = Traced(folder(), resume_or_train("killed")).kill_before_change(n);
    if (first.code == Traced::kNotAllowed) GTEST_SKIP() << "this system does not let a process be traced";
    if (first.code == 0) break;
    ASSERT_EQ(first.code, -SIGKILL) << first.err;
    const Result second = Traced(folder(), resume_or_train("killed")).kill_before_change(1 + 7 * n % 60);
    ASSERT_TRUE(second.code == 0 || second.code == -SIGKILL) << second.code << ": " << second.err;
    const Result last = run(resume_or_train("killed"));
    ASSERT_EQ(last.code, 0) << last.err;
    expect_equal("killed", "whole");
    EXPECT_EQ(state("killed"), "finished");
    if (HasFailure()) return;
    fs::remove_all(run_path("killed"));
  }
  EXPECT_GT(n, 100);
}

}  // namespace
}  // namespace ganymede::cli
