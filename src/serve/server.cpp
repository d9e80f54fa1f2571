#include "serve/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "serve/blind_tests.hpp"
#include "serve/cards.hpp"
#include "serve/catalogue.hpp"
#include "serve/connection.hpp"
#include "serve/control.hpp"
#include "serve/ink_sets.hpp"
#include "serve/models.hpp"
#include "serve/token.hpp"

namespace ganymede::serve {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

constexpr int kBacklog = 1024;
constexpr int kSendBuffer = 256 << 10;
constexpr auto kPause = std::chrono::milliseconds(50);

tcp::endpoint endpoint_of(const std::string& address, int port) {
  boost::system::error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error)
    fail<ConfigError>("--address wants an address in digits, such as 127.0.0.1 or 0.0.0.0, found \"{}\"", address);
  return {parsed, static_cast<std::uint16_t>(port)};
}

tcp::acceptor listener_at(asio::io_context& io, const tcp::endpoint& endpoint) {
  tcp::acceptor acceptor(io);
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);  // after a server that has just ended
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  const std::string address = endpoint.address().to_string();
  if (error == asio::error::address_in_use) {
    fail<UserError>("port {} of {} is in use: --port N takes another one, --port 0 a free one", endpoint.port(),
                    address);
  }
  if (error) fail<UserError>("cannot listen on port {} of {}: {}", endpoint.port(), address, error.message());
  return acceptor;
}

Guard guard_for(const ServerOptions& options, const tcp::endpoint& endpoint) {
  return {.address = endpoint.address().to_string(),
          .port = endpoint.port(),
          .loopback = endpoint.address().is_loopback(),
          .read_only = options.read_only,
          .token = make_token()};
}

std::unique_ptr<Models> models_for(const ServerOptions& options) {
  if (options.backend == nullptr) return {};
  return std::make_unique<Models>(*options.backend, options.memory_bytes, options.build);
}

}  // namespace

struct Server::Impl {
  explicit Impl(const ServerOptions& options)
      : limits(options.limits),
        acceptor(listener_at(io, endpoint_of(options.address, options.port))),
        guard(guard_for(options, acceptor.local_endpoint())),
        catalogue(options.root, options.runs),
        cards(catalogue, faults),
        control(catalogue, faults, options.program, options.patience, options.data),
        ink(options.data),
        program(options.program),
        models(models_for(options)),
        games(options.backend == nullptr ? nullptr : std::make_unique<Games>(*options.backend, options.games)) {
    set_program_version(options.version);
    accept();
    thread = std::thread([this] { io.run(); });
  }

  // What would throw here leaves nobody to tell of it.
  ~Impl() {  // NOLINT(bugprone-exception-escape)
    control.hurry();
    if (models) models->judges().hurry();
    io.stop();
    thread.join();
    lanes.stop();
    while (!shared.open.empty()) (*shared.open.begin())->close();
  }

  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) {  // no descriptor is left, say
        make_room();
        pause.expires_after(kPause);
        return pause.async_wait([this](boost::system::error_code) { accept(); });
      }
      if (shared.open.size() >= limits.connections) make_room();
      // The system would keep megabytes for each client that does not read.
      socket.set_option(asio::socket_base::send_buffer_size(kSendBuffer), error);
      std::make_shared<Connection>(std::move(socket), shared)->open();
      accept();
    });
  }

  // Closes the connection that has kept its place for longest, first of those that have asked nothing.
  void make_room() {
    const auto last = std::ranges::min_element(shared.open, {}, [](const std::shared_ptr<Connection>& connection) {
      return std::pair(connection->phase(), connection->since());
    });
    if (last != shared.open.end()) std::shared_ptr<Connection>(*last)->close();
  }

  asio::io_context io{1};
  Limits limits;
  tcp::acceptor acceptor;
  asio::steady_timer pause{io};
  Guard guard;
  Catalogue catalogue;
  Faults faults;
  Cards cards;
  Control control;
  InkSets ink;
  std::filesystem::path program;
  std::unique_ptr<Models> models;
  std::unique_ptr<Games> games;
  BlindTests blind_tests;
  Api api{.runs = catalogue,
          .cards = cards,
          .control = control,
          .models = models.get(),
          .program = program,
          .games = games.get(),
          .blind_tests = models ? &blind_tests : nullptr,
          .ink = &ink};
  Lanes lanes;
  Shared shared{.io = io, .lanes = lanes, .guard = guard, .api = api, .limits = limits};
  std::thread thread;
};

Server::Server(const ServerOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Server::~Server() = default;

int Server::port() const {
  return impl_->guard.port;
}
const std::string& Server::token() const {
  return impl_->guard.token;
}
std::string Server::link() const {
  return impl_->guard.link();
}
std::size_t Server::connections() const {
  return impl_->shared.count;
}

std::size_t Server::games() const {
  return impl_->games ? impl_->games->count() : 0;
}

std::int64_t Server::kept_bytes() const {
  return impl_->models ? impl_->models->bytes() : 0;
}

}  // namespace ganymede::serve
