#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace ganymede::data {

struct HttpOptions {
  long connect_timeout_s = 15;
  long stall_timeout_s = 30;
  std::uint64_t max_bytes = 64u << 20;
  std::function<bool(std::uint64_t done, std::uint64_t total)> on_progress;  ///< false stops the transfer
};

struct HttpResult {
  bool ok = false;
  bool stopped = false;  ///< by on_progress
  std::string body;
  std::string error;  ///< why not: "HTTP status 404", "Could not resolve host: ..."
};

/// GET of an http or https URL (redirects followed, at most 10) by libcurl. The library is loaded at the first call and
/// not linked: it would double the program's start-up. Failures of the transfer come back in `error`.
HttpResult http_get(const std::string& url, const HttpOptions& options = {});

}  // namespace ganymede::data
