#include "run/recipe.hpp"

#include <algorithm>

namespace ganymede::run {

bool wants_snapshot(const Recipe::Snapshot& snapshot, std::int64_t epoch) {
  if (std::ranges::find(snapshot.epochs, epoch) != snapshot.epochs.end()) {
    return true;
  }
  if (snapshot.every > 0) {
    return epoch % snapshot.every == 0;
  }
  return epoch <= 10 || epoch % (epoch <= 100 ? 5 : 10) == 0;
}

}  // namespace ganymede::run
