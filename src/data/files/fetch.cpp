#include "data/files/fetch.hpp"

#include <fmt/format.h>
#include <md5.h>

#include <array>
#include <system_error>
#include <utility>

#include "base/checksum.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "data/files/http.hpp"
#include "data/files/inflate.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

/// The file's own name and, after it, the unpacked one: readers take either.
std::vector<fs::path> places_of(const fs::path& folder, const std::string& name) {
  std::vector<fs::path> places{folder / name};
  if (name.ends_with(".gz")) places.push_back(folder / name.substr(0, name.size() - 3));
  return places;
}

bool has_content(const fs::path& path, const std::string& md5) {
  try {
    return md5_of_content(read_file(path), path.string()) == md5;
  } catch (const DataError&) {
    return false;
  }
}

std::string joined(const std::string& mirror, const std::string& name) {
  return mirror.ends_with('/') ? mirror + name : mirror + "/" + name;
}

/// What is wrong with a downloaded file; "" if nothing is.
std::string fault_of(const std::string& bytes, const RemoteFile& file) {
  try {
    const std::string md5 = md5_of_content(bytes, "download");
    return md5 == file.md5 ? "" : fmt::format("wrong content: MD5 {}, wanted {}", md5, file.md5);
  } catch (const DataError& error) {
    return error.what();
  }
}

class Fetcher {
 public:
  explicit Fetcher(const FetchOptions& options) : options_(options) {
    if (options_.mirrors.empty()) options_.mirrors = mnist_mirrors();
    if (options_.files.empty()) options_.files = mnist_files();
  }

  FetchReport run() {
    make_folder(options_.folder);
    FetchReport report;
    for (const RemoteFile& file : options_.files) {
      if (is_there(file)) {
        ++report.kept;
        continue;
      }
      const std::string bytes = download(file);
      put(file, bytes);
      ++report.fetched;
      report.bytes += bytes.size();
    }
    return report;
  }

 private:
  bool is_there(const RemoteFile& file) const {
    bool good = false;
    for (const fs::path& place : places_of(options_.folder, file.name)) {
      if (fs::exists(place)) good = has_content(place, file.md5);  // the unpacked one, which is read first, decides
    }
    return good;
  }

  std::string download(const RemoteFile& file) {
    HttpOptions http{options_.connect_timeout_s, options_.stall_timeout_s, options_.max_bytes, {}};
    if (options_.on_progress) {
      http.on_progress = [&](std::uint64_t done, std::uint64_t total) {
        return options_.on_progress(file.name, done, total);
      };
    }
    std::string tried;
    for (std::size_t i = 0; i < options_.mirrors.size(); ++i) {
      const std::size_t mirror = (good_mirror_ + i) % options_.mirrors.size();
      const std::string url = joined(options_.mirrors[mirror], file.name);
      HttpResult result = http_get(url, http);
      if (result.stopped) throw UserError("the download was stopped; what is complete stays, run it again to go on");
      if (result.ok) result.error = fault_of(result.body, file);
      if (result.error.empty()) {
        good_mirror_ = mirror;
        return std::move(result.body);
      }
      tried += fmt::format("{}{}: {}", tried.empty() ? "" : "; ", url, result.error);
      if (options_.on_message) options_.on_message(fmt::format("{}: {}", url, result.error));
    }
    fail<DataError>(
        "{} could not be downloaded ({}). Put the files {} into {} by hand, or use the built-in digits with "
        "`--source builtin-digits`",
        file.name, tried, all_names(), options_.folder.string());
  }

  void put(const RemoteFile& file, const std::string& bytes) const {
    for (const fs::path& place : places_of(options_.folder, file.name)) {
      std::error_code error;
      if (!fs::exists(place, error) || has_content(place, file.md5)) continue;
      const fs::path aside = place.string() + ".bad";
      fs::rename(place, aside, error);
      if (error) fail<DataError>("{}: has the wrong content and cannot be moved: {}", place.string(), error.message());
      if (options_.on_message) {
        options_.on_message(fmt::format("{} has the wrong content; kept as {}", place.string(), aside.string()));
      }
    }
    write_file_atomically(options_.folder / file.name, bytes);
  }

  std::string all_names() const {
    std::string names;
    for (const RemoteFile& file : options_.files) names += (names.empty() ? "" : ", ") + file.name;
    return names;
  }

  FetchOptions options_;
  std::size_t good_mirror_ = 0;  // the one that served the last file is asked first
};

}  // namespace

const std::vector<RemoteFile>& mnist_files() {
  static const std::vector<RemoteFile> files{{"train-images-idx3-ubyte.gz", "6bbc9ace898e44ae57da46a324031adb"},
                                             {"train-labels-idx1-ubyte.gz", "a25bea736e30d166cdddb491f175f624"},
                                             {"t10k-images-idx3-ubyte.gz", "2646ac647ad5339dbf082846283269ea"},
                                             {"t10k-labels-idx1-ubyte.gz", "27ae3e4e09519cfbb04c329615203637"}};
  return files;
}

std::vector<std::string> mnist_mirrors() {
  const auto list = environment("GANYMEDE_MNIST_MIRRORS");
  if (!list) {
    return {"https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/"};
  }
  std::vector<std::string> mirrors;
  std::string mirror;
  for (const char c : *list + " ") {
    if (c != ' ' && c != ',' && c != '\n' && c != '\t') {
      mirror += c;
    } else if (!mirror.empty()) {
      mirrors.push_back(std::exchange(mirror, {}));
    }
  }
  if (mirrors.empty()) fail<ConfigError>("GANYMEDE_MNIST_MIRRORS names no mirror: wanted URLs of folders");
  return mirrors;
}

FetchReport fetch(const FetchOptions& options) {
  return Fetcher(options).run();
}

std::string md5_of_content(std::string_view bytes, const std::string& where) {
  InflateReader in(bytes, where);
  MD5_CTX context;
  MD5Init(&context);
  std::string piece(1 << 16, '\0');
  while (const std::size_t count = in.read(piece)) {
    MD5Update(&context, reinterpret_cast<const std::uint8_t*>(piece.data()), count);
  }
  std::array<std::uint8_t, MD5_DIGEST_LENGTH> digest{};
  MD5Final(digest.data(), &context);
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace ganymede::data
