#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "serve/confined.hpp"

namespace ganymede::serve {

/// A program that was started and lives on without its starter: in a session of its own, where no Ctrl-C of the
/// terminal and no end of the terminal reaches it, with no file of ours open but one in memory for what it says.
class Child {
 public:
  /// @throws Error if the system cannot start it.
  Child(const std::filesystem::path& program, const std::vector<std::string>& arguments);

  pid_t pid() const { return pid_; }
  /// Its exit code, or minus the signal that ended it; nothing while it lives. Ends its entry in the process table.
  std::optional<int> ended();
  /// The last 4,000 bytes of what it wrote to stderr.
  std::string words() const;

 private:
  pid_t pid_ = 0;
  std::optional<int> code_;
  Descriptor words_;
};

/// What a program said last, without its name and the line's end: its sentence, if it ended with an error.
std::string last_words(std::string words);

/// The process that holds a run's lock, for a signal: the one that the lock names, if it has that very file open (the
/// name alone could be anybody's). Nothing if nobody holds it, or it is out of sight.
std::optional<pid_t> holder_of(const std::filesystem::path& run_folder);

}  // namespace ganymede::serve
