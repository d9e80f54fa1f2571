#include <fmt/format.h>

#include "base/progress.hpp"
#include "base/signal.hpp"
#include "base/wording.hpp"
#include "study_command.hpp"
#include "team.hpp"

namespace ganymede::app {

bool train_teams(const std::vector<train::PlannedTeam>& teams, const std::filesystem::path& root,
                 const StudyArguments& arguments, cluster::Joined* group) {
  install_stop_handlers();
  train::TeamOptions options{.session = session_options(arguments.machine, arguments.output)};
  if (group != nullptr && options.session.threads == 0) options.session.threads = threads_of(group);
  const auto say = options.session.say;
  options.session.say = {};
  options.session.progress = ProgressStyle::quiet;  // one bar for all teams
  // Its share: every so many-th team.
  const int share = group != nullptr ? group->rank() : arguments.part.number - 1,
            shares = group != nullptr ? group->size() : arguments.part.of;
  std::vector<const train::PlannedTeam*> own;
  for (std::size_t i = 0; i < teams.size(); ++i) {
    if (static_cast<int>(i % static_cast<std::size_t>(shares)) == share) own.push_back(&teams[i]);
  }
  double all = 0, done = 0;
  for (const train::PlannedTeam* team : own) all += static_cast<double>(team->rounds());
  Progress progress("training", all, {.style = arguments.output.style(), .unit = "rounds"});
  options.on_round = [&](const train::PlannedTeam& team, std::int64_t round) {
    progress.update(done + static_cast<double>(round - 1), team.name);
  };
  bool paused = false;
  for (const train::PlannedTeam* team : own) {
    paused = train::train_team(root, *team, options) == train::TeamState::paused;
    if (paused) break;
    done += static_cast<double>(team->rounds());
    progress.update(done, team->name);
  }
  progress.finish();
  if (group != nullptr) paused = cluster::any_of(*group, paused ? 1 : 0) != 0;
  if (paused && say && (group == nullptr || group->is_first())) say("interrupted; the same command goes on from here");
  return !paused;
}

}  // namespace ganymede::app
