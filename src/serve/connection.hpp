#pragma once

#include <utility>  // Asio 1.74 lacks it

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "serve/guard.hpp"
#include "serve/lanes.hpp"
#include "serve/routes.hpp"
#include "serve/server.hpp"

// Of connection.cpp and server.cpp alone: nothing else in the program includes Boost.

namespace ganymede::serve {

class Connection;

/// What all connections of a server have in common. Its containers belong to the thread of `io`.
struct Shared {
  boost::asio::io_context& io;
  Lanes& lanes;
  const Guard& guard;
  Api& api;
  const Limits& limits;
  std::unordered_set<std::shared_ptr<Connection>> open{};
  std::size_t streams = 0;
  std::atomic<std::size_t> count = 0;  ///< of `open`, for other threads
};

/// One client: asked, answered, asked again. Everything runs on the thread of `io`, but for what endpoints and sources
/// do, which other threads do for it, one thing at a time.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, Shared& shared);
  /// Is among `shared.open` from here until close().
  void open();
  void close();

  enum class Phase { silent, answering, streaming };
  Phase phase() const { return phase_; }
  std::chrono::steady_clock::time_point since() const { return since_; }

 private:
  using Error = boost::system::error_code;
  using Message = boost::beast::http::request<boost::beast::http::string_body>;
  void ask();
  void on_request(Error error);
  void dispatch(Request request);
  void work(Later later);
  void send(Response response, bool keep_alive);
  void send_error(int status, const std::string& sentence);
  void pump();
  void on_piece(Source::Piece piece, bool failed);
  template <class Then>
  void write(std::string bytes, Then then);
  void finish();
  void linger(std::size_t left);
  void watch_for_end();
  void begin_talk(const Message& message, const Request& request);
  void listen();
  void on_words();
  void reply(const Response& response);
  void enter(Phase phase);

  Shared& shared_;
  boost::beast::tcp_stream stream_;
  std::optional<boost::beast::websocket::stream<boost::beast::tcp_stream&>> talk_;  // once it is a web socket
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  Phase phase_ = Phase::silent;
  std::chrono::steady_clock::time_point since_;
  bool closed_ = false;
  bool head_only_ = false;
  bool keep_ = false;
  Response response_;
  std::string out_;
};

}  // namespace ganymede::serve
