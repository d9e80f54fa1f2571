#include "serve/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/lock.hpp"
#include "base/text.hpp"
#include "run/recipe_file.hpp"
#include "serve/confined.hpp"
#include "serve/message.hpp"

namespace ganymede::serve {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMostInfo = 1 << 20, kMostRecipe = 1 << 22;  // bytes

bool is_served(const fs::path& folder) {
  return open_confined(folder, {"run.json"}) || open_confined(folder, {run::kLockFile});
}

// No link is followed to the lock either.
bool is_held(const fs::path& folder) {
  return open_confined(folder, {run::kLockFile}) && FileLock::holder(folder / run::kLockFile).has_value();
}

}  // namespace

Catalogue::Catalogue(fs::path root, const std::vector<fs::path>& chosen)
    : root_(std::move(root)), all_(chosen.empty()) {
  for (const fs::path& path : chosen) {
    const fs::path folder = fs::canonical(path);
    const auto [at, is_new] = chosen_.emplace(folder.filename().string(), folder);
    if (!is_new && at->second != folder) {
      fail<ConfigError>("two runs are named {}: {} and {}; serve them one at a time", at->first, at->second.string(),
                        folder.string());
    }
  }
}

std::vector<std::string> Catalogue::names() const {
  std::vector<std::string> names;
  if (all_) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(root_, ignored)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with('.') && is_served(entry.path())) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
  }
  const std::lock_guard lock(mutex_);
  for (const auto& [name, folder] : chosen_) {
    if (is_served(folder)) names.push_back(name);
  }
  return names;
}

fs::path Catalogue::folder_of(const std::string& name) const {
  fs::path folder;
  if (all_) {
    const bool plain =
        !name.empty() && !name.starts_with('.') && name.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
    if (plain) folder = root_ / name;
  } else {
    const std::lock_guard lock(mutex_);
    if (const auto found = chosen_.find(name); found != chosen_.end()) folder = found->second;
  }
  if (!folder.empty() && is_served(folder)) return folder;
  throw HttpError(404, fmt::format("there is no run \"{}\"{}", name, did_you_mean(name, names())));
}

bool Catalogue::somebody_trains() const {
  return std::ranges::any_of(names(), [&](const std::string& name) {
    try {
      return is_held(folder_of(name));
    } catch (const HttpError&) {  // it went away meanwhile
      return false;
    }
  });
}

bool Catalogue::is_taken(const std::string& name) const {
  if (fs::exists(fs::symlink_status(root_ / name))) return true;
  const std::lock_guard lock(mutex_);
  const auto found = chosen_.find(name);
  return found != chosen_.end() && fs::exists(fs::symlink_status(found->second));
}

std::string Catalogue::next_name(const std::string& recipe) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> taken;
  for (const auto& [name, folder] : chosen_) taken.push_back(name);
  return run::next_run_name(root_, recipe, std::move(taken));
}

void Catalogue::add(const std::string& name) {
  if (all_) return;
  const std::lock_guard lock(mutex_);
  chosen_.insert_or_assign(name, root_ / name);
}

RunView look_at(const fs::path& folder) {
  RunView view;
  view.alive = is_held(folder);  // asked before and after: who starts or ends meanwhile must not look interrupted
  try {
    const auto text = read_confined(folder, {"run.json"}, kMostInfo);
    if (!text) fail<DataError>("run.json is missing, no file of its own, or far too long");
    view.info = run::run_info_from_json(*text, folder.filename().string() + "/run.json");
  } catch (const Error& error) {
    view.state = "damaged";
    view.fault = error.what();
    return view;
  }
  view.alive = view.alive || is_held(folder);
  view.state = run::state_text(*view.info, view.alive);
  return view;
}

run::Recipe recipe_of(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const auto text = read_confined(folder, {"recipe.toml"}, kMostRecipe);
  if (!text) throw HttpError(404, fmt::format("{}/recipe.toml is missing, or no file of its own", name));
  return run::parse_recipe(*text, name + "/recipe.toml");
}

}  // namespace ganymede::serve
