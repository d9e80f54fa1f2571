#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cluster/group.hpp"

namespace ganymede::cluster {

/// This process among those that one mpirun or srun started.
class Joined : public Group {
 public:
  /// Processes on this machine that may run on the same cores, this one included: between them they divide the cores.
  virtual int sharing() const = 0;
  /// "node7"
  virtual const std::string& machine() const = 0;
  /// At the end of all work, in every process; without it the others are ended with this one.
  virtual void leave() = 0;
};

/// How many processes this one was started with by mpirun or srun, as the environment says (OMPI_COMM_WORLD_SIZE,
/// PMI_SIZE, and PMIX_RANK with SLURM_STEP_NUM_TASKS); 1 where nobody says so. No library is loaded.
int processes_started();

/// Joins the others; null where it was started alone. Loads the plug-in (message_plugin.hpp), and with it MPI.
/// @throws ConfigError where there is no plug-in
std::unique_ptr<Joined> join();

/// Where the plug-in is: the file that $GANYMEDE_MPI names, else beside the program or in ../lib*/ganymede; empty: not
/// there.
std::filesystem::path plugin_file();

/// What loading it says, for `doctor`: the library's name; @throws ConfigError with the reason why not.
std::string plugin_library();

}  // namespace ganymede::cluster
