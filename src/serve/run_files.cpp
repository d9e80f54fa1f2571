#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "serve/api.hpp"
#include "serve/confined.hpp"

namespace ganymede::serve {
namespace {

constexpr std::uint64_t kPieceBytes = 128 << 10;

struct Kind {
  const char* ending;
  const char* type;
};
constexpr Kind kKinds[] = {{".png", "image/png"},
                           {".svg", "image/svg+xml"},
                           {".gif", "image/gif"},
                           {".mp4", "video/mp4"},
                           {".webm", "video/webm"},
                           {".json", "application/json"},
                           {".jsonl", "application/x-ndjson"},
                           {".toml", "text/plain; charset=utf-8"},
                           {".html", "text/html; charset=utf-8"},
                           {".npy", "application/octet-stream"},
                           {".npz", "application/octet-stream"},
                           {".safetensors", "application/octet-stream"}};

// What a file may do in a browser, whoever wrote it: show itself, with its own styles and pictures; no script, no
// form, nothing of this server.
constexpr const char* kFilePolicy =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:";

const Kind* kind_of(const std::string& name) {
  const auto found = std::ranges::find_if(kKinds, [&](const Kind& kind) { return name.ends_with(kind.ending); });
  return found == std::end(kKinds) ? nullptr : found;
}

class FileSource : public Source {
 public:
  FileSource(ConfinedFile file, std::uint64_t offset, std::uint64_t length)
      : file_(std::move(file)), offset_(offset), left_(length) {}

  Piece next() override {
    Piece piece{.bytes = file_.read(offset_, std::min(left_, kPieceBytes))};
    if (piece.bytes.empty() && left_ > 0) throw HttpError(500, "the file was cut while it was sent");
    offset_ += piece.bytes.size();
    left_ -= piece.bytes.size();
    piece.end = left_ == 0;
    return piece;
  }

 private:
  ConfinedFile file_;
  std::uint64_t offset_, left_;
};

std::optional<std::uint64_t> whole_number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() ? std::optional(number)
                                                                                              : std::nullopt;
}

struct Range {
  std::uint64_t first = 0, last = 0;
};
// One range of "bytes=a-b", "bytes=a-" or "bytes=-n"; nothing for all other forms, which a server may ignore.
// @throws HttpError 416 if it begins behind the end.
std::optional<Range> range_of(const std::string& header, std::uint64_t size) {
  if (!header.starts_with("bytes=")) return {};
  const std::string_view text = std::string_view(header).substr(6);
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = whole_number_in(text.substr(0, dash)), last = whole_number_in(text.substr(dash + 1));
  if (!first && !last) return {};
  if ((!first && dash > 0) || (!last && dash + 1 < text.size())) return {};
  const bool outside = first ? *first >= size : *last == 0 || size == 0;
  if (outside) throw HttpError(416, fmt::format("the range lies behind the end: the file has {} bytes", size));
  if (!first) return Range{size - std::min(*last, size), size - 1};
  if (last && *last < *first) return {};
  return Range{*first, std::min(last.value_or(size - 1), size - 1)};
}

}  // namespace

const std::vector<std::string>& shown_folders() {
  static const std::vector<std::string> kFolders = {"snapshots", "checkpoints", "samples",  "maps",
                                                    "measures",  "directions",  "surfaces", "inversions"};
  return kFolders;
}

bool is_shown(const Parts& path) {
  if (path.empty() || path.back().starts_with('.') || kind_of(path.back()) == nullptr) return false;
  return path.size() == 1 || (path.size() == 2 && std::ranges::count(shown_folders(), path[0]) == 1);
}

Response send_file(const Request& request, const Parts& parts, Api& api) {
  const std::filesystem::path folder = api.runs.folder_of(parts.at(0));
  const Parts path(parts.begin() + 1, parts.end());
  auto file = is_shown(path) ? open_confined(folder, path) : std::nullopt;
  if (!file) throw HttpError(404, fmt::format("the run shows no such file: {}", fmt::join(path, "/")));
  const std::uint64_t size = file->facts.bytes;
  const std::string modified = http_date(file->facts.modified_ns);
  const std::string tag = fmt::format("\"{:x}-{:x}-{:x}\"", file->facts.inode, size, file->facts.modified_ns);
  Response response{.headers = {{"ETag", tag},
                                {"Last-Modified", modified},
                                {"Cache-Control", "no-cache"},
                                {"Accept-Ranges", "bytes"},
                                {"Content-Security-Policy", kFilePolicy}}};
  const std::string* known_tag = request.header("if-none-match");
  const std::string* known_time = request.header("if-modified-since");
  const bool has_it = known_tag != nullptr
                          ? *known_tag == "*" || known_tag->find(tag) != std::string::npos
                          : known_time != nullptr && *known_time == modified;  // as browsers send what they were given
  if (has_it) {
    response.status = 304;
    return response;
  }
  response.headers.emplace_back("Content-Type", kind_of(path.back())->type);
  Range range{0, size == 0 ? 0 : size - 1};
  const std::string* wanted = request.header("range");
  const std::string* condition = request.header("if-range");
  if (wanted != nullptr && (condition == nullptr || *condition == tag || *condition == modified)) {
    if (const auto part = range_of(*wanted, size)) {
      range = *part;
      response.status = 206;
      response.headers.emplace_back("Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.last, size));
    }
  }
  const std::uint64_t length = size == 0 ? 0 : range.last - range.first + 1;
  if (length == 0) return response;
  response.length = length;
  response.source = std::make_unique<FileSource>(std::move(*file), range.first, length);
  return response;
}

}  // namespace ganymede::serve
