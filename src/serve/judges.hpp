#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "evaluate/known_classifier.hpp"
#include "fit/classifier.hpp"
#include "serve/child.hpp"

namespace ganymede::serve {

/// Which classifiers there are of runs' data. To know that, the data are opened, which may take seconds: a thread of
/// its own does it, once for each set. Nothing is fitted here. Any thread may ask.
class Judges {
 public:
  /// `build`: as evaluate::known_classifier.
  Judges(const play::Backend& backend, std::string build);

  /// looking: the data are being opened.
  enum class State { looking, ready, missing, fitting, impossible };
  struct Known {
    State state = State::looking;
    std::string sentence;        ///< what it is, why there can be none, how long a fit takes
    std::filesystem::path file;  ///< where it lies, or would
    std::vector<std::string> class_names;
    std::optional<double> error_rate{};  ///< of validation, where it is ready
    std::int64_t steps = 0;              ///< of a fit
    std::optional<std::int64_t> done{};  ///< of one that runs
    int stacked = 1;                     ///< as evaluate::KnownClassifier
  };
  /// Does not wait: what is not known yet is being looked for from now on. `data`: the folder that the run was started
  /// with by --data, or "".
  Known known(const run::Recipe& recipe, const std::string& data);
  /// The same when the data have been opened.
  Known wait(const run::Recipe& recipe, const std::string& data);
  /// Ends the waiting: the server is about to end.
  void hurry() { thread_.request_stop(); }
  /// Starts `program` on fitting the classifier of a run, if it is missing; waits as `wait` does.
  Known fit(const std::filesystem::path& run, const run::Recipe& recipe, const std::string& data,
            const std::filesystem::path& program);

 private:
  struct Job {
    std::string key;
    run::Recipe recipe;
    std::string data;
  };
  struct Found {
    evaluate::KnownClassifier facts;
    std::chrono::steady_clock::time_point at{};
    std::optional<double> error_rate{};  ///< of the file, once read
    std::filesystem::file_time_type written{};
  };
  /// Queues it unless it is known or queued; with `mutex_` held.
  const Found* find(const std::string& key, const run::Recipe& recipe, const std::string& data);
  Known describe(const std::string& key, const Found& found);
  /// What there is to say of a fit of this file that runs, or ended badly.
  void describe_fit(const std::filesystem::path& file, Known& known);
  void work(std::stop_token stop);

  const play::Backend& backend_;
  std::string build_;
  std::mutex mutex_;  // of what follows
  std::condition_variable_any changed_;
  std::map<std::string, Found> found_;
  std::deque<Job> jobs_;                         // the first one is under way
  std::map<std::filesystem::path, Child> fits_;  // the last one of each file that was started here
  std::jthread thread_;                          // last: it uses the others
};

/// {"state", "sentence", "class_names", "error_rate"?, "done"?, "total"?}
nlohmann::ordered_json to_json(const Judges::Known& known);
/// "ready" ...
const char* name_of(Judges::State state);

}  // namespace ganymede::serve
