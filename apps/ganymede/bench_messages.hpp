#pragma once

#include "cluster/join.hpp"
#include "run/networks.hpp"
#include "shared.hpp"

namespace ganymede::app {

/// What messages between the processes of mpirun cost: the time of the smallest, the rate of large ones, and the sum of
/// a step's gradients of these networks. Says it in process 0. @throws UserError where there is one process, or a
/// number of them that is no power of two
int bench_messages(const run::Networks& networks, const Output& output, cluster::Joined* group);

}  // namespace ganymede::app
