#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "cli/bars.hpp"

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
    left_ = n;
    while (stopped()) {
      __ptrace_syscall_info info{};
      ptrace(PTRACE_SETOPTIONS, child_.pid(), nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
      ptrace(PTRACE_GET_SYSCALL_INFO, child_.pid(), sizeof info, &info);
      if (changes_files(info) && --left_ == 0) {
        child_.send(SIGKILL);
        break;
      }
      ptrace(PTRACE_SYSCALL, child_.pid(), nullptr, nullptr);
    }
    return child_.wait();
  }

  /// How many of its calls change a file; -1 if it may not be traced or fails.
  int count_changes() {
    constexpr int kNever = 1 << 30;
    left_ = kNever;
    const Result result = kill_before_change(kNever);
    return result.code == 0 ? kNever - left_ : -1;
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
  int left_ = 0;
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

/// A kind of training: what begins it, and the runs that it makes of a name.
struct Kind {
  const char* name;
  std::vector<std::string> sets;
  const char* recipe = "tiny.toml";
  int seeds = 0;
};

void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"alternating", {"game.update=alternating", "game.d_steps=2"}},
      {"converge", {"game.update=converge", "game.converge_max_steps=2"}},
      {"conditional", {"generator.condition=concat", "discriminator.auxiliary=true"}},
      {"partition", {"latent.sampler=partition"}, "ink.toml"},
      {"settled",
       {"data.source=./bars", "latent.dim=2", "evaluate.map_every=1", "evaluate.map_resolution=8",
        "evaluate.map_stop=1", "evaluate.map_stop_from=1"}},  // after the first of two epochs
      {"seeds", {}, "tiny.toml", 2}};
  return all;
}

/// Those that fit classifiers as they go.
const std::vector<Kind>& measured_kinds() {
  static const std::vector<Kind> all = {
      {"maps", {"latent.dim=2", "evaluate.map_every=1", "evaluate.map_resolution=8", "evaluate.map_stop=1"}},
      {"weak", {"evaluate.every=1"}}};
  return all;
}

struct CrashOfEveryKind : Cli, testing::WithParamInterface<Kind> {
  void SetUp() override {
    write_bars(at("bars"), 120, 60);
    write("ink.toml",
          "schema = 1\n"
          "[data]\nsource = \"builtin-ink\"\nbuiltin_count = 60\ncopies = 1\nper_class = 1\n"
          "[latent]\ndim = 6\n"
          "[generator]\nfamily = \"ink\"\ncondition = \"concat\"\nwidth = 8\ncells = 2\nrecurrent_layers = 1\n"
          "[discriminator]\nfamily = \"ink\"\ncondition = \"concat\"\nwidth = 16\n"
          "[train]\nbatch = 32\nepochs = 2\nsample_grid = 39\n");
  }
  static std::vector<std::string> names(const Kind& kind, const std::string& name) {
    if (kind.seeds == 0) return {name};
    std::vector<std::string> all;
    for (int seed = 1; seed <= kind.seeds; ++seed) all.push_back(name + "-s" + std::to_string(seed));
    return all;
  }
  std::vector<std::string> command(const Kind& kind, const std::string& name) const {
    if (kind.seeds == 0 && fs::exists(run_path(name))) return {"resume", name, "--quiet", "--threads", "1"};
    std::vector<std::string> words = {"train", kind.recipe, "--run", name, "--quiet", "--threads", "1", "--seed", "1"};
    bool made = std::string(kind.recipe) == "tiny.toml";
    if (made) words.insert(words.end(), {"--set", "generator.width=2", "--set", "discriminator.width=2"});
    for (const std::string& set : kind.sets) {
      words.insert(words.end(), {"--set", set});
      made = made && !set.starts_with("data.source=");
    }
    if (made) words.insert(words.end(), {"--set", "data.builtin_count=64"});
    if (kind.seeds > 0) words.insert(words.end(), {"--seeds", std::to_string(kind.seeds)});
    return words;
  }
  /// Kills before each `stride`-th change of a file and before the last three, goes on, and compares.
  void sweep(const Kind& kind, int parts) const {
    SCOPED_TRACE(kind.name);
    fs::remove_all(at("runs"));  // of the kind before
    const Result whole = run(command(kind, "whole"));
    ASSERT_EQ(whole.code, 0) << whole.err;
    const int changes = Traced(folder(), command(kind, "counted")).count_changes();
    if (changes < 0) GTEST_SKIP() << "this system does not let a process be traced";
    ASSERT_GT(changes, 50);
    const int stride = parts > 0 ? std::max(1, changes / parts) : 1;
    const auto after = [&](int n) { return n + stride <= changes - 3 ? n + stride : std::max(n + 1, changes - 2); };
    for (int n = 1 + stride / 2; n <= changes; n = after(n)) {
      SCOPED_TRACE("killed before change " + std::to_string(n) + " of " + std::to_string(changes));
      const Result killed = Traced(folder(), command(kind, "killed")).kill_before_change(n);
      ASSERT_TRUE(killed.code == -SIGKILL || killed.code == 0) << killed.code << ": " << killed.err;
      const Result resumed = run(command(kind, "killed"));
      ASSERT_EQ(resumed.code, 0) << resumed.err;
      const auto wanted = names(kind, "whole");
      const auto found = names(kind, "killed");
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        expect_equal(found[i], wanted[i]);
        EXPECT_EQ(state(found[i]), "finished");
        const auto kept = run::list_checkpoints(run_path(found[i]) / "checkpoints").size();
        EXPECT_EQ(kept, run::list_checkpoints(run_path(wanted[i]) / "checkpoints").size());
        fs::remove_all(run_path(found[i]));
      }
      if (HasFailure()) return;
    }
  }
};

TEST_P(CrashOfEveryKind, KilledHereAndThereItEqualsTheWholeOne) {
  sweep(GetParam(), 3);
}

TEST_P(CrashOfEveryKind, KilledBeforeAnyChangeOfAFileItEqualsTheWholeOneSlow) {
  sweep(GetParam(), 0);
}

std::string name_of_kind(const testing::TestParamInfo<Kind>& kind) {
  return kind.param.name;
}
INSTANTIATE_TEST_SUITE_P(Games, CrashOfEveryKind, testing::ValuesIn(kinds()), name_of_kind);
INSTANTIATE_TEST_SUITE_P(SlowGames, CrashOfEveryKind, testing::ValuesIn(measured_kinds()), name_of_kind);

}  // namespace
}  // namespace ganymede::cli
