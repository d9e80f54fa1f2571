#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace ganymede {

/// A piece of work taken by one of many processes, on one machine or on several that share a folder over NFS: a file
/// that names who has it, and is touched again and again while they live. FileLock is for one machine; this needs no
/// lock server, and knows a holder that is gone.
///
/// How it works. The file appears whole and at once: it is written aside under a name of its own and linked to its
/// place, which fails if there is one (link is atomic on NFS, where O_EXCL once was not), and counts as done if the
/// file then has two names. A holder on this machine is gone when its process is; one elsewhere when its file has not
/// been touched for kStaleAfter, by the clock of the file server. Whoever finds that moves the file away to a name of
/// its own and looks whether it is the one that it saw: of several, one does.
class Claim {
 public:
  static constexpr std::chrono::seconds kTouchEvery{20};
  static constexpr std::chrono::seconds kStaleAfter{180};

  /// Takes it, or says nothing if somebody has it. The folder is made. @throws DataError where the folder cannot be
  /// written
  static std::optional<Claim> take(const std::filesystem::path& path,
                                   std::chrono::milliseconds stale_after = kStaleAfter,
                                   std::chrono::milliseconds touch_every = kTouchEvery);
  /// "process 123 on node7", of who holds it now; empty if nobody does.
  static std::string holder(const std::filesystem::path& path);

  Claim(Claim&&) noexcept;
  Claim& operator=(Claim&&) noexcept;
  /// Gives it back.
  ~Claim();

 private:
  struct Kept;
  explicit Claim(std::unique_ptr<Kept> kept);
  std::unique_ptr<Kept> kept_;
};

}  // namespace ganymede
