#include <fmt/format.h>

#include "base/progress.hpp"
#include "base/signal.hpp"
#include "base/wording.hpp"
#include "study_command.hpp"

namespace ganymede::app {

bool train_teams(const std::vector<train::PlannedTeam>& teams, const std::filesystem::path& root,
                 const StudyArguments& arguments) {
  install_stop_handlers();
  train::TeamOptions options{.session = session_options(arguments.machine, arguments.output)};
  const auto say = options.session.say;
  options.session.say = {};
  options.session.progress = ProgressStyle::quiet;  // one bar for all teams
  double all = 0, done = 0;
  for (const train::PlannedTeam& team : teams) all += static_cast<double>(team.rounds());
  Progress progress("training", all, {.style = arguments.output.style(), .unit = "rounds"});
  options.on_round = [&](const train::PlannedTeam& team, std::int64_t round) {
    progress.update(done + static_cast<double>(round - 1), team.name);
  };
  for (const train::PlannedTeam& team : teams) {
    if (train::train_team(root, team, options) == train::TeamState::paused) {
      progress.finish();
      if (say) say("interrupted; the same command goes on from here");
      return false;
    }
    done += static_cast<double>(team.rounds());
    progress.update(done, team.name);
  }
  progress.finish();
  return true;
}

}  // namespace ganymede::app
