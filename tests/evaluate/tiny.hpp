#pragma once

#include "evaluate/reference.hpp"
#include "explore/tiny.hpp"

namespace ganymede::evaluate::testing {

namespace fs = std::filesystem;

using explore::testing::bars;
using explore::testing::write_bars;

/// All tests share the classifier of the bars: the first one fits it.
inline fs::path cache() {
  return fs::path(::testing::TempDir()) / "evaluate-classifiers";
}

struct TinyRuns : explore::testing::TinyRuns {
  using explore::testing::TinyRuns::TinyRuns;
  ReferenceOptions reference_options() const { return {.backend = *session.backend, .threads = 1, .cache = cache()}; }
};

}  // namespace ganymede::evaluate::testing
