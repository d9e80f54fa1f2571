#pragma once

#include <string>

namespace ganymede::app {

/// "0.1.0" and the commit it was built from ("" if unknown). A file of their own: it alone is compiled again for every
/// commit.
std::string version();
std::string commit();

}  // namespace ganymede::app
