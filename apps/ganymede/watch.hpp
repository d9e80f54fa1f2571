#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace ganymede::app {

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

}  // namespace ganymede::app
