#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "serve/games.hpp"

namespace ganymede::serve {

/// What no client can exceed.
struct Limits {
  /// Open at a time. One more takes the place of the one that has been silent for longest.
  std::size_t connections = 512;
  std::size_t streams = 128;                  ///< of them: events, maps, walks; one more is answered 503
  std::size_t header_bytes = 16 << 10;        ///< of a request
  std::size_t body_bytes = 256 << 10;         ///< of a request
  std::chrono::milliseconds request{15'000};  ///< until a request is whole, from the moment that it may begin
  std::chrono::milliseconds answer{20'000};   ///< until a client has taken a piece (128 KiB) of an answer
  std::chrono::milliseconds poll{200};        ///< between two looks for new events
};

struct ServerOptions {
  std::filesystem::path root;                 ///< the runs folder
  std::vector<std::filesystem::path> runs{};  ///< these alone; none: all of `root`
  std::string address = "127.0.0.1";          ///< to listen on, as digits; not loopback: all requests want the token
  int port = 0;                               ///< 0: a free one
  bool read_only = false;
  std::string data{};                       ///< --data: where sets are looked for, and drawn ones kept; "": as without
  std::filesystem::path program{};          ///< `ganymede`, for the runs that are started
  std::string version{};                    ///< in every answer
  std::string build{};                      ///< version and commit, or "": as evaluate::known_classifier
  double patience = 3;                      ///< seconds that an answer waits for a started run to begin
  const play::Backend* backend = nullptr;   ///< who computes; none: no model is run. It must outlive the server
  std::int64_t memory_bytes = 512LL << 20;  ///< of generators, classifiers and maps that are kept
  Limits limits{};
  GameLimits games{};
};

/// The HTTP API of docs/api.md over a folder of runs. One thread moves bytes and never waits for a client or a disk;
/// four read files and answer; one starts and stops runs, two open data sets and wait for that, one runs models, one
/// plays live games. It reads run folders and trains no run: that is done by processes of their own, which outlive it.
class Server {
 public:
  /// Listens from here on. @throws UserError if the address is none of this machine or the port is in use.
  explicit Server(const ServerOptions& options);
  /// Ends at once: connections are closed, runs go on.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  const std::string& token() const;
  /// What a person opens (guard.hpp).
  std::string link() const;
  /// Connections that are open now.
  std::size_t connections() const;
  /// Bytes of generators, classifiers and maps that were kept after the last piece of work.
  std::int64_t kept_bytes() const;
  /// Live games that are under way.
  std::size_t games() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ganymede::serve
