#include "run/recipe.hpp"

#include <algorithm>
#include <filesystem>

#include "data/catalogue.hpp"

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

void make_absolute(Recipe& recipe) {
  const auto make = [](std::string& path) {
    std::error_code ignored;
    if (!path.empty() && std::filesystem::exists(path, ignored))
      path = std::filesystem::absolute(path).lexically_normal().string();
  };
  if (data::find_source(recipe.data.source) == nullptr) make(recipe.data.source);
  make(recipe.latent.partition);
  make(recipe.train.from);
}

}  // namespace ganymede::run
