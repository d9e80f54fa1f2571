#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <thread>
#include <vector>

#include "serve/catalogue.hpp"
#include "serve/child.hpp"
#include "serve/faults.hpp"

namespace ganymede::serve {

/// Starts, pauses and forks runs: `ganymede train` and `ganymede resume` as children that live on without the server,
/// which finds them again by their locks. One action at a time.
class Control {
 public:
  /// `faults`: told what becomes of children after the answer. `program`: what is started. `patience`: how long an
  /// answer waits for the child to have begun, in seconds.
  Control(Catalogue& catalogue, Faults& faults, std::filesystem::path program, double patience,
          const std::string& data = "");
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// Does what a request's body asks: {"action": "start" | "pause" | "go_on" | "epoch" | "stop_after" | "fork", ...}
  /// (docs/api.md). Returns {"run", "state", ...}. @throws HttpError 400 for a body of another form, 404, 409 if the
  /// run's state does not allow it; UserError with what the recipe or the child says.
  nlohmann::ordered_json act(const nlohmann::ordered_json& wanted);
  /// Ends the waiting for a child: the server is about to end.
  void hurry() { in_a_hurry_ = true; }

 private:
  using Json = nlohmann::ordered_json;
  using Words = std::vector<std::string>;
  Json start(const Json& wanted);
  Json pause(const Json& wanted);
  Json go_on(const Json& wanted);
  Json one_epoch(const Json& wanted);
  Json stop_after(const Json& wanted);
  Json fork(const Json& wanted);

  /// The name that a new run shall have, by itself if none is asked for. @throws HttpError 409 if it is taken.
  std::string new_name(const Json& wanted, const std::string& recipe) const;
  /// Starts the program and waits until it has the run's lock, has ended, or patience does.
  Json launch(const std::string& run, const std::filesystem::path& folder, const Words& arguments, bool is_new = false);
  /// SIGTERM to who trains it; `then`, if not empty, is started as soon as the lock is free.
  Json interrupt(const std::string& run, const std::filesystem::path& folder, Words then);
  Words resume_words(const Json& wanted, const std::filesystem::path& folder) const;
  void watch(std::stop_token stop);

  struct Next {
    std::filesystem::path folder;
    Words arguments;
  };

  struct Started {
    std::string run;
    Child child;
  };

  Catalogue& catalogue_;
  Faults& faults_;
  std::filesystem::path program_;
  double patience_;
  std::string data_;  ///< the folder of --data, for the runs that are started; "": none
  std::atomic<bool> in_a_hurry_ = false;
  std::mutex one_at_a_time_;
  std::mutex mutex_;  // of what follows
  std::vector<Started> children_;
  std::map<std::string, Next> next_;  // by run
  std::jthread watcher_;              // last: it uses the others
};

}  // namespace ganymede::serve
