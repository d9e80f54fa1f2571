#pragma once

#include <cstdint>
#include <string>

namespace ganymede {

/// To be asked before memory is taken for what a file's header announces. @throws DataError beginning with `where` if
/// `bytes` are more than this machine has.
void check_memory(std::uint64_t bytes, const std::string& where);

}  // namespace ganymede
