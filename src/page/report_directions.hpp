#pragma once

#include "page/html.hpp"
#include "run/run_directory.hpp"

namespace ganymede::page {

/// A page's part on the directions that the run keeps (RUN/directions/NAME.json, S-THEORY T8): of each file its
/// verdict, the attributes, the matrices and the strips along those that are told. Files that cannot be read are named;
/// nothing is added where there is none.
void add_directions(Page& page, const run::RunDirectory& run);

}  // namespace ganymede::page
