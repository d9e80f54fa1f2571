#include "serve/control.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "run/checkpoint.hpp"
#include "run/fork.hpp"
#include "run/recipe_file.hpp"
#include "serve/api.hpp"
#include "serve/confined.hpp"
#include "serve/digest.hpp"
#include "serve/message.hpp"
#include "serve/recipe_json.hpp"

namespace ganymede::serve {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

constexpr double kLongest = 1e7;  // minutes, as --minutes allows
constexpr auto kTick = std::chrono::milliseconds(20);

std::string text_in(const Json& wanted, const char* name) {
  const auto found = wanted.find(name);
  if (found == wanted.end()) return "";
  if (!found->is_string()) throw HttpError(400, fmt::format("\"{}\" must be a text", name));
  return found->get<std::string>();
}

std::string required_text(const Json& wanted, const char* name) {
  std::string text = text_in(wanted, name);
  if (text.empty()) throw HttpError(400, fmt::format("\"{}\" is missing", name));
  return text;
}

// {"--minutes", "5"} if there are any.
std::vector<std::string> minutes_in(const Json& wanted) {
  const auto found = wanted.find("minutes");
  if (found == wanted.end() || found->is_null()) return {};
  const double minutes = found->is_number() ? found->get<double>() : 0;
  if (!(minutes > 0 && minutes <= kLongest))
    throw HttpError(400, fmt::format("\"minutes\" must be a number above 0, and {:.0f} at most", kLongest));
  return {"--minutes", fmt::format("{}", minutes)};
}

std::vector<std::string> threads_in(const Json& wanted) {
  const auto found = wanted.find("threads");
  if (found == wanted.end() || found->is_null()) return {};
  const bool legal = found->is_number_unsigned() && found->get<std::uint64_t>() <= 1024;
  if (!legal) throw HttpError(400, "\"threads\" must be a whole number from 0 to 1024");
  return {"--threads", std::to_string(found->get<int>())};
}

std::vector<std::string> sets_in(const Json& wanted) {
  std::vector<std::string> sets;
  const auto found = wanted.find("set");
  if (found == wanted.end()) return sets;
  if (!found->is_object()) throw HttpError(400, "\"set\" must be an object of keys and values");
  for (const auto& [key, value] : found->items()) sets.push_back(assignment_of(key, value));
  return sets;
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

// What there is to say of a child that ended with this code (Child::ended): its last words, if it had any.
std::string fault_of(int code, std::string words) {
  if (code < 0) return fmt::format("the program was ended by signal {} ({})", -code, ::strsignal(-code));
  words = last_words(std::move(words));
  if (!words.empty()) return words;
  return fmt::format("the program ended with exit code {} and without a word", code);
}

[[noreturn]] void throw_fault(int code, const std::string& words) {
  const std::string fault = fault_of(code, words);
  if (code < 0 || last_words(words).empty()) throw HttpError(500, fault);
  throw UserError(fault);
}

bool is_idle(const RunView& view) {
  return !view.alive;
}

// When run.json was replaced last; 0: it is not there.
std::int64_t written_at(const fs::path& folder) {
  const auto file = open_confined(folder, {"run.json"});
  return file ? file->facts.modified_ns : 0;
}

// Whether somebody trains the run who has come as far as the first update, behind everything that a recipe or a
// checkpoint may be refused for: run.json is written anew there, with an arithmetic plan.
bool has_begun(const fs::path& folder, std::int64_t written_before) {
  const RunView view = look_at(folder);
  return view.alive && view.info && !view.info->plan.empty() && written_at(folder) != written_before;
}

// Whether its newest checkpoint is the parent's, whose recipe may be another one.
bool is_untrained_fork(const fs::path& folder) {
  const RunView view = look_at(folder);
  if (!view.info || view.info->parent.empty()) return false;
  std::string newest;
  for (const FileFacts& file : list_confined(folder, {"checkpoints"})) newest = std::max(newest, file.name);
  return newest == run::checkpoint_name(view.info->parent_step);
}

// Longer it would be trained no further: `resume` would rewrite its recipe, and end.
void refuse_if_settled(const std::string& name, const fs::path& folder) {
  Digest digest;
  digest.read(folder);
  if (!digest.settled() || recipe_of(folder).evaluate.map_stop == 0) return;
  throw HttpError(409, fmt::format("{}: its map had settled, which ended it (evaluate.map_stop); to train on: fork it "
                                   "with evaluate.map_stop = 0",
                                   name));
}

}  // namespace

Control::Control(Catalogue& catalogue, Faults& faults, fs::path program, double patience, const std::string& data)
    : catalogue_(catalogue),
      faults_(faults),
      program_(std::move(program)),
      patience_(patience),
      data_(data.empty() ? data : fs::absolute(data).string()),
      watcher_([this](std::stop_token stop) { watch(stop); }) {}

Control::~Control() = default;

Json Control::act(const Json& wanted) {
  if (!wanted.is_object()) throw HttpError(400, "wanted a JSON object with \"action\"");
  const std::lock_guard lock(one_at_a_time_);
  const std::string action = required_text(wanted, "action");
  if (action == "start") return start(wanted);
  if (action == "pause") return pause(wanted);
  if (action == "go_on") return go_on(wanted);
  if (action == "epoch") return one_epoch(wanted);
  if (action == "stop_after") return stop_after(wanted);
  if (action == "fork") return fork(wanted);
  throw HttpError(
      400, fmt::format("there is no action \"{}\"; there are start, pause, go_on, epoch, stop_after and fork", action));
}

std::string Control::new_name(const Json& wanted, const std::string& recipe) const {
  std::string name = text_in(wanted, "name");
  if (name.empty()) name = catalogue_.next_name(recipe);
  run::check_run_name(name);
  if (catalogue_.is_taken(name)) throw HttpError(409, fmt::format("there is a run \"{}\" already", name));
  return name;
}

Json Control::start(const Json& wanted) {
  const std::string recipe_name = required_text(wanted, "recipe");
  const auto& shipped = run::shipped_recipes();
  if (std::ranges::find(shipped, recipe_name, &run::ShippedRecipe::name) == shipped.end())
    throw HttpError(400, fmt::format("there is no recipe \"{}\"", recipe_name));
  // Checked here too, so that what is wrong with a key is said at once.
  run::Recipe recipe = run::find_recipe(recipe_name);
  const std::vector<std::string> sets = sets_in(wanted);
  run::apply_sets(recipe, sets);
  run::check(recipe);
  const std::string name = new_name(wanted, recipe.name);
  Words words = {"train", recipe_name, "--run", name, "--runs", catalogue_.root().string(), "--quiet"};
  for (const std::string& set : sets) append(words, {"--set", set});
  if (!data_.empty()) append(words, {"--data", data_});
  append(words, minutes_in(wanted));
  append(words, threads_in(wanted));
  return launch(name, catalogue_.root() / name, words, true);
}

Control::Words Control::resume_words(const Json& wanted, const fs::path& folder) const {
  Words words = {"resume", fs::absolute(folder).string(), "--quiet"};
  if (is_untrained_fork(folder)) words.emplace_back("--accept-changes");
  // As it was started: where its data are, and while it lives, which is on this machine, with as many threads.
  const RunView view = look_at(folder);
  std::error_code ignored;
  if (view.info && !view.info->data.empty() && fs::is_directory(view.info->data, ignored))
    append(words, {"--data", view.info->data});
  if (view.alive && view.info && view.info->threads > 0 && !wanted.contains("threads"))
    append(words, {"--threads", std::to_string(view.info->threads)});
  return words;
}

Json Control::pause(const Json& wanted) {
  const std::string name = required_text(wanted, "run");
  const fs::path folder = catalogue_.folder_of(name);
  if (is_idle(look_at(folder))) throw HttpError(409, fmt::format("{} is not being trained", name));
  return interrupt(name, folder, {});
}

Json Control::go_on(const Json& wanted) {
  const std::string name = required_text(wanted, "run");
  const fs::path folder = catalogue_.folder_of(name);
  if (!is_idle(look_at(folder))) throw HttpError(409, fmt::format("{} is being trained already", name));
  Words words = resume_words(wanted, folder);
  append(words, minutes_in(wanted));
  append(words, threads_in(wanted));
  return launch(name, folder, words);
}

Json Control::one_epoch(const Json& wanted) {
  const std::string name = required_text(wanted, "run");
  const fs::path folder = catalogue_.folder_of(name);
  const RunView view = look_at(folder);
  Words words = resume_words(wanted, folder);
  if (view.info && view.state == "finished") {
    refuse_if_settled(name, folder);
    append(words, {"--epochs", std::to_string(view.info->epoch + 1)});  // longer by one
  } else {
    append(words, {"--pause-after", "1"});
  }
  append(words, threads_in(wanted));
  return is_idle(view) ? launch(name, folder, words) : interrupt(name, folder, std::move(words));
}

Json Control::stop_after(const Json& wanted) {
  const std::string name = required_text(wanted, "run");
  const fs::path folder = catalogue_.folder_of(name);
  Words words = resume_words(wanted, folder);
  const Words minutes = minutes_in(wanted);
  if (minutes.empty()) throw HttpError(400, "\"minutes\" is missing");
  append(words, minutes);
  append(words, threads_in(wanted));
  return is_idle(look_at(folder)) ? launch(name, folder, words) : interrupt(name, folder, std::move(words));
}

Json Control::fork(const Json& wanted) {
  const std::string parent = required_text(wanted, "run");
  const fs::path folder = catalogue_.folder_of(parent);
  const auto step = wanted.find("checkpoint");
  if (step == wanted.end() || !step->is_number_unsigned())
    throw HttpError(400, "\"checkpoint\" must be the step of one of the run's checkpoints");
  const std::string file = run::checkpoint_name(step->get<std::uint64_t>());
  if (!open_confined(folder, {"checkpoints", file}))
    throw HttpError(404, fmt::format("{} has no checkpoint of step {}", parent, step->get<std::uint64_t>()));
  Words more = minutes_in(wanted);
  append(more, threads_in(wanted));
  const std::string name = new_name(wanted, recipe_of(folder).name);
  const run::RunDirectory child = run::fork_run(run::RunDirectory::open(folder), folder / "checkpoints" / file,
                                                catalogue_.root(), name, sets_in(wanted));
  Words words = resume_words(wanted, child.path());
  append(words, more);
  Json answer = launch(child.name(), child.path(), words, true);
  answer["parent"] = {{"run", parent}, {"step", *step}};
  return answer;
}

Json Control::launch(const std::string& run, const fs::path& folder, const Words& arguments, bool is_new) {
  const std::int64_t written_before = written_at(folder);
  Child child(program_, arguments);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(patience_);
  std::optional<int> code;
  bool begun = false;
  while (!begun && !(code = child.ended()) && !in_a_hurry_ && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(kTick);
    begun = has_begun(folder, written_before);
  }
  if (code.value_or(0) != 0) {
    // A fork that cannot go on is no run; one that was trained for a while is.
    if (is_new && look_at(folder).state == "paused") run::remove_run(folder);
    throw_fault(*code, child.words());
  }
  if (is_new) catalogue_.add(run);
  faults_.clear(run);
  Json answer = {{"run", run}, {"state", begun ? "running" : code ? look_at(folder).state : "starting"}};
  const std::lock_guard lock(mutex_);
  if (!code) children_.push_back({run, std::move(child)});
  return answer;
}

Json Control::interrupt(const std::string& run, const fs::path& folder, Words then) {
  const std::optional<pid_t> pid = holder_of(folder);
  if (!pid) {
    const RunView now = look_at(folder);
    if (!is_idle(now))
      throw HttpError(409, fmt::format("the process that trains {} is not one that this server may stop", run));
    if (!then.empty()) return launch(run, folder, then);  // it has just ended by itself
    return {{"run", run}, {"state", now.state}};
  }
  const std::lock_guard lock(mutex_);  // so the watcher sees what follows even if the run ends at once
  // One that has ended since is on its way to what follows.
  if (::kill(*pid, SIGTERM) != 0 && errno != ESRCH)
    throw HttpError(409, fmt::format("the process that trains {} cannot be stopped by this server", run));
  faults_.clear(run);
  next_.erase(run);  // a pause alone takes back what should have followed another one
  if (!then.empty()) next_.emplace(run, Next{folder, std::move(then)});
  return {{"run", run}, {"state", "pausing"}};
}

// Ends the entries of children in the process table, and starts what waited for a run's pause.
void Control::watch(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const std::lock_guard lock(mutex_);
    std::erase_if(children_, [this](Started& started) {
      const std::optional<int> code = started.child.ended();
      if (code.value_or(0) != 0) faults_.tell(started.run, fault_of(*code, started.child.words()));
      return code.has_value();
    });
    for (auto entry = next_.begin(); entry != next_.end();) {
      const RunView view = look_at(entry->second.folder);
      if (view.alive) {
        ++entry;
        continue;
      }
      try {
        // Ended by itself meanwhile: there is nothing to pause, and it shall not become longer.
        if (view.state == "paused") children_.push_back({entry->first, Child(program_, entry->second.arguments)});
      } catch (const Error& fault) {
        faults_.tell(entry->first, fault.what());
      }
      entry = next_.erase(entry);
    }
  }
}

Response control_runs(const Request& request, const Parts&, Api& api) {
  Json wanted;
  try {
    wanted = parse_json<Json>(request.body, "the body", false);
  } catch (const DataError& fault) {
    throw HttpError(400, fmt::format("the request's body must be a JSON object ({})", fault.what()));
  }
  return json_response("control", api.control.act(wanted));
}

}  // namespace ganymede::serve
