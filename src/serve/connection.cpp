#include "serve/connection.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "serve/target.hpp"

namespace ganymede::serve {
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
namespace {

constexpr std::size_t kPieceOfText = 128 << 10;
constexpr auto kLinger = std::chrono::seconds(1);
constexpr std::size_t kMostLingering = 1 << 20;  // bytes of a refused request that are still taken

Request request_from(const http::request<http::string_body>& message) {
  Request request{.method = std::string(message.method_string())};
  for (const auto& field : message)
    request.headers.emplace_back(lower_case(std::string(field.name_string())), std::string(field.value()));
  request.body = message.body();
  read_target(std::string(message.target()), request);
  return request;
}

// What a piece of work answers, its errors as answers too.
Response answer_of(const std::function<Response()>& work) {
  try {
    return work();
  } catch (const HttpError& error) {
    return error_response(error.status(), error.what());
  } catch (const GuardError& error) {
    return error_response(507, error.what());  // a full disk
  } catch (const UserError& error) {
    return error_response(400, error.what());
  } catch (const std::exception& error) {
    return error_response(500, error.what());
  }
}

/// A body that is there already, in pieces with a deadline each.
class TextSource : public Source {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  Piece next() override {
    Piece piece{.bytes = text_.substr(at_, kPieceOfText)};
    at_ += piece.bytes.size();
    piece.end = at_ == text_.size();
    return piece;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, Shared& shared)
    : shared_(shared),
      stream_(std::move(socket)),
      timer_(shared.io),
      buffer_(shared.limits.header_bytes + shared.limits.body_bytes) {}

void Connection::open() {
  shared_.open.insert(shared_from_this());
  shared_.count = shared_.open.size();
  Error ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);  // an answer's end must not wait 40 ms
  ask();
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  if (phase_ == Phase::streaming) --shared_.streams;
  timer_.cancel();
  stream_.close();
  shared_.open.erase(shared_from_this());
  shared_.count = shared_.open.size();
}

void Connection::enter(Phase phase) {
  if (phase_ != Phase::streaming && phase == Phase::streaming) ++shared_.streams;
  if (phase_ == Phase::streaming && phase != Phase::streaming) --shared_.streams;
  phase_ = phase;
  since_ = std::chrono::steady_clock::now();
}

void Connection::ask() {
  enter(Phase::silent);
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_.limits.header_bytes));
  parser_->body_limit(shared_.limits.body_bytes);
  stream_.expires_after(shared_.limits.request);  // for the whole of it, however slowly it comes
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](Error error, std::size_t) { self->on_request(error); });
}

void Connection::on_request(Error error) {
  if (closed_) return;
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return send_error(431, fmt::format("the request's headers are longer than {} bytes", shared_.limits.header_bytes));
  if (error == http::error::body_limit)
    return send_error(413, fmt::format("the request's body is longer than {} bytes", shared_.limits.body_bytes));
  const bool is_malformed = error.category() == make_error_code(http::error::bad_method).category() &&
                            error != http::error::end_of_stream && error != http::error::partial_message;
  if (is_malformed) return send_error(400, "this is no HTTP request: " + error.message());
  if (error) return close();
  const Message message = parser_->release();
  keep_ = message.keep_alive();
  head_only_ = message.method() == http::verb::head;
  try {
    Request request = request_from(message);
    websocket::is_upgrade(message) ? begin_talk(message, request) : dispatch(std::move(request));
  } catch (const HttpError& refusal) {
    send(error_response(refusal.status(), refusal.what()), keep_);
  } catch (const std::exception& fault) {
    send(error_response(500, fault.what()), false);
  }
}

void Connection::dispatch(Request request) {
  if (auto welcome = shared_.guard.welcome(request)) return send(std::move(*welcome), keep_);
  shared_.guard.check(request, changes_something(request));
  Match match = find_route(request);
  enter(Phase::answering);
  stream_.expires_never();
  const Lane lane = match.route->lane;
  work({lane, [request = std::move(request), match = std::move(match), &api = shared_.api] {
          return match.route->answer(request, match.parts, api);
        }});
}

// Has it done by its lane, and what it leaves by the lane of that, and so on.
void Connection::work(Later later) {
  const Lane lane = later.lane;
  shared_.lanes.post(lane, [self = shared_from_this(), work = std::move(later.work)]() mutable {
    Response response = answer_of(work);
    asio::io_context& io = self->shared_.io;
    // The other thread keeps no part of it: the last one to let go of a connection is always `io`.
    asio::post(io, [self = std::move(self), response = std::move(response)]() mutable {
      if (self->closed_) return;
      if (response.later.work) return self->work(std::move(response.later));
      self->send(std::move(response), self->keep_);
    });
  });
}

void Connection::send_error(int status, const std::string& sentence) {
  head_only_ = false;
  send(error_response(status, sentence), false);
}

