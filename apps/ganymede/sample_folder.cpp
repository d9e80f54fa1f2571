#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "picture/png.hpp"
#include "sample_command.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

/// "seed-00000017.png", "seed-00000017-class-3.png"; of a z by its place on the command line "z-0001.png".
std::string name_of_sample(const SampleArguments& arguments, const train::NamedSamples& samples, std::int64_t i) {
  const std::string of = arguments.z.empty() ? fmt::format("seed-{:08}", arguments.seed + static_cast<std::uint64_t>(i))
                                             : fmt::format("z-{:04}", 1 + i * std::ssize(arguments.z) / samples.count);
  if (samples.classes.empty()) return of + ".png";
  return fmt::format("{}-class-{}.png", of, samples.classes[static_cast<std::size_t>(i)]);
}

/// Sample i of [N, C, H, W] in its own size; of ink its strokes.
picture::Image picture_of_one(const Tensor& images, std::int64_t i) {
  const Shape& shape = images.shape();
  const std::int64_t each = shape[1] * shape[2] * shape[3], place = shape[2] * shape[3];
  const auto values =
      images.values<float>().subspan(static_cast<std::size_t>(i * each), static_cast<std::size_t>(each));
  if (train::is_ink({shape[1], shape[2], shape[3]}))
    return train::sheet(Tensor::of<float>({1, shape[1], shape[2], shape[3]}, values), 1);
  std::vector<std::uint8_t> pixels(values.size());
  for (std::int64_t at = 0; at < each; ++at) {
    const std::int64_t channel = at / place, pixel = at % place;
    pixels[static_cast<std::size_t>(pixel * shape[1] + channel)] =
        picture::level_of(values[static_cast<std::size_t>(at)]);
  }
  return {static_cast<int>(shape[2]), static_cast<int>(shape[3]), static_cast<int>(shape[1]), std::move(pixels)};
}

void write_plainly(const fs::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) fail_file(file, "write", errno);
}

/// Removed again unless it takes its name.
class UnfinishedFolder {
 public:
  explicit UnfinishedFolder(const fs::path& wanted) : wanted_(wanted) {
    path_ = wanted;
    path_ += fmt::format(".{}.partial", ::getpid());
    make_folder(path_);
  }
  ~UnfinishedFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;

  const fs::path& path() const { return path_; }
  void finish() {
    std::error_code fault;
    fs::rename(path_, wanted_, fault);  // an empty folder of that name gives way
    if (fault) fail_file(wanted_, "make", fault.value());
    path_.clear();
  }

 private:
  fs::path wanted_, path_;
};

fs::path without_slash(const std::string& folder) {
  const fs::path path = fs::path(folder).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

bool names_folder(const std::string& file) {
  std::error_code none;
  return file.ends_with('/') || (!file.empty() && fs::is_directory(file, none));
}

void check_sample_folder(const std::string& folder) {
  const fs::path path = without_slash(folder);
  std::error_code none;
  if (!fs::exists(fs::symlink_status(path, none))) return;
  if (!fs::is_directory(path, none) || !fs::is_empty(path, none)) {
    fail<UserError>(
        "-o {}: wanted a folder that is new or empty, so that nothing else lies among the samples; name "
        "another, or remove it",
        folder);
  }
}

void write_sample_folder(const SampleArguments& arguments, const train::NamedSamples& samples, const Tensor& images) {
  UnfinishedFolder folder(without_slash(arguments.file));
  for (std::int64_t i = 0; i < samples.count; ++i) {
    write_plainly(folder.path() / name_of_sample(arguments, samples, i),
                  picture::encode_png(picture_of_one(images, i)));
  }
  folder.finish();
}

}  // namespace ganymede::app
