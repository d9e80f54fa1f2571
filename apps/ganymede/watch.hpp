#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace ganymede::app {

struct Output;

/// --watch, --port.
struct WatchArguments {
  bool watch = false;
  std::optional<int> port;
};
void add_watch(CLI::App& command, WatchArguments& arguments);

/// `ganymede serve` beside a training: a process of its own, which yields to the training and ends with it, however
/// that ends; Ctrl-C at the terminal does not reach it.
class Watch {
 public:
  /// Returns once it listens. port: nothing takes the usual one, or a free one where that is in use.
  /// @throws UserError in the server's words if it does not begin.
  Watch(const std::filesystem::path& runs, std::optional<int> port);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// What a person opens.
  const std::string& link() const { return link_; }

 private:
  /// What it says: its JSON, or a fault.
  std::string start(const std::filesystem::path& runs, int port);
  void end();

  pid_t pid_ = 0;
  std::string link_;
};

/// The server over a folder of runs, if it is wanted: its link stands before all else that a training says.
std::unique_ptr<Watch> watch_of(const WatchArguments& arguments, const std::filesystem::path& runs);
/// Said after the training: how to watch again. `runs`: the folder as the user named it; "": the usual one.
void show_watch_again(const WatchArguments& arguments, const Output& output, const std::string& runs);

}  // namespace ganymede::app