void Connection::send(Response response, bool keep_alive) {
  if (talk_) return reply(response);
  const bool streams = response.source && !response.length && !head_only_;
  if (streams && shared_.streams >= shared_.limits.streams) {
    response = error_response(503, "too many streams at a time: close a page, or try again later");
    keep_alive = false;
  }
  if (!response.source && response.body.size() > kPieceOfText) {
    response.length = response.body.size();
    response.source = std::make_unique<TextSource>(std::move(response.body));
  }
  response_ = std::move(response);
  keep_ = keep_alive && (!response_.source || response_.length);
  std::string head = head_of(response_, keep_);
  if (head_only_ || !response_.source) {
    enter(Phase::answering);
    if (!head_only_) head += response_.body;
    return write(std::move(head), [this] { finish(); });
  }
  enter(response_.length ? Phase::answering : Phase::streaming);
  if (!response_.length) watch_for_end();
  write(std::move(head), [this] { pump(); });
}

void Connection::pump() {
  shared_.lanes.post(response_.source->lane(), [self = shared_from_this()]() mutable {
    Source::Piece piece;
    bool failed = false;
    try {
      piece = self->response_.source->next();
    } catch (const std::exception&) {
      failed = true;
    }
    asio::io_context& io = self->shared_.io;
    asio::post(io, [self = std::move(self), piece = std::move(piece), failed]() mutable {
      if (!self->closed_) self->on_piece(std::move(piece), failed);
    });
  });
}

void Connection::on_piece(Source::Piece piece, bool failed) {
  if (failed) return close();
  if (piece.bytes.empty() && !piece.end) {
    if (response_.source->lane() == Lane::pieces) return pump();  // it worked all the while
    timer_.expires_after(shared_.limits.poll);
    return timer_.async_wait([self = shared_from_this()](Error error) {
      if (!error && !self->closed_) self->pump();
    });
  }
  if (!response_.length) {  // in chunks
    if (!piece.bytes.empty()) piece.bytes = fmt::format("{:x}\r\n{}\r\n", piece.bytes.size(), piece.bytes);
    if (piece.end) piece.bytes += "0\r\n\r\n";
  }
  write(std::move(piece.bytes), [this, end = piece.end] { end ? finish() : pump(); });
}

template <class Then>
void Connection::write(std::string bytes, Then then) {
  out_ = std::move(bytes);
  stream_.expires_after(shared_.limits.answer);
  asio::async_write(stream_, asio::buffer(out_), [self = shared_from_this(), then](Error error, std::size_t) {
    if (self->closed_) return;
    if (error) return self->close();  // gone, or it does not read
    self->stream_.expires_never();
    then();
  });
}

void Connection::finish() {
  response_ = {};
  if (keep_) return ask();
  enter(Phase::silent);
  Error ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  buffer_.clear();
  stream_.expires_after(kLinger);
  linger(kMostLingering);
}

// Takes what the client is still sending: closed before that, the system would take our answer back.
void Connection::linger(std::size_t left) {
  stream_.async_read_some(buffer_.prepare(4096), [self = shared_from_this(), left](Error error, std::size_t count) {
    if (self->closed_) return;
    if (error || count >= left) return self->close();
    self->linger(left - count);
  });
}

// From here on a web socket: each text is a body of POST look, answered in its turn. An exchange costs a browser a
// quarter of the time of a request of its own.
void Connection::begin_talk(const Message& message, const Request& request) {
  shared_.guard.check(request, false);
  if (request.path != std::vector<std::string>{"api", "v1", "looks"})
    throw HttpError(404, "there is one web socket: GET /api/v1/looks");
  if (shared_.streams >= shared_.limits.streams)
    throw HttpError(503, "too many streams at a time: close a page, or try again later");
  enter(Phase::streaming);
  stream_.expires_never();  // the web socket has its own times
  talk_.emplace(stream_);
  talk_->set_option(websocket::stream_base::timeout{.handshake_timeout = shared_.limits.request,
                                                    .idle_timeout = 2 * shared_.limits.answer,
                                                    .keep_alive_pings = true});
  talk_->read_message_max(shared_.limits.body_bytes);
  talk_->async_accept(message, [self = shared_from_this()](Error error) {
    if (!self->closed_) error ? self->close() : self->listen();
  });
}

void Connection::listen() {
  buffer_.clear();
  talk_->async_read(buffer_, [self = shared_from_this()](Error error, std::size_t) {
    if (!self->closed_) error ? self->close() : self->on_words();
  });
}

void Connection::on_words() {
  Request request{.method = "POST", .path = {"api", "v1", "look"}, .query = {}, .headers = {}, .body = {}};
  request.body = boost::beast::buffers_to_string(buffer_.data());
  const Match match = find_route(request);
  work({match.route->lane, [request = std::move(request), route = match.route, &api = shared_.api] {
          return route->answer(request, {}, api);
        }});
}

// What it is answered: a frame as it is, an error as text.
void Connection::reply(const Response& response) {
  const bool good = response.status == 200;
  out_ = good ? response.body : fmt::format("{{\"status\": {}, \"answer\": {}}}", response.status, response.body);
  talk_->binary(good);
  talk_->async_write(asio::buffer(out_), [self = shared_from_this()](Error error, std::size_t) {
    if (!self->closed_) error ? self->close() : self->listen();
  });
}

// A client that has gone says so by an end of its bytes, which nobody reads while a stream is sent.
void Connection::watch_for_end() {
  stream_.socket().async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](Error error) {
    if (self->closed_ || error) return;
    char byte = 0;
    const ssize_t got = ::recv(self->stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) self->close();
  });
}

}  // namespace ganymede::serve
