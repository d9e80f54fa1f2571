#include <zlib.h>

#include <map>
#include <mutex>

#include "base/error.hpp"
#include "serve/api.hpp"
#include "web/files.hpp"

// The page is one document for all of its addresses; it finds out itself which one it was opened at. Its files bear a
// hash in their names, so a browser keeps them for good.

namespace ganymede::serve {
namespace {

std::string_view content_type_of(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {{".html", "text/html; charset=utf-8"},
                                                                             {".js", "text/javascript; charset=utf-8"},
                                                                             {".css", "text/css; charset=utf-8"},
                                                                             {".svg", "image/svg+xml"},
                                                                             {".wasm", "application/wasm"}};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

std::string zipped(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // the largest window, in gzip's frame
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    fail<Error>("zlib could not begin");
  std::string result(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int end = deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  if (end != Z_STREAM_END) fail<Error>("zlib could not end");
  return result;
}

// Each file once, when it is first asked for.
const std::string& zipped_once(const web::File& file) {
  static std::mutex mutex;
  static std::map<std::string_view, std::string> kept;
  const std::lock_guard lock(mutex);
  const auto found = kept.find(file.path);
  return found != kept.end() ? found->second : kept.emplace(file.path, zipped(file.bytes)).first->second;
}

Response answer(const web::File& file, const Request& request, const char* caching) {
  Response response{.headers = {{"Content-Type", std::string(content_type_of(file.path))},
                                {"Cache-Control", caching},
                                {"Vary", "Accept-Encoding"}}};
  const std::string* accepted = request.header("accept-encoding");
  if (accepted != nullptr && accepted->find("gzip") != std::string::npos) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = zipped_once(file);
  } else {
    response.body = file.bytes;
  }
  return response;
}

}  // namespace

Response web_page(const Request& request, const Parts&, Api&) {
  return answer(*web::find("index.html"), request, "no-cache");
}

Response no_page(const Request& request, const Parts& parts, Api& api) {
  Response response = web_page(request, parts, api);
  response.status = 404;
  return response;
}

Response web_asset(const Request& request, const Parts& parts, Api&) {
  std::string path = "assets";
  for (const std::string& part : parts) path += "/" + part;
  const web::File* file = web::find(path);
  if (file == nullptr)
    throw HttpError(404, "the page has no file " + path + ": it may be of another version; load the page anew");
  return answer(*file, request, "public, max-age=31536000, immutable");
}

}  // namespace ganymede::serve
