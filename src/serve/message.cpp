#include "serve/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"

namespace ganymede::serve {
namespace {

std::string& program_version() {
  static std::string version;
  return version;
}

const char* phrase_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 206:
      return "Partial Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 421:
      return "Misdirected Request";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

bool has_header(const Response& response, std::string_view name) {
  return std::ranges::any_of(response.headers, [&](const auto& field) { return field.first == name; });
}

// Everything from elsewhere is forbidden; scripts and styles come from files of the server's own alone.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace

const std::string* Request::header(std::string_view name) const {
  const auto is_it = [&](const auto& field) { return field.first == name; };
  const auto found = std::ranges::find_if(headers, is_it);
  return found == headers.end() || std::any_of(found + 1, headers.end(), is_it) ? nullptr : &found->second;
}

const std::string* Request::parameter(std::string_view name) const {
  const auto found = std::ranges::find_if(query, [&](const auto& field) { return field.first == name; });
  return found == query.end() ? nullptr : &found->second;
}

void set_program_version(std::string version) {
  program_version() = std::move(version);
}

Response json_answer(std::string text, int status) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = std::move(text)};
}

nlohmann::ordered_json with_schema(std::string_view name, const nlohmann::ordered_json& object) {
  nlohmann::ordered_json whole = {{"schema", fmt::format("ganymede.api.{}/1", name)}, {"version", program_version()}};
  whole.update(object);
  return whole;
}

Response json_response(std::string_view name, const nlohmann::ordered_json& object, int status) {
  return json_answer(json_text(with_schema(name, object)) + "\n", status);
}

Response error_response(int status, std::string_view sentence) {
  return json_response("error", {{"error", printable(sentence)}}, status);
}

std::string head_of(const Response& response, bool keep_alive) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, phrase_of(response.status));
  for (const auto& [name, value] : response.headers) head += fmt::format("{}: {}\r\n", name, value);
  if (!has_header(response, "Content-Security-Policy"))
    head += fmt::format("Content-Security-Policy: {}\r\n", kPagePolicy);
  head +=
      "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n";
  if (!response.source) {
    if (response.status != 304) head += fmt::format("Content-Length: {}\r\n", response.body.size());
  } else if (response.length) {
    head += fmt::format("Content-Length: {}\r\n", *response.length);
  } else {
    head += "Transfer-Encoding: chunked\r\n";
  }
  return head + (keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

}  // namespace ganymede::serve
