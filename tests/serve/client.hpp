#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace ganymede::serve {

struct Answer {
  int status = 0;                              ///< 0: the connection ended without an answer
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  nlohmann::json json() const { return nlohmann::json::parse(body); }
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// A socket to a server on this machine, which sends whatever bytes it is given.
class Client {
 public:
  explicit Client(int port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (socket_ < 0 || ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection to the server");
  }
  ~Client() {
    if (socket_ >= 0) ::close(socket_);
  }
  Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)), bytes_(std::move(other.bytes_)) {}

  /// False if the server has hung up.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  /// Everything up to the first `end`; what has come, if that does not come in time.
  std::string until(const std::string& end, int milliseconds = 5000) {
    std::size_t at = 0;
    while ((at = bytes_.find(end)) == std::string::npos) {
      if (!more(milliseconds)) return std::exchange(bytes_, {});
    }
    std::string text = bytes_.substr(0, at + end.size());
    bytes_.erase(0, at + end.size());
    return text;
  }
  /// So many bytes; fewer, if they do not come in time.
  std::string take(std::size_t count, int milliseconds = 20000) {
    while (bytes_.size() < count && more(milliseconds)) {
    }
    std::string text = bytes_.substr(0, count);
    bytes_.erase(0, text.size());
    return text;
  }
  /// Everything until the server hangs up, or the time is over.
  std::string rest(int milliseconds = 5000) {
    while (more(milliseconds)) {
    }
    return std::exchange(bytes_, {});
  }
  /// Whether the server hangs up in time.
  bool ends_within(int milliseconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    while (std::chrono::steady_clock::now() < end) {
      if (!more(milliseconds)) return ended_;
    }
    return false;
  }

  Answer answer(bool has_body = true) {
    Answer result;
    const std::string head = until("\r\n\r\n");
    if (!head.starts_with("HTTP/1.1 ") || !head.ends_with("\r\n\r\n")) return result;
    result.status = std::stoi(head.substr(9, 3));
    for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
      const std::size_t end = head.find("\r\n", at), colon = head.find(": ", at);
      result.headers[lower_case(head.substr(at, colon - at))] = head.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
    if (!has_body || result.status == 304) return result;
    const std::string length = result.header("content-length");
    while (bytes_.size() < (length.empty() ? 0 : std::stoul(length)) && more(5000)) {
    }
    result.body = bytes_.substr(0, length.empty() ? 0 : std::stoul(length));
    bytes_.erase(0, result.body.size());
    return result;
  }

 private:
  bool more(int milliseconds) {
    pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
    if (ended_ || ::poll(&wanted, 1, milliseconds) != 1) return false;
    char block[65536];
    const ssize_t got = ::recv(socket_, block, sizeof block, 0);
    if (got <= 0) {
      ended_ = true;
      return false;
    }
    bytes_.append(block, static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  std::string bytes_;
  bool ended_ = false;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The text of a request as a browser on this machine would send it; a header "Host" of `headers` replaces the usual.
inline std::string request_text(int port, const std::string& method, const std::string& target,
                                const Headers& headers = {}, const std::string& body = "") {
  std::string text = method + " " + target + " HTTP/1.1\r\n";
  bool has_host = false;
  for (const auto& [name, value] : headers) {
    has_host = has_host || name == "Host";
    text += name + ": " + value + "\r\n";
  }
  if (!has_host) text += "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

inline Answer ask(int port, const std::string& method, const std::string& target, const Headers& headers = {},
                  const std::string& body = "") {
  Client client(port);
  client.send(request_text(port, method, target, headers, body));
  return client.answer(method != "HEAD");
}
inline Answer get(int port, const std::string& target, const Headers& headers = {}) {
  return ask(port, "GET", target, headers);
}

}  // namespace ganymede::serve
