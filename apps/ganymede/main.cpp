#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "base/console.hpp"
#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "cluster/group.hpp"
#include "command.hpp"
#include "shared.hpp"
#include "tuned_plan.hpp"
#include "usage.hpp"

namespace ganymede::app {
namespace {

struct Command {
  const char* name;
  const char* sentence;
  Action (*set_up)(CLI::App& command);
};

constexpr Command kCommands[] = {
    {"train", "Train the networks of a recipe", set_up_train},
    {"resume", "Go on with a run that was paused, killed or shall become longer", set_up_resume},
    {"sample", "Draw pictures with a trained generator", set_up_sample},
    {"film", "Make a film of a run, one frame an epoch", set_up_film},
    {"evaluate", "Score runs, or pictures that others made, against real data", set_up_evaluate},
    {"compare", "Say which of two sets of runs is better, or that it cannot be told", set_up_compare},
    {"report", "Write the page of a run, or of a study again from its results", set_up_report},
    {"map", "Map a latent space by the class of its pictures", set_up_map},
    {"classifier", "Fit the classifier of a run's data, or show it", set_up_classifier},
    {"interpolate", "Walk from one z to another: a strip or a film, and the classes crossed", set_up_interpolate},
    {"dissect", "Look at every layer's activations, and take some of them away", set_up_dissect},
    {"directions", "Find the directions of a latent space that change an attribute", set_up_directions},
    {"edit", "Move a sample along a direction: a strip, a film, or a grid of two", set_up_edit},
    {"invert", "Find the z of real pictures; of a set: is it memorised, is it covered", set_up_invert},
    {"surface", "The losses over two directions of the weights: picture, film, JSON", set_up_surface},
    {"judge", "Ask people which picture is the fake, and say how often they find it", set_up_judge},
    {"write", "Write a text in the hand of a trained ink model, as SVG or PNG", set_up_write},
    {"export", "Put a trained generator into one HTML page, or its networks into other programs", set_up_export},
    {"import", "Make a run of a generator that PyTorch or Keras trained", set_up_import},
    {"describe", "Show the networks of a recipe: layers, shapes, parameters, kernels", set_up_describe},
    {"check", "Hold the engine's next steps of a run against the plain reference", set_up_check},
    {"options", "List every key of a recipe with range, default and meaning", set_up_options},
    {"runs", "List the runs, their disk space, or delete some", set_up_runs},
    {"data", "List, show or download data sets", set_up_data},
    {"partition", "Cut a latent space by class, and show what samplers make of it", set_up_partition},
    {"study", "Reproduce a study: train, measure, write its report", set_up_study},
    {"sweep", "Train a recipe with several values of its keys, and say which are best", set_up_sweep},
    {"serve", "Show the runs to a browser, live, and start, pause and fork them", set_up_serve},
    {"bench", "Measure how fast this machine trains and draws", set_up_bench},
    {"doctor", "Say what this machine offers and what is missing, or what ails a run", set_up_doctor},
    {"completion", "Print the shell's completion script", set_up_completion},
    {"man-pages", "Write the manual pages", set_up_man_pages},
};

int dispatch(int argc, char** argv) {
  CLI::App app("Ganymede trains generative adversarial networks on the CPU, watches them learn and measures them.",
               "ganymede");
  app.formatter(narrow_help());
  app.set_version_flag("--version", version_line);
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Action>> actions;
  for (const Command& entry : kCommands) {
    CLI::App* command = app.add_subcommand(entry.name, entry.sentence);
    actions.emplace_back(command, entry.set_up(*command));
  }
  app.footer(
      "`ganymede COMMAND --help` explains a command. Begin with: ganymede train quick");  // after the commands, which
                                                                                          // would inherit it
  tidy(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return explain(app, error);
  }
  apply_tuned_plan();
  for (const auto& [command, action] : actions) {
    if (command->parsed()) return action();
  }
  return 0;
}

}  // namespace
}  // namespace ganymede::app

int main(int argc, char** argv) {
  ganymede::open_standard_descriptors();
  ganymede::make_file_limits_errors();
  try {
    if (argc > 0) ganymede::app::program_name() = ganymede::app::shortest_name(argv[0]);
    return ganymede::app::dispatch(argc, argv);
  } catch (const ganymede::cluster::SaidByFirst& error) {
    return error.exit_code();
  } catch (const ganymede::Error& error) {
    ganymede::tell("ganymede: {}", ganymede::printable(error.what()));
    return error.exit_code();
  } catch (const std::bad_alloc&) {
    ganymede::tell(
        "ganymede: out of memory: fewer or smaller samples at once (train.batch, --n, --resolution) need less");
    return 3;
  } catch (const std::exception& error) {
    ganymede::tell("ganymede: internal error: {}", error.what());
    return 1;
  }
}
