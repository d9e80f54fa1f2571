#pragma once

#include <optional>
#include <string>

#include "serve/message.hpp"

namespace ganymede::serve {

/// Who may ask what. The server is reached by everything that runs on the machine, pages of strangers in its browser
/// included, so each request is held against this before anything is looked at.
struct Guard {
  std::string address;  ///< that the server listens on, as digits
  int port = 0;
  bool loopback = true;  ///< the address is reached from this machine alone
  bool read_only = false;
  std::string token;  ///< what changes want, and everything where the address is not loopback
  std::string cookie() const { return "ganymede-" + std::to_string(port); }  ///< cookies know no ports

  /// Refuses a request by an HttpError:
  /// 421 unless Host is there once and names this machine by digits or as "localhost" (or its own name, where it
  ///     listens beyond loopback) with this port: a stranger's name that was made to lead here is refused;
  /// 403 if Origin or Sec-Fetch-Site say that a page elsewhere asks (a link from elsewhere to a page of ours is fine);
  /// 403 if it changes something and the server is read-only;
  /// 401 without the token: of what changes something in the header X-Ganymede-Token, of the rest, where the address is
  ///     not loopback, there or in the cookie;
  /// 415 if it asks by POST without changing anything, and its body is not application/json: a form of a page elsewhere
  ///     cannot send that.
  /// `changes`: Route::changes.
  void check(const Request& request, bool changes) const;

  /// `GET /?token=...` of the link that was printed: sets the cookie and leads to "/#token=...", where a page finds it;
  /// nothing if this is no such request.
  std::optional<Response> welcome(const Request& request) const;

  /// What a person opens: http://127.0.0.1:8642/#token=... on loopback, http://192.168.0.7:8642/?token=... elsewhere.
  std::string link() const;

 private:
  void check_host(const Request& request) const;
  void check_origin(const Request& request) const;
  void check_token(const Request& request, bool changes) const;
};

}  // namespace ganymede::serve
