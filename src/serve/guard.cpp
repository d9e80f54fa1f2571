#include "serve/guard.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"
#include "serve/token.hpp"

namespace ganymede::serve {
namespace {

bool is_v4(const std::string& text) {
  in_addr parsed{};
  return ::inet_pton(AF_INET, text.c_str(), &parsed) == 1;
}

bool is_v6(const std::string& text) {
  in6_addr parsed{};
  return ::inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

std::string own_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? lower_case(name) : "";
}

std::string host_of(const std::string& address, int port) {
  return is_v6(address) ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

bool is_reading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

bool has_json(const Request& request) {
  const std::string* type = request.header("content-type");
  return type != nullptr && lower_case(type->substr(0, type->find_first_of("; "))) == "application/json";
}

// The value of a cookie; "" if it is not there.
std::string cookie_of(const Request& request, const std::string& name) {
  const std::string* header = request.header("cookie");
  std::string_view rest = header == nullptr ? std::string_view() : *header;
  while (!rest.empty()) {
    const std::size_t end = rest.find(';');
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(name + "=")) return std::string(one.substr(name.size() + 1));
  }
  return "";
}

}  // namespace

void Guard::check(const Request& request, bool changes) const {
  check_host(request);
  check_origin(request);
  if (read_only && changes) throw HttpError(403, "this server is read-only (--read-only)");
  check_token(request, changes);
  if (!changes && !is_reading(request) && !has_json(request))
    throw HttpError(415, "the body must be JSON: wanted the header Content-Type: application/json");
}

void Guard::check_host(const Request& request) const {
  const std::string* header = request.header("host");
  const std::string host = header == nullptr ? "" : lower_case(*header);
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.substr(colon) == fmt::format(":{}", port)) {
    const std::string name = host.substr(0, colon);
    const bool v6 = name.size() > 2 && name.front() == '[' && name.back() == ']';
    if (name == "localhost" || is_v4(name) || (v6 && is_v6(name.substr(1, name.size() - 2)))) return;
    if (!loopback && !name.empty() && name == own_name()) return;
  }
  throw HttpError(421, fmt::format("the request is for another machine: wanted Host: {}", host_of(address, port)));
}

void Guard::check_origin(const Request& request) const {
  const auto count = [&](std::string_view name) {
    return std::ranges::count_if(request.headers, [&](const auto& field) { return field.first == name; });
  };
  const std::string* origin = request.header("origin");
  if (count("origin") > 0 &&
      (origin == nullptr || lower_case(*origin) != "http://" + lower_case(*request.header("host"))))
    throw HttpError(403, "a page elsewhere asks (Origin); only the server's own pages may");
  const std::string* site = request.header("sec-fetch-site");
  if (count("sec-fetch-site") == 0 || (site != nullptr && (*site == "same-origin" || *site == "none"))) return;
  const std::string* mode = request.header("sec-fetch-mode");
  const std::string* destination = request.header("sec-fetch-dest");
  const bool follows_a_link = request.method == "GET" && mode != nullptr && *mode == "navigate" &&
                              destination != nullptr && *destination == "document";
  if (!follows_a_link) throw HttpError(403, "a page elsewhere asks (Sec-Fetch-Site); only the server's own pages may");
}

void Guard::check_token(const Request& request, bool changes) const {
  if (!changes && loopback) return;
  const std::string* header = request.header("x-ganymede-token");
  if (header != nullptr && same_token(*header, token)) return;
  if (!changes && same_token(cookie_of(request, cookie()), token)) return;
  if (changes && header == nullptr)
    throw HttpError(401, "changes want the token in the header X-Ganymede-Token: `ganymede serve` printed it");
  throw HttpError(401,
                  "the token is missing or wrong (each start of the server makes a new one): open the link that "
                  "`ganymede serve` printed");
}

std::optional<Response> Guard::welcome(const Request& request) const {
  const std::string* given = request.parameter("token");
  if (request.method != "GET" || !request.path.empty() || given == nullptr || !same_token(*given, token)) return {};
  check_host(request);
  return Response{.status = 303,
                  .headers = {{"Location", "/#token=" + token},
                              {"Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax", cookie(), token)},
                              {"Cache-Control", "no-store"}}};
}

std::string Guard::link() const {
  const bool everywhere = address == "0.0.0.0" || address == "::";
  const std::string host = everywhere ? fmt::format("{}:{}", own_name(), port) : host_of(address, port);
  if (loopback) return fmt::format("http://{}/{}", host, read_only ? "" : "#token=" + token);
  return fmt::format("http://{}/?token={}", host, token);
}

}  // namespace ganymede::serve
