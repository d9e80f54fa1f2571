#include "bench/machine.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/thread_pool.hpp"

extern char** environ;

namespace ganymede::bench {
namespace {

/// A child whose words nobody reads.
struct QuietChild {
  QuietChild() {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  }
  ~QuietChild() { posix_spawn_file_actions_destroy(&actions); }
  QuietChild(const QuietChild&) = delete;
  QuietChild& operator=(const QuietChild&) = delete;
  posix_spawn_file_actions_t actions;
};

}  // namespace

Spread measure_peak(kernels::PeakKind kind, int threads, const Budget& budget) {
  constexpr int kRounds = 5;
  const double seconds = budget.seconds / kRounds;
  ThreadPool pool(threads);
  std::vector<double> rates;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> rate(static_cast<std::size_t>(pool.size()));
    pool.run(pool.size(), [&](std::int64_t i, int) { rate[i] = kernels::measure_peak(kind, seconds); });
    if (*std::min_element(rate.begin(), rate.end()) <= 0) return {};
    double sum = 0;
    for (const double r : rate) sum += r;
    rates.push_back(sum);
    if (budget.on_repetition) budget.on_repetition(round + 1);
  }
  return spread_of(rates);
}

Spread measure_start(const std::filesystem::path& program, const Budget& budget) {
  const std::string path = program.string();
  char version[] = "--version";
  char* const arguments[] = {const_cast<char*>(path.c_str()), version, nullptr};
  const QuietChild files;
  const auto seconds = repeat(budget, [&] {
    pid_t child = 0;
    int status = -1;
    const int error = posix_spawn(&child, path.c_str(), &files.actions, nullptr, arguments, environ);
    if (error != 0 || waitpid(child, &status, 0) != child || status != 0) fail<Error>("cannot run {} --version", path);
  });
  return spread_of(seconds);
}

std::filesystem::path this_program() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

}  // namespace ganymede::bench
