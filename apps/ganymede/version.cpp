#include "version.hpp"

#include "commit.hpp"

namespace ganymede::app {

std::string version() {
  return GANYMEDE_VERSION;
}
std::string commit() {
  return kCommit;
}

}  // namespace ganymede::app
