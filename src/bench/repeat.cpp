#include "bench/repeat.hpp"

#include <chrono>

namespace ganymede::bench {

std::vector<double> repeat(const Budget& budget, const std::function<void()>& work) {
  const auto steady = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  const std::function<double()> now = budget.clock ? budget.clock : steady;
  for (int i = 0; i < budget.warm_up; ++i) work();
  if (budget.after_warm_up) budget.after_warm_up();
  std::vector<double> seconds;
  double spent = 0;
  for (int i = 0; i < budget.most && (i < budget.least || spent < budget.seconds); ++i) {
    const double begin = now();
    work();
    seconds.push_back(now() - begin);
    spent += seconds.back();
    if (budget.on_repetition) budget.on_repetition(i + 1);
  }
  return seconds;
}

}  // namespace ganymede::bench
