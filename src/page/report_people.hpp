#pragma once

#include "page/html.hpp"
#include "run/run_directory.hpp"

namespace ganymede::page {

/// A page's part on what people find (S-THEORY T7): for each set of weights that people judged how many fakes they
/// found, by person and class, how far they agree, and beside it what classifiers told rightly of the same weights.
/// Files that cannot be read are named; nothing is added where nobody judged.
void add_people(Page& page, const run::RunDirectory& run);

}  // namespace ganymede::page
