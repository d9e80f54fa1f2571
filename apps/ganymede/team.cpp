#include "team.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <memory>

#include "base/signal.hpp"
#include "base/thread_pool.hpp"
#include "shared.hpp"

namespace ganymede::app {

int in_team(const std::function<int(cluster::Joined* group)>& work) {
  const std::unique_ptr<cluster::Joined> group = cluster::join();
  if (group == nullptr) return work(nullptr);
  stop_on_signal(SIGUSR1);  // which mpirun and srun hand on without a time limit of their own
  try {
    const int code = work(group.get());
    group->leave();
    return code;
  } catch (...) {
    if (group->failed_together) group->leave();
    throw;
  }
}

void first_of(cluster::Joined* group, const std::function<void()>& work) {
  group == nullptr ? work() : cluster::first_does(*group, work);
}

int threads_of(const cluster::Joined* group) {
  return group == nullptr ? 0 : std::max(1, physical_cores() / group->sharing());
}

std::string words_of(const cluster::Joined* group) {
  return group == nullptr ? "" : fmt::format("processes: {} (mpirun), the batch is shared\n", group->size());
}

train::SessionOptions session_options(const MachineArguments& arguments, const Output& output, cluster::Joined* group) {
  if (group == nullptr) return session_options(arguments, output);
  MachineArguments machine = arguments;
  if (machine.threads == 0) machine.threads = threads_of(group);
  Output its = output;
  if (!group->is_first()) its.quiet = true;
  train::SessionOptions options = session_options(machine, its);
  options.group = group;
  if (!group->is_first()) options.observers.clear();
  return options;
}

}  // namespace ganymede::app
