#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "cluster/message_plugin.hpp"

// MPI behind the program's small table of functions. Messages are sent and received without blocking and then asked for
// in turn, so that the program can look whether its partner is still alive while it waits.

namespace {

constexpr std::int64_t kLargestMessage = std::int64_t{1} << 30;  // MPI counts in int
constexpr int kTag = 1;

char library_name[MPI_MAX_LIBRARY_VERSION_STRING];
char problem[MPI_MAX_ERROR_STRING + 64];

const char* start(int* rank, int* size) {
  // A sum may go between the processes from a thread beside the one that computes; never from two at once.
  int given = 0;
  if (const int code = MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &given); code != MPI_SUCCESS) {
    int length = 0;
    MPI_Error_string(code, problem, &length);
    return problem;
  }
  if (given < MPI_THREAD_SERIALIZED) return "MPI gives no MPI_THREAD_SERIALIZED: it was built without threads";
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_rank(MPI_COMM_WORLD, rank);
  MPI_Comm_size(MPI_COMM_WORLD, size);
  return nullptr;
}

int exchange_one(int partner, const char* out, int out_bytes, char* in, int in_bytes, int (*idle)(void*),
                 void* context) {
  MPI_Request requests[2] = {MPI_REQUEST_NULL, MPI_REQUEST_NULL};
  if (in_bytes > 0 && MPI_Irecv(in, in_bytes, MPI_BYTE, partner, kTag, MPI_COMM_WORLD, &requests[0]) != MPI_SUCCESS) {
    return 2;
  }
  if (out_bytes > 0 &&
      MPI_Isend(out, out_bytes, MPI_BYTE, partner, kTag, MPI_COMM_WORLD, &requests[1]) != MPI_SUCCESS) {
    return 2;
  }
  for (int done = 0;;) {
    if (MPI_Testall(2, requests, &done, MPI_STATUSES_IGNORE) != MPI_SUCCESS) return 2;
    if (done != 0) return 0;
    if (idle(context) != 0) return 1;
  }
}

int exchange(int partner, const void* out, int64_t out_bytes, void* in, int64_t in_bytes, int (*idle)(void*),
             void* context) {
  const auto* sent = static_cast<const char*>(out);
  auto* received = static_cast<char*>(in);
  while (out_bytes > 0 || in_bytes > 0) {
    const auto some_out = static_cast<int>(std::min<std::int64_t>(out_bytes, kLargestMessage));
    const auto some_in = static_cast<int>(std::min<std::int64_t>(in_bytes, kLargestMessage));
    if (const int code = exchange_one(partner, sent, some_out, received, some_in, idle, context); code != 0)
      return code;
    sent += some_out;
    received += some_in;
    out_bytes -= some_out;
    in_bytes -= some_in;
  }
  return 0;
}

void finish() {
  MPI_Finalize();
}

void abort_all(int code) {
  MPI_Abort(MPI_COMM_WORLD, code);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const GanymedeMessagePlugin* ganymede_message_plugin() {
  int length = 0;
  MPI_Get_library_version(library_name, &length);  // allowed before MPI_Init
  if (char* const end = std::strpbrk(library_name, ",\n")) *end = '\0';
  static const GanymedeMessagePlugin plugin{.abi = ganymede::cluster::kMessagePluginAbi,
                                            .library = library_name,
                                            .start = start,
                                            .exchange = exchange,
                                            .finish = finish,
                                            .abort = abort_all};
  return &plugin;
}
