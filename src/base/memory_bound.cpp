#include "base/memory_bound.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace ganymede {

void check_memory(std::uint64_t bytes, const std::string& where) {
  if (const std::uint64_t most = physical_memory_bytes(); bytes > most) {
    fail<DataError>("{}: would take {} of memory, more than the {} of this machine", where,
                    human_bytes(static_cast<double>(bytes)), human_bytes(static_cast<double>(most)));
  }
}

}  // namespace ganymede
