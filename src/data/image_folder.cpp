#include "data/image_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "data/batches.hpp"
#include "picture/picture_file.hpp"
#include "picture/resize.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kOrderSeed = 1;
constexpr std::int64_t kPiece = 1024;  // files read at a time

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

// Calls use(path) for every picture, in no certain order, until it returns false.
template <class F>
void each_picture(const fs::path& folder, F&& use) {
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder, error); !error && it != fs::end(it); it.increment(error)) {
    if (is_hidden(it->path())) {
      it.disable_recursion_pending();
    } else if (picture::is_picture_name(it->path()) && it->is_regular_file(error)) {
      if (!use(it->path())) return;
    }
  }
  if (error) fail<DataError>("{}: {}", folder.string(), error.message());
}

fs::path folder_of(const fs::path& folder, Split split) {
  const auto named = [&](std::initializer_list<const char*> names) {
    std::error_code error;
    for (const char* name : names) {
      if (fs::is_directory(folder / name, error)) return folder / name;
    }
    return fs::path();
  };
  const fs::path train = named({"train"}), test = named({"test", "val", "validation"});
  if (train.empty() || test.empty()) return folder;
  return split == Split::train ? train : test;
}

struct Listing {
  std::vector<fs::path> files;       // relative to the folder, shuffled
  std::vector<std::string> classes;  // empty: none
  std::int32_t class_of(const fs::path& file) const {
    const auto at = std::lower_bound(classes.begin(), classes.end(), file.begin()->string());
    return static_cast<std::int32_t>(at - classes.begin());
  }
};

Listing list(const fs::path& folder) {
  std::vector<fs::path> sorted;
  each_picture(folder, [&](const fs::path& path) {
    sorted.push_back(path.lexically_relative(folder));
    return true;
  });
  if (sorted.empty()) fail<DataError>("{}: no PNG or JPEG pictures here", folder.string());
  std::sort(sorted.begin(), sorted.end());
  Listing listing;
  const auto lies_above = [](const fs::path& file) { return !file.has_parent_path(); };
  if (std::none_of(sorted.begin(), sorted.end(), lies_above)) {
    for (const fs::path& file : sorted) listing.classes.push_back(file.begin()->string());
    listing.classes.erase(std::unique(listing.classes.begin(), listing.classes.end()), listing.classes.end());
    if (listing.classes.size() < 2) listing.classes.clear();
  }
  for (const std::uint32_t i : epoch_order(static_cast<std::int64_t>(sorted.size()), kOrderSeed, 0))
    listing.files.push_back(sorted[i]);
  return listing;
}

// One picture as RGB planes [3][side][side], or why it could not be read.
std::string read_one(const fs::path& path, int side, std::span<std::uint8_t> out) {
  try {
    const picture::Image image =
        picture::resized(picture::centre_square(picture::read_picture(path, 2 * side)), side, side).with_channels(3);
    const std::size_t plane = static_cast<std::size_t>(side) * side;
    for (std::size_t p = 0; p < plane; ++p) {
      for (const std::size_t c : {0, 1, 2}) out[c * plane + p] = image.pixels()[3 * p + c];
    }
  } catch (const DataError& fault) {
    return fault.what();
  }
  return {};
}

