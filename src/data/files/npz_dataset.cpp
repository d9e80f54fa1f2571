#include "data/files/npz_dataset.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/error.hpp"
#include "data/files/condition_file.hpp"
#include "data/points/point_file.hpp"
#include "tensor/npy.hpp"

namespace ganymede::data {
namespace {

std::string lower(std::string text) {
  for (char& ch : text) ch = static_cast<char>(std::tolower(static_cast<unsigned char>(ch)));
  return text;
}

using Names = std::vector<std::string>;

// The first that is there counts. A key of the file matches whatever its case: X_train is x_train.
const Names kPlainImages{"images", "x", "arr_0"};
const Names kPlainConditions{"conditions", "condition"};
const Names kPlainLabels{"labels", "y", "label", "arr_1"};
const Names kTrainWords{"train", "training"};
const Names kTestWords{"test", "testing"};
const Names kValidationWords{"val", "valid", "validation"};

// What a split's arrays are called: Keras' x_train, MedMNIST's train_images, and the like.
Names image_names(const Names& words) {
  Names names;
  for (const std::string& w : words) {
    for (const std::string& x : {"x_" + w, w + "_x", w + "_images", "images_" + w}) names.push_back(x);
  }
  return names;
}

Names label_names(const Names& words) {
  Names names;
  for (const std::string& w : words) {
    for (const std::string& y : {"y_" + w, w + "_y", w + "_labels", "labels_" + w, w + "_label", "label_" + w})
      names.push_back(y);
  }
  return names;
}

Names condition_names(const Names& words) {
  Names names;
  for (const std::string& w : words) {
    for (const std::string& c : {w + "_conditions", "conditions_" + w, w + "_condition", "condition_" + w})
      names.push_back(c);
  }
  return names;
}

bool is_channel_count(std::int64_t n) {
  return n == 1 || n == 3;
}

/// Strides of a [N, H, W], [N, H, W, C] or [N, C, H, W] array in terms of n, c, h, w.
struct Layout {
  std::int64_t n, c, h, w;
  std::int64_t stride_c, stride_h, stride_w;
};

Layout layout_of(const Shape& s, const std::string& where) {
  if (s.size() == 3) return {s[0], 1, s[1], s[2], 1, s[2], 1};
  if (s.size() == 4 && is_channel_count(s[3])) return {s[0], s[3], s[1], s[2], 1, s[2] * s[3], s[3]};
  if (s.size() == 4 && is_channel_count(s[1])) return {s[0], s[1], s[2], s[3], s[2] * s[3], s[3], 1};
  fail<DataError>("{}: wanted images of shape (N, H, W) or (N, H, W, C) with C = 1 or 3, found {}{}", where,
                  to_string(s), s.size() == 2 ? "; flattened images must be reshaped first" : "");
}

// How far below 0 pictures of [0, 1] may lie that were enlarged: no usual interpolation overshoots by more than 0.45 of
// the range that it finds.
constexpr double kMostOvershoot = 0.5;

/// value -> level is round(scale * value + shift).
struct Scale {
  double scale = 1, shift = 0;
};

template <class T>
Scale scale_of(std::span<const T> values, const std::optional<ValueRange>& range, const std::string& where) {
  if constexpr (std::is_floating_point_v<T>) {
    const auto bad = std::find_if(values.begin(), values.end(), [](T v) { return !std::isfinite(v); });
    if (bad != values.end()) fail<DataError>("{}: element {} is not finite", where, bad - values.begin());
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const auto lowest = static_cast<double>(*low), highest = static_cast<double>(*high);
  if constexpr (std::is_floating_point_v<T>) {
    // Levels at the ends of [0, 255], before they are rounded: half a level beyond is still that end.
    const auto fits = [&](Scale s) { return s.scale * lowest + s.shift > -0.5 && s.scale * highest + s.shift < 255.5; };
    if (range) {
      const Scale scale{255 / (range->high - range->low), -range->low * 255 / (range->high - range->low)};
      if (fits(scale)) return scale;
      fail<DataError>("{}: wanted floats in [{}, {}], as the array `range` says, found [{}, {}]", where, range->low,
                      range->high, lowest, highest);
    }
    const bool is_overshoot = lowest < 0 && lowest >= -kMostOvershoot * highest;
    if (fits({255, 0})) return {255, 0};
    if (!is_overshoot && fits({127.5, 127.5})) return {127.5, 127.5};
    if (highest > 16 && fits({1, 0})) return {1, 0};
    const char* remedy = is_overshoot && highest < 1.5
                             ? "if it is [0, 1] with overshoot, clip it in Python with numpy.clip(x, 0, 1); if it is "
                               "[-1, 1], add range=[-1, 1] to the NPZ file"
                             : "rescale the array first";
    fail<DataError>("{}: wanted floats in [-1, 1], [0, 1] or [0, 255], found [{}, {}]; {}", where, lowest, highest,
                    remedy);
  } else {
    if (lowest >= 0 && highest <= 255) return {1, 0};
    fail<DataError>("{}: wanted integers from 0 to 255, found {} to {}; rescale the array first", where, lowest,
                    highest);
  }
}

template <class T>
Tensor convert(const Tensor& array, const std::optional<ValueRange>& range, const std::string& where) {
  const Layout l = layout_of(array.shape(), where);
  Tensor out(DType::u8, {l.n, l.c, l.h, l.w});
  const std::span<const T> in = array.values<T>();
  if (in.empty()) fail<DataError>("{}: holds no images (shape {})", where, to_string(array.shape()));
  const Scale scale = scale_of(in, range, where);
  std::uint8_t* to = out.values<std::uint8_t>().data();
  const T* image = in.data();
  for (std::int64_t n = 0; n < l.n; ++n, image += l.c * l.h * l.w) {
    for (std::int64_t c = 0; c < l.c; ++c) {
      for (std::int64_t h = 0; h < l.h; ++h) {
        const T* row = image + c * l.stride_c + h * l.stride_h;
        for (std::int64_t w = 0; w < l.w; ++w) {
          const double level = scale.scale * static_cast<double>(row[w * l.stride_w]) + scale.shift;
          *to++ = static_cast<std::uint8_t>(std::lround(level));
        }
      }
    }
  }
  return out;
}

template <class T>
std::vector<std::int32_t> to_labels(std::span<const T> values, const std::string& where) {
  std::vector<std::int32_t> labels;
  labels.reserve(values.size());
  for (const T value : values) {
    if (!(value >= 0 && value < 65536) || static_cast<T>(static_cast<std::int32_t>(value)) != value) {
      fail<DataError>("{}: wanted class numbers from 0 to 65535, found {}", where, value);
    }
    labels.push_back(static_cast<std::int32_t>(value));
  }
  return labels;
}

std::vector<std::int32_t> labels_from_array(const Tensor& a, std::int64_t images, const std::string& where) {
  const bool vector = a.shape().size() == 1 || (a.shape().size() == 2 && a.shape()[1] == 1);
  if (!vector || a.count() != images) {
    fail<DataError>("{}: wanted one label an image, shape [{}], found {}", where, images, to_string(a.shape()));
  }
  switch (a.dtype()) {
    case DType::u8:
      return to_labels(a.values<std::uint8_t>(), where);
    case DType::i32:
      return to_labels(a.values<std::int32_t>(), where);
    case DType::i64:
      return to_labels(a.values<std::int64_t>(), where);
    case DType::f32:
      return to_labels(a.values<float>(), where);
    default:
      return to_labels(a.values<double>(), where);
  }
}

// The arrays of a file, by their names in it.
struct Arrays {
  std::string where;
  NamedTensors found;
  std::map<std::string, std::string> unsupported;  // reason by name

  // The key under one of the names, empty if there is none. An array that was asked for and cannot be read is an error.
  std::string key_of(const Names& names) const {
    for (const std::string& name : names) {
      if (found.contains(name)) return name;
      if (const auto it = unsupported.find(name); it != unsupported.end()) throw DataError(it->second);
      for (const auto& [key, array] : found) {
        if (lower(key) == name) return key;
      }
      for (const auto& [key, reason] : unsupported) {
        if (lower(key) == name) throw DataError(reason);
      }
    }
    return {};
  }

  std::string list() const {
    std::string list;
    for (const auto& [name, array] : found) list += (list.empty() ? "" : ", ") + name + " " + to_string(array.shape());
    for (const auto& [name, reason] : unsupported) list += (list.empty() ? "" : ", ") + name + " (of another type)";
    return list.empty() ? "nothing" : list;
  }
};

// The names of a split's arrays in the file: images, and labels and conditions where there are any.
struct Keys {
  std::string images, labels, conditions;
};

Keys keys_of_training(const Arrays& arrays) {
  Keys keys{.images = arrays.key_of(kPlainImages), .labels = {}, .conditions = {}};
  std::vector<Names> label_lists{kPlainLabels, label_names(kTrainWords)};
  if (keys.images.empty()) {
    keys.images = arrays.key_of(image_names(kTrainWords));
    if (!keys.images.empty()) std::swap(label_lists[0], label_lists[1]);
  }
  if (keys.images.empty()) {
    int candidates = 0;
    for (const auto& [name, array] : arrays.found) {
      if (array.shape().size() != 3 && array.shape().size() != 4) continue;
      keys.images = name;
      ++candidates;
    }
    if (candidates != 1) {
      fail<DataError>(
          "{}: wanted an array of images named images, x, arr_0, x_train or train_images (test images: x_test or "
          "test_images), found {}",
          arrays.where, arrays.list());
    }
  }
  for (const Names& names : label_lists) {
    if (keys.labels.empty()) keys.labels = arrays.key_of(names);
    if (keys.labels == keys.images) keys.labels.clear();
  }
  keys.conditions = arrays.key_of(kPlainConditions);
  if (keys.conditions.empty()) keys.conditions = arrays.key_of(condition_names(kTrainWords));
  return keys;
}

// Empty where the file holds pictures, whatever else is in it.
std::string key_of_points(const Arrays& arrays) {
  const bool pictures = std::ranges::any_of(
      arrays.found, [](const auto& of) { return of.second.shape().size() == 3 || of.second.shape().size() == 4; });
  return pictures ? std::string() : arrays.key_of({"points"});
}

// Empty where the file has no other split than the training one.
Keys keys_of_test(const Arrays& arrays, const Keys& training) {
  for (const Names& words : {kTestWords, kValidationWords}) {
    const std::string images = arrays.key_of(image_names(words));
    if (!images.empty() && images != training.images)
      return {images, arrays.key_of(label_names(words)), arrays.key_of(condition_names(words))};
  }
  return {};
}

std::optional<ValueRange> range_of(const NamedTensors& arrays, const std::string& where) {
  const auto found = arrays.find("range");
  if (found == arrays.end()) return std::nullopt;
  const Tensor& a = found->second;
  const auto two = [&](const auto values) {
    return ValueRange{static_cast<double>(values[0]), static_cast<double>(values[1])};
  };
  std::optional<ValueRange> range;
  if (a.shape() == Shape{2}) {
    if (a.dtype() == DType::f32) range = two(a.values<float>());
    if (a.dtype() == DType::f64) range = two(a.values<double>());
    if (a.dtype() == DType::i32) range = two(a.values<std::int32_t>());
    if (a.dtype() == DType::i64) range = two(a.values<std::int64_t>());
  }
  if (!range || !(range->high > range->low) || !std::isfinite(range->high - range->low))
    fail<DataError>("{}: array range: wanted the two numbers that are black and white, such as [-1, 1]", where);
  return range;
}

Dataset dataset_of(const Arrays& arrays, const Keys& keys, Provenance provenance) {
  const auto array_at = [&](const std::string& key) { return arrays.where + ": array " + key; };
  Dataset d;
  d.provenance = std::move(provenance);
  d.images =
      images_from_array(arrays.found.at(keys.images), array_at(keys.images), range_of(arrays.found, arrays.where));
  if (!keys.labels.empty()) d.labels = labels_from_array(arrays.found.at(keys.labels), d.size(), array_at(keys.labels));
  if (!keys.conditions.empty()) add_conditions(d, arrays.found.at(keys.conditions), array_at(keys.conditions));
  return checked(std::move(d));
}

// The classes of the training split, by the labels alone.
std::vector<std::string> class_names_of(const Arrays& arrays, const Keys& keys) {
  if (keys.labels.empty()) return {};
  const Tensor& labels = arrays.found.at(keys.labels);
  return names_of_labels(labels_from_array(labels, labels.count(), arrays.where + ": array " + keys.labels));
}

}  // namespace

Tensor images_from_array(const Tensor& array, const std::string& where, const std::optional<ValueRange>& range) {
  switch (array.dtype()) {
    case DType::u8:
      return convert<std::uint8_t>(array, range, where);
    case DType::i32:
      return convert<std::int32_t>(array, range, where);
    case DType::i64:
      return convert<std::int64_t>(array, range, where);
    case DType::f32:
      return convert<float>(array, range, where);
    default:
      return convert<double>(array, range, where);
  }
}

bool is_numpy_name(const std::filesystem::path& path) {
  const std::string ending = lower(path.extension().string());
  return ending == ".npz" || ending == ".npy";
}

Dataset read_npz_dataset(const std::filesystem::path& path, Split split) {
  const std::string where = path.string();
  Provenance provenance{where, {path}, "images from NumPy"};
  if (lower(path.extension().string()) == ".npy") {
    const Tensor array = read_npy(path);
    if (holds_points(array)) return points_of_array(array, where);
    Dataset d;
    d.provenance = std::move(provenance);
    d.images = images_from_array(array, where);
    return checked(std::move(d));
  }
  Arrays arrays{.where = where, .found = {}, .unsupported = {}};
  arrays.found = read_npz(path, &arrays.unsupported);
  if (const std::string points = key_of_points(arrays); !points.empty()) {
    Dataset d = points_of_array(arrays.found.at(points), where + ": array " + points);
    d.provenance.name = where;
    d.provenance.files = {path};
    const std::string conditions = arrays.key_of(kPlainConditions);
    if (!conditions.empty()) add_conditions(d, arrays.found.at(conditions), where + ": array " + conditions);
    return checked(std::move(d));
  }
  const Keys training = keys_of_training(arrays);
  const Keys test = keys_of_test(arrays, training);
  const bool held_out = split == Split::test && !test.images.empty();
  Dataset d = dataset_of(arrays, held_out ? test : training, std::move(provenance));
  return with_classes(std::move(d), class_names_of(arrays, training));
}

}  // namespace ganymede::data
