#pragma once

#include <functional>
#include <string>

#include "cluster/join.hpp"

namespace ganymede::app {

// A command that several processes carry out, where mpirun or srun started it (docs/scaling.md).

/// Does the work among the others, or alone (null), and leaves together. What one process throws by itself ends the
/// others with it.
int in_team(const std::function<int(cluster::Joined* group)>& work);

/// Alone or in process 0: does it, while the others wait for its end. @throws as cluster::first_does
void first_of(cluster::Joined* group, const std::function<void()>& work);

/// A line that says how many processes there are; empty alone.
std::string words_of(const cluster::Joined* group);

/// Threads of this process where nobody says how many: its share of the cores.
int threads_of(const cluster::Joined* group);

}  // namespace ganymede::app