// Fills images [wanted, 3, side, side] in the listing's order and returns how many could be read.
std::int64_t read_all(const fs::path& root, const Listing& listing, const ImageFolderOptions& o, Dataset& d) {
  const std::size_t size = std::size_t{3} * o.side * o.side;
  const std::int64_t wanted = d.size();
  const auto pixels = d.images.values<std::uint8_t>();
  const auto slot = [&](std::int64_t i) { return pixels.subspan(static_cast<std::size_t>(i) * size, size); };
  ThreadPool pool(o.threads);
  std::int64_t next = 0, count = 0;
  while (next < static_cast<std::int64_t>(listing.files.size()) && count < wanted) {
    const std::int64_t piece =
        std::min({kPiece, static_cast<std::int64_t>(listing.files.size()) - next, wanted - count});
    const std::int64_t begin = count;
    std::vector<std::string> faults(static_cast<std::size_t>(piece));
    const auto file = [&](std::int64_t i) -> const fs::path& {
      return listing.files[static_cast<std::size_t>(next + i)];
    };
    pool.run(piece, [&](std::int64_t i, int) {
      faults[static_cast<std::size_t>(i)] = read_one(root / file(i), o.side, slot(begin + i));
    });
    for (std::int64_t i = 0; i < piece; ++i) {
      if (const std::string& fault = faults[static_cast<std::size_t>(i)]; !fault.empty()) {
        d.provenance.skipped.push_back(fault);
        continue;
      }
      if (begin + i != count) std::copy_n(slot(begin + i).begin(), size, slot(count).begin());
      if (!listing.classes.empty()) d.labels.push_back(listing.class_of(file(i)));
      ++count;
    }
    next += piece;
  }
  return count;
}

bool has_colour(const Dataset& d) {
  const auto plane = static_cast<std::size_t>(d.height()) * d.width();
  for (std::int64_t i = 0; i < d.size(); ++i) {
    const auto rgb = d.image(i);
    for (std::size_t p = 0; p < plane; ++p) {
      if (rgb[p] != rgb[plane + p] || rgb[p] != rgb[2 * plane + p]) return true;
    }
  }
  return false;
}

Tensor grey_of(const Dataset& d) {
  const auto plane = static_cast<std::size_t>(d.height()) * d.width();
  Tensor grey(DType::u8, {d.size(), 1, d.height(), d.width()});
  auto out = grey.values<std::uint8_t>().begin();
  for (std::int64_t i = 0; i < d.size(); ++i) {
    const auto rgb = d.image(i);
    for (std::size_t p = 0; p < plane; ++p) *out++ = picture::grey_of({rgb[p], rgb[plane + p], rgb[2 * plane + p]});
  }
  return grey;
}

}  // namespace

ImageColour image_colour_from(const std::string& name) {
  if (name == "auto") return ImageColour::automatic;
  if (name == "grey") return ImageColour::grey;
  if (name == "rgb") return ImageColour::rgb;
  fail<ConfigError>("data.image_colour: wanted auto, grey or rgb, found \"{}\"", name);
}

bool holds_pictures(const fs::path& folder) {
  bool any = false;
  each_picture(folder, [&](const fs::path&) {
    any = true;
    return false;
  });
  return any;
}

Dataset read_image_folder(const fs::path& folder, Split split, const ImageFolderOptions& o) {
  if (o.side < 4 || o.side > 1024) fail<ConfigError>("data.image_size: wanted 4 to 1024, found {}", o.side);
  std::error_code error;
  if (!fs::is_directory(folder, error)) fail<DataError>("{}: no such folder", folder.string());
  const fs::path root = folder_of(folder, split);
  const Listing listing = list(root);
  const auto total = static_cast<std::int64_t>(listing.files.size());
  Dataset d;
  d.provenance = {folder.string(),
                  {root},
                  fmt::format("pictures, the middle square of each at {} x {} pixels", o.side, o.side),
                  {}};
  d.class_names = listing.classes;
  d.images = Tensor(DType::u8, {o.limit > 0 ? std::min(o.limit, total) : total, 3, o.side, o.side});
  const std::int64_t count = read_all(root, listing, o, d);
  if (count == 0) {
    fail<DataError>("{}: none of {} pictures can be read; the first: {}", folder.string(), total,
                    d.provenance.skipped.front());
  }
  d = first_images(std::move(d), count);
  if (o.colour == ImageColour::grey || (o.colour == ImageColour::automatic && !has_colour(d))) d.images = grey_of(d);
  return checked(std::move(d));
}

}  // namespace ganymede::data
