#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/fresh_folder.hpp"
#include "run/recipe_file.hpp"
#include "run/run_directory.hpp"
#include "serve/client.hpp"
#include "serve/server.hpp"

namespace ganymede::serve {

namespace fs = std::filesystem;

inline void write(const fs::path& path, const std::string& text, bool append = false) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, append ? std::ios::app : std::ios::trunc) << text;
}

/// A step's event as training writes it.
inline std::string step_line(int step) {
  return "{\"event\": \"step\", \"step\": " + std::to_string(step) +
         ", \"epoch\": 0, \"images\": " + std::to_string(32 * step) +
         ", \"generator_loss\": 0.5, \"discriminator_loss\": " + std::to_string(step) +
         ", \"time_images_per_second\": 100.0}\n";
}

/// A folder of runs, and a server over it.
struct Served : ::testing::Test {
  Served() {
    options.root = folder.path();
    options.version = "test";
    options.limits.poll = std::chrono::milliseconds(20);
  }

  /// A run as training leaves it; locked, and so alive, as long as the object is kept.
  run::RunDirectory make_run(const std::string& name, run::RunState state = run::RunState::finished,
                             const std::vector<std::string>& sets = {}) const {
    run::Recipe recipe = run::find_recipe("quick");
    run::apply_sets(recipe, sets);
    run::RunInfo info;
    info.state = state;
    info.recipe = "quick";
    info.seed = 7;
    info.epoch = 1;
    info.step = 10;
    info.images = 320;
    info.total_steps = 20;
    run::RunDirectory run = run::RunDirectory::create(folder, name, recipe, info);
    write(run.events_path(), "{\"event\": \"start\", \"step\": 0}\n");
    write(run.samples() / "latest.png", "a picture");
    return run;
  }

  void start() {
    server = std::make_unique<Server>(options);
    port = server->port();
  }
  Answer get(const std::string& target, const Headers& headers = {}) const { return serve::get(port, target, headers); }
  /// With the token.
  Answer control(const nlohmann::json& wanted) const {
    return ask(port, "POST", "/api/v1/control", {{"X-Ganymede-Token", server->token()}}, wanted.dump());
  }

  ganymede::testing::FreshFolder folder;
  ServerOptions options;
  std::unique_ptr<Server> server;
  int port = 0;
};

}  // namespace ganymede::serve
