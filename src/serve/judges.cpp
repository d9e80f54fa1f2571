#include "serve/judges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/catalogue.hpp"
#include "fit/fit_mark.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::serve {
namespace {

constexpr auto kRetry = std::chrono::seconds(10);
constexpr std::size_t kMostSets = 64;  // that are remembered

// What decides which data a recipe means, apart from its own choice of them.
std::string key_of(const run::Recipe& recipe, const std::string& data) {
  run::Recipe plain;
  plain.data = recipe.data;
  return data + "\n" + run::to_toml(plain);
}

evaluate::KnownClassifier looked_up(const play::Backend& backend, const run::Recipe& recipe, const std::string& data,
                                    const std::string& build) {
  try {
    return evaluate::known_classifier(recipe, {.backend = backend, .places = data::search_places(data)}, build);
  } catch (const std::exception& fault) {
    return {.file = {}, .why = fault.what(), .data = {}, .class_names = {}};
  }
}

}  // namespace

const char* name_of(Judges::State state) {
  switch (state) {
    case Judges::State::looking:
      return "looking";
    case Judges::State::ready:
      return "ready";
    case Judges::State::missing:
      return "missing";
    case Judges::State::fitting:
      return "fitting";
    case Judges::State::impossible:
      break;
  }
  return "impossible";
}

nlohmann::ordered_json to_json(const Judges::Known& known) {
  nlohmann::ordered_json json = {
      {"state", name_of(known.state)}, {"sentence", printable(known.sentence)}, {"class_names", known.class_names}};
  if (known.error_rate) json["error_rate"] = *known.error_rate;
  if (known.done) json["done"] = *known.done;
  if (known.done) json["total"] = known.steps;
  return json;
}

Judges::Judges(const play::Backend& backend, std::string build)
    : backend_(backend), build_(std::move(build)), thread_([this](std::stop_token stop) { work(stop); }) {}

const Judges::Found* Judges::find(const std::string& key, const run::Recipe& recipe, const std::string& data) {
  if (const auto found = found_.find(key); found != found_.end()) {
    const bool unopened = found->second.facts.data.empty();  // perhaps they are there by now
    if (!unopened || std::chrono::steady_clock::now() - found->second.at < kRetry) return &found->second;
    found_.erase(found);
  }
  if (std::ranges::find(jobs_, key, &Job::key) == jobs_.end()) {
    jobs_.push_back({key, recipe, data});
    changed_.notify_all();
  }
  return nullptr;
}

Judges::Known Judges::known(const run::Recipe& recipe, const std::string& data) {
  const std::string key = key_of(recipe, data);
  std::unique_lock lock(mutex_);
  const Found* found = find(key, recipe, data);
  if (found == nullptr) return {.state = State::looking, .sentence = "the data are being opened", .class_names = {}};
  return describe(key, *found);
}

Judges::Known Judges::wait(const run::Recipe& recipe, const std::string& data) {
  const std::string key = key_of(recipe, data);
  std::unique_lock lock(mutex_);
  const Found* found = nullptr;
  changed_.wait(lock, thread_.get_stop_token(), [&] { return (found = find(key, recipe, data)) != nullptr; });
  if (found == nullptr) throw Error("the server is about to end");
  return describe(key, *found);
}

Judges::Known Judges::describe(const std::string& key, const Found& found) {
  const evaluate::KnownClassifier& facts = found.facts;
  Known known{.file = facts.file, .class_names = facts.class_names, .steps = facts.steps, .stacked = facts.stacked};
  if (facts.file.empty()) {
    known.state = State::impossible;
    known.sentence = facts.why;
    return known;
  }
  std::error_code missing;
  const auto written = std::filesystem::last_write_time(facts.file, missing);
  if (missing) {
    known.state = State::missing;
    known.sentence = fmt::format("there is no classifier of {} yet; fitting one takes {} steps, some minutes",
                                 facts.data, with_thousands(facts.steps));
    describe_fit(facts.file, known);
    return known;
  }
  Found& entry = found_.at(key);
  if (!entry.error_rate || entry.written != written) {
    try {
      entry.error_rate = evaluate::load_known(facts).validation_error();
      entry.written = written;
    } catch (const DataError&) {
      known.state = State::missing;
      known.sentence = fmt::format("the classifier of {} is damaged and has to be fitted anew", facts.data);
      describe_fit(facts.file, known);
      return known;
    }
  }
  known.state = State::ready;
  known.error_rate = entry.error_rate;
  known.sentence =
      fmt::format("a classifier of {} with a validation error of {:.2f} %", facts.data, 100 * *entry.error_rate);
  return known;
}

void Judges::describe_fit(const std::filesystem::path& file, Known& known) {
  const auto child = fits_.find(file);
  const std::optional<int> code = child == fits_.end() ? std::nullopt : child->second.ended();
  const bool runs = child != fits_.end() && !code;
  if (const auto fit = fit::fit_under_way(file); fit || runs) {
    known.state = State::fitting;
    known.done = fit ? fit->done : 0;
    known.sentence = fmt::format("a classifier of the data is being fitted: {} of {} steps",
                                 with_thousands(*known.done), with_thousands(known.steps));
  } else if (code.value_or(0) != 0) {
    known.sentence = "the last fit failed: " + last_words(child->second.words());
  }
}

Judges::Known Judges::fit(const std::filesystem::path& run, const run::Recipe& recipe, const std::string& data,
                          const std::filesystem::path& program) {
  const Known found = wait(recipe, data);
  if (found.state != State::missing) return found;
  std::vector<std::string> words = {"classifier", run.string(), "--quiet"};
  if (!data.empty()) words.insert(words.end(), {"--data", data});
  {
    const std::lock_guard lock(mutex_);
    fits_.erase(found.file);
    fits_.emplace(found.file, Child(program, words));
  }
  return known(recipe, data);
}

void Judges::work(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !jobs_.empty(); })) {
    const Job job = jobs_.front();
    lock.unlock();
    Found found{.facts = looked_up(backend_, job.recipe, job.data, build_)};
    found.at = std::chrono::steady_clock::now();
    lock.lock();
    if (found_.size() >= kMostSets) found_.clear();
    found_.emplace(job.key, std::move(found));
    jobs_.pop_front();
    changed_.notify_all();
  }
}

}  // namespace ganymede::serve
