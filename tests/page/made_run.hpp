#pragma once

#include <fmt/format.h>

#include <fstream>
#include <string>

#include "base/fresh_folder.hpp"
#include "picture/png.hpp"
#include "run/run_directory.hpp"

namespace ganymede::page::testing {

/// Runs as training leaves them, without training.
struct MadeRuns {
  ganymede::testing::FreshFolder root;
  run::Recipe recipe;

  MadeRuns() {
    recipe.name = "tiny";
    recipe.train.epochs = 1;
  }

  /// A finished run of one epoch of five steps of 64 images: its events, a picture of each epoch and a grid.
  run::RunDirectory make(const std::string& name) const {
    const run::RunInfo info{.state = run::RunState::finished,
                            .recipe = recipe.name,
                            .seed = 1,
                            .threads = 1,
                            .epoch = 1,
                            .step = 5,
                            .images = 320,
                            .total_steps = 5,
                            .seconds = 2};
    run::RunDirectory run = run::RunDirectory::create(root / "runs", name, recipe, info);
    write_events(run.events_path());
    for (const char* picture : {"epoch-0000.png", "epoch-0001.png", "grid-0001.png"})
      picture::write_png(run.samples() / picture, picture::Image(32, 32, 1));
    return run;
  }

 private:
  static void write_events(const std::filesystem::path& path) {
    std::ofstream events(path);
    events << R"({"event": "start", "images": 0, "images_per_epoch": 320})"
           << "\n";
    for (int step = 1; step <= 5; ++step) {
      const std::string means = fmt::format(
          R"("step": {}, "images": {}, "generator_loss": {}, "discriminator_loss": {}, "real_accuracy": 0.75,)"
          R"( "fake_accuracy": 0.5, "generator_gradient_norm": 1.5, "discriminator_gradient_norm": 2.5)",
          step, 64 * step, 0.7 + 0.1 * step, 1.4 - 0.1 * step);
      events << "{\"event\": \"step\", " << means << "}\n";
      if (step == 5) events << "{\"event\": \"epoch\", \"epoch\": 1, " << means << "}\n";
    }
  }
};

}  // namespace ganymede::page::testing
