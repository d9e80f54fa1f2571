#include <CLI/CLI.hpp>

#include "command.hpp"
#include "study_command.hpp"

namespace ganymede::app {
Action set_up_study(CLI::App& command) {
  command.require_subcommand(1);
  const auto chosen = std::make_shared<Action>();
  const auto add = [&](const char* name, const char* sentence, Action (*set_up)(CLI::App&)) {
    CLI::App* study = command.add_subcommand(name, sentence);
    study->callback([chosen, action = set_up(*study)] { *chosen = action; });
  };
  add("ink", "S-INK: does a partitioned latent space help on vector handwriting?", set_up_study_ink);
  add("dims", "S-LATENT: 2, 3 and 4 latent dimensions, and the conditional model", set_up_study_dims);
  add("activations", "S-LATENT: activation functions in G, on digits", set_up_study_activations);
  add("landscapes", "S-LATENT: activation functions in G, on landscapes", set_up_study_landscapes);
  add("dcgan", "S-DCGAN: how the losses of a DCGAN move", set_up_study_dcgan);
  command.footer(
      "A study trains what is missing of its runs, measures them and writes one page, report.html. It can be stopped "
      "with Ctrl-C and called again.\nExample: ganymede study ink --quick");
  return [chosen] { return (*chosen)(); };
}

}  // namespace ganymede::app
