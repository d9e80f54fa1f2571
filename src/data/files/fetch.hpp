#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::data {

/// One file of a set: the name under which mirrors serve it and the MD5 of its unpacked content.
struct RemoteFile {
  std::string name;
  std::string md5;
};

/// MNIST's four files (gzip).
const std::vector<RemoteFile>& mnist_files();
/// Public mirrors of MNIST, or those of $GANYMEDE_MNIST_MIRRORS (URLs of folders, separated by blanks or commas).
std::vector<std::string> mnist_mirrors();

struct FetchOptions {
  std::filesystem::path folder;      ///< where the files go (made if missing): <data folder>/mnist
  std::vector<std::string> mirrors;  ///< URLs of folders, tried in order; empty: mnist_mirrors()
  std::vector<RemoteFile> files;     ///< empty: mnist_files()
  long connect_timeout_s = 15;
  long stall_timeout_s = 30;            ///< a transfer slower than 1 byte/s for so long has failed
  std::uint64_t max_bytes = 64u << 20;  ///< of one file; larger ones are refused
  /// Called while a file arrives: name, bytes so far, bytes in all (0 unknown). False stops the fetch.
  std::function<bool(const std::string& file, std::uint64_t done, std::uint64_t total)> on_progress;
  /// Called with a sentence when a mirror fails and the next one is tried.
  std::function<void(const std::string& message)> on_message;
};

struct FetchReport {
  int fetched = 0;          ///< files downloaded
  int kept = 0;             ///< good files that were already there (packed or not)
  std::uint64_t bytes = 0;  ///< downloaded
};

/// Downloads a set with libcurl, file by file: follows redirects, checks the MD5 of the unpacked content, places each
/// file in one step; tries the next mirror on any failure. Files already there with the right content are kept.
/// @throws DataError when a file could be had from no mirror: what was tried, each reason, and what to do instead.
/// @throws UserError when on_progress stopped it.
FetchReport fetch(const FetchOptions& options);

/// MD5 of the content, unpacked if it is gzip, in hex. @throws DataError on damaged gzip.
std::string md5_of_content(std::string_view bytes, const std::string& where);

}  // namespace ganymede::data
