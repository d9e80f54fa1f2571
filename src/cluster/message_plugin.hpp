#pragma once

#include <stdint.h>

// What the program and its plug-in for messages (apps/mpi) know of each other: a table of C functions, found by one
// name in a shared object. The program links no MPI; where mpirun started it, it loads the plug-in, and with it MPI's
// library.

extern "C" {

struct GanymedeMessagePlugin {
  uint32_t abi;         ///< kMessagePluginAbi, first of all
  const char* library;  ///< "Open MPI v4.1.4"
  /// Begins; a sentence that says what failed, or null.
  const char* (*start)(int* rank, int* size);
  /// Sends to and receives from a partner at once, nothing where the bytes are 0. `idle` is called again and again
  /// while it waits; what is not 0 of it ends the wait. 0: done; 1: idle ended it; 2: MPI failed.
  int (*exchange)(int partner, const void* out, int64_t out_bytes, void* in, int64_t in_bytes, int (*idle)(void*),
                  void* context);
  /// Ends, when all processes do.
  void (*finish)();
  /// Ends all processes now, with this exit code.
  void (*abort)(int code);
};

/// The one symbol of the shared object.
using GanymedeMessagePluginEntry = const GanymedeMessagePlugin* (*)();
}

namespace ganymede::cluster {

inline constexpr uint32_t kMessagePluginAbi = 1;
inline constexpr const char* kMessagePluginEntry = "ganymede_message_plugin";
inline constexpr const char* kMessagePluginFile = "libganymede_mpi.so";

}  // namespace ganymede::cluster
