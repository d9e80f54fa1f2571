#include "data/files/http.hpp"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>

#include <array>

#include "base/error.hpp"

namespace ganymede::data {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";

/// libcurl's functions, found when first needed.
class Curl {
 public:
  Curl() : library_(dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) {
      fail<DataError>("downloads need {}, which cannot be loaded ({}); install the package libcurl4", kLibrary,
                      dlerror());
    }
    find(global_init, "curl_global_init");
    find(init, "curl_easy_init");
    find(set, "curl_easy_setopt");
    find(perform, "curl_easy_perform");
    find(info, "curl_easy_getinfo");
    find(cleanup, "curl_easy_cleanup");
    find(text_of, "curl_easy_strerror");
    global_init(CURL_GLOBAL_DEFAULT);
  }

  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) info = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) text_of = nullptr;

 private:
  template <class F>
  void find(F& function, const char* name) {
    function = reinterpret_cast<F>(dlsym(library_, name));
    if (function == nullptr) fail<DataError>("{} lacks {}: reinstall the package libcurl4", kLibrary, name);
  }

  void* library_;  // stays loaded: libcurl's own libraries do not survive unloading
};

struct Transfer {
  const HttpOptions& options;
  HttpResult& result;
  bool too_large = false;
};

std::size_t on_bytes(const char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.too_large = transfer.result.body.size() + size * count > transfer.options.max_bytes;
  if (transfer.too_large) return 0;
  transfer.result.body.append(bytes, size * count);
  return size * count;
}

int on_progress(void* user, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.options.on_progress) return 0;
  if (!transfer.options.on_progress(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total))) {
    transfer.result.stopped = true;
  }
  return transfer.result.stopped ? 1 : 0;
}

std::string reason(const Curl& curl, CURL* handle, CURLcode code, const char* details, const Transfer& transfer) {
  long status = 0;
  curl.info(handle, CURLINFO_RESPONSE_CODE, &status);
  if (transfer.result.stopped) return "stopped";
  if (transfer.too_large) return fmt::format("more than {} bytes", transfer.options.max_bytes);
  if (code == CURLE_HTTP_RETURNED_ERROR) return fmt::format("HTTP status {}", status);
  std::string text = details[0] != '\0' ? details : curl.text_of(code);
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
    text += " (is the package ca-certificates installed?)";
  }
  return text;
}

}  // namespace

HttpResult http_get(const std::string& url, const HttpOptions& options) {
  static const Curl curl;
  HttpResult result;
  Transfer transfer{options, result};
  std::array<char, CURL_ERROR_SIZE> details{};
  CURL* handle = curl.init();
  if (handle == nullptr) throw Error("libcurl cannot start (out of memory)");
  curl.set(handle, CURLOPT_URL, url.c_str());
  curl.set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl.set(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl.set(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl.set(handle, CURLOPT_MAXREDIRS, 10L);
  curl.set(handle, CURLOPT_FAILONERROR, 1L);
  curl.set(handle, CURLOPT_NOSIGNAL, 1L);
  curl.set(handle, CURLOPT_USERAGENT, "ganymede");
  curl.set(handle, CURLOPT_CONNECTTIMEOUT, options.connect_timeout_s);
  curl.set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl.set(handle, CURLOPT_LOW_SPEED_TIME, options.stall_timeout_s);
  curl.set(handle, CURLOPT_ERRORBUFFER, details.data());
  curl.set(handle, CURLOPT_WRITEFUNCTION, &on_bytes);
  curl.set(handle, CURLOPT_WRITEDATA, &transfer);
  curl.set(handle, CURLOPT_NOPROGRESS, 0L);
  curl.set(handle, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl.set(handle, CURLOPT_XFERINFODATA, &transfer);
  const CURLcode code = curl.perform(handle);
  result.ok = code == CURLE_OK;
  if (!result.ok) {
    result.error = reason(curl, handle, code, details.data(), transfer);
    result.body.clear();
  }
  curl.cleanup(handle);
  return result;
}

}  // namespace ganymede::data
