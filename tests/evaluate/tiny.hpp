#pragma once

#include "evaluate/reference.hpp"
#include "explore/tiny.hpp"

namespace ganymede::evaluate::testing {

namespace fs = std::filesystem;

using explore::testing::bars;
using explore::testing::write_bars;

/// All tests share the classifier of the bars.
inline const fs::path& cache() {
  static const ganymede::testing::FreshFolder folder;
  return folder.path();
}

struct TinyRuns : explore::testing::TinyRuns {
  using explore::testing::TinyRuns::TinyRuns;
  ReferenceOptions reference_options() const { return {.backend = *session.backend, .threads = 1, .cache = cache()}; }
};

}  // namespace ganymede::evaluate::testing
