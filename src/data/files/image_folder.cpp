#include "data/files/image_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/memory_bound.hpp"
#include "base/thread_pool.hpp"
#include "data/batches.hpp"
#include "data/files/condition_file.hpp"
#include "data/files/picture_files.hpp"
#include "picture/picture_file.hpp"
#include "picture/resize.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kOrderSeed = 1;
constexpr int kSideOfNone = 64;              // where no picture can be read, which is said soon
constexpr std::int64_t kFilesAtOnce = 1024;  // files read at a time

bool is_number(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The order of classes: numbers as numbers (0, 1, 2, 10), before names by their letters.
bool comes_before(const std::string& a, const std::string& b) {
  if (is_number(a) != is_number(b)) return is_number(a);
  if (is_number(a)) {
    const auto digits = [](const std::string& n) { return n.substr(std::min(n.find_first_not_of('0'), n.size())); };
    const std::string da = digits(a), db = digits(b);
    if (da.size() != db.size()) return da.size() < db.size();
    if (da != db) return da < db;
  }
  return a < b;
}

struct Listing {
  std::vector<fs::path> files;       // relative to the folder, shuffled
  std::vector<std::string> classes;  // empty: none
  std::int32_t class_of(const fs::path& file) const {
    const auto at = std::lower_bound(classes.begin(), classes.end(), file.begin()->string(), comes_before);
    return static_cast<std::int32_t>(at - classes.begin());
  }
};

Listing list(const PictureFiles& pictures) {
  const std::vector<fs::path>& sorted = pictures.files;
  if (sorted.empty()) {
    const std::string formats = formats_text(pictures);
    fail<DataError>("{}: no PNG or JPEG pictures here{}", pictures.root.string(),
                    formats.empty() ? "" : "; " + formats);
  }
  Listing listing;
  const auto lies_above = [](const fs::path& file) { return !file.has_parent_path(); };
  if (std::none_of(sorted.begin(), sorted.end(), lies_above)) {
    for (const fs::path& file : sorted) listing.classes.push_back(file.begin()->string());
    std::sort(listing.classes.begin(), listing.classes.end(), comes_before);
    listing.classes.erase(std::unique(listing.classes.begin(), listing.classes.end()), listing.classes.end());
  }
  for (const std::uint32_t i : epoch_order(static_cast<std::int64_t>(sorted.size()), kOrderSeed, 0))
    listing.files.push_back(sorted[i]);
  return listing;
}

// @throws DataError if it cannot be read.
picture::Image square_of(const fs::path& path, int side) {
  return picture::resized(picture::centre_square(picture::read_picture(path, 2 * side)), side, side);
}

// One picture as RGB planes [3][side][side], or why it could not be read.
std::string read_one(const fs::path& path, int side, std::span<std::uint8_t> out) {
  try {
    const picture::Image image = square_of(path, side).with_channels(3);
    const std::size_t plane = static_cast<std::size_t>(side) * side;
    for (std::size_t p = 0; p < plane; ++p) {
      for (const std::size_t c : {0, 1, 2}) out[c * plane + p] = image.pixels()[3 * p + c];
    }
  } catch (const DataError& fault) {
    return fault.what();
  }
  return {};
}

// The numbers that a picture is to have, by its path within the folder that was asked for.
struct Conditions {
  std::optional<ConditionTable> table;
  fs::path root;  // of the split, within that folder
  std::span<const float> of(const fs::path& file) const {
    return table ? std::span<const float>(table->row_of(root / file)) : std::span<const float>();
  }
};

// Fills images [wanted, 3, side, side] in the listing's order and returns how many could be read.
std::int64_t read_all(const fs::path& root, const Listing& listing, const Conditions& conditions,
                      const ImageFolderOptions& o, Dataset& d) {
  const std::size_t size = std::size_t{3} * o.side * o.side;
  const std::int64_t wanted = d.size();
  const auto pixels = d.images.values<std::uint8_t>();
  const auto slot = [&](std::int64_t i) { return pixels.subspan(static_cast<std::size_t>(i) * size, size); };
  ThreadPool pool(o.threads);
  std::int64_t next = 0, count = 0;
  while (next < static_cast<std::int64_t>(listing.files.size()) && count < wanted) {
    const std::int64_t piece =
        std::min({kFilesAtOnce, static_cast<std::int64_t>(listing.files.size()) - next, wanted - count});
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
      const std::span<const float> condition = conditions.of(file(i));
      d.conditions.insert(d.conditions.end(), condition.begin(), condition.end());
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

bool has_colour(const fs::path& path, int side) {
  try {
    const picture::Image image = square_of(path, side);
    const auto p = image.pixels();
    for (std::size_t i = 0; image.channels() == 3 && i < p.size(); i += 3) {
      if (p[i] != p[i + 1] || p[i] != p[i + 2]) return true;
    }
  } catch (const DataError&) {  // is named where its split is read
  }
  return false;
}

bool any_has_colour(const PictureFiles& pictures, const ImageFolderOptions& o) {
  ThreadPool pool(o.threads);
  const auto total = static_cast<std::int64_t>(pictures.files.size());
  std::atomic<bool> any{false};
  for (std::int64_t next = 0; next < total && !any; next += kFilesAtOnce) {
    pool.run(std::min(kFilesAtOnce, total - next), [&](std::int64_t i, int) {
      if (!any && has_colour(pictures.root / pictures.files[static_cast<std::size_t>(next + i)], o.side)) any = true;
    });
  }
  return any;
}

// Whether no limit kept any file from being tried.
bool is_whole(const Dataset& d, const PictureFiles& pictures) {
  return static_cast<std::size_t>(d.size()) + d.provenance.skipped.size() == pictures.files.size();
}

// Grey or colour holds for a set as a whole: whichever split and however many of its pictures are asked for.
template <class OtherSplit>
bool is_grey_set(const Dataset& d, const PictureFiles& pictures, const OtherSplit& other_split,
                 const ImageFolderOptions& o) {
  if (o.colour != ImageColour::automatic) return o.colour == ImageColour::grey;
  if (has_colour(d)) return false;
  if (!is_whole(d, pictures) && any_has_colour(pictures, o)) return false;
  const PictureFiles& other = other_split();
  return other.root == pictures.root || !any_has_colour(other, o);
}

// Side of the pictures of both splits where all that can be read are squares of one size: a size that nobody chose
// would change every picture, and every score with it.
int own_side(const fs::path& folder, const PictureFiles& pictures, const PictureFiles& other) {
  std::optional<picture::PictureSize> first;
  fs::path first_file;
  const auto shown = [](const fs::path& file, const picture::PictureSize& size) {
    return fmt::format("{} is {} x {}", file.string(), size.width, size.height);
  };
  for (const PictureFiles* split : {&pictures, &other}) {
    if (split == &other && other.root == pictures.root) break;
    for (const fs::path& file : split->files) {
      const auto size = picture::picture_size(split->root / file);
      if (!size) continue;  // is named where it is read
      if (first && *size == *first && size->width == size->height) continue;
      if (!first && size->width == size->height) {
        first = size, first_file = file;
        continue;
      }
      fail<ConfigError>(
          "{}: its pictures are no squares of one size ({}{}): choose data.image_size (--image-size of data show and "
          "evaluate), the side of the square that each becomes",
          folder.string(), first ? shown(first_file, *first) + ", " : "", shown(file, *size));
    }
  }
  return first ? static_cast<int>(first->width) : kSideOfNone;
}

// What else the user should know of the files that are left out.
void add_notes(const PictureFiles& pictures, const Listing& listing, Dataset& d) {
  d.provenance.notes = pictures.notes;
  if (const std::string formats = formats_text(pictures); !formats.empty()) d.provenance.notes.push_back(formats);
  for (const std::string& folder : unread_folders(pictures))
    d.provenance.notes.push_back(fmt::format("nothing in \"{}\" can be read: it is no class of this set", folder));
  if (listing.classes.empty() || !is_whole(d, pictures)) return;
  std::set<std::int32_t> empty;
  for (const fs::path& file : listing.files) empty.insert(listing.class_of(file));
  for (const std::int32_t label : d.labels) empty.erase(label);
  for (const std::int32_t k : empty) {
    d.provenance.notes.push_back(
        fmt::format("none of the pictures of class \"{}\" can be read", listing.classes[static_cast<std::size_t>(k)]));
  }
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

Dataset read_image_folder(const fs::path& folder, Split split, const ImageFolderOptions& options) {
  ImageFolderOptions o = options;
  const auto check_side = [&] {
    if (o.side >= 4 && o.side <= 1024) return;
    fail<ConfigError>("data.image_size: wanted 4 to 1024, found {}{}", o.side,
                      options.side == 0 ? ", the pictures' own size: choose one" : "");
  };
  if (o.side != 0) check_side();
  std::error_code error;
  if (!fs::is_directory(folder, error)) fail<DataError>("{}: no such folder", folder.string());
  const PictureFiles pictures = find_pictures(folder, split);
  const Listing listing = list(pictures);
  std::optional<PictureFiles> other;  // found once, where it is wanted at all
  const auto other_split = [&]() -> const PictureFiles& {
    if (!other) other = find_pictures(folder, split == Split::train ? Split::test : Split::train);
    return *other;
  };
  if (o.side == 0) o.side = own_side(folder, pictures, other_split());
  check_side();
  const auto total = static_cast<std::int64_t>(listing.files.size());
  Dataset d;
  d.provenance = {folder.string(),
                  {pictures.root},
                  options.side == 0
                      ? fmt::format("pictures of {} x {} pixels", o.side, o.side)
                      : fmt::format("pictures, the middle square of each at {} x {} pixels", o.side, o.side),
                  {}};
  d.class_names = listing.classes;
  const Conditions conditions{.table = find_conditions(folder), .root = pictures.root.lexically_relative(folder)};
  if (conditions.table) {
    d.condition_names = conditions.table->names;
    d.provenance.files.push_back(conditions.table->where);
    for (const fs::path& file : listing.files) conditions.of(file);  // says at once what has none
  }
  const std::int64_t wanted = o.limit > 0 ? std::min(o.limit, total) : total;
  check_memory(static_cast<std::uint64_t>(wanted) * 3 * o.side * o.side,
               fmt::format("{}: {} pictures (data.limit, data.image_size)", folder.string(), wanted));
  d.images = Tensor(DType::u8, {wanted, 3, o.side, o.side});
  const std::int64_t count = read_all(pictures.root, listing, conditions, o, d);
  if (count == 0) {
    fail<DataError>("{}: none of {} pictures can be read; the first: {}", folder.string(), total,
                    d.provenance.skipped.front());
  }
  d = first_images(std::move(d), count);
  add_notes(pictures, listing, d);
  if (conditions.table) {
    if (std::string note = conditions.table->rows_of_nothing(folder); !note.empty())
      d.provenance.notes.push_back(std::move(note));
  }
  if (is_grey_set(d, pictures, other_split, o)) d.images = grey_of(d);
  d = checked(std::move(d));
  std::vector<std::string> classes = listing.classes;  // the training split's are the set's
  if (split != Split::train && other_split().root != pictures.root) classes = list(other_split()).classes;
  if (classes.size() < 2) classes.clear();
  return with_classes(std::move(d), classes);
}

}  // namespace ganymede::data
