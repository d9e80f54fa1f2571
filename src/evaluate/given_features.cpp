#include "evaluate/given_features.hpp"

#include <algorithm>
#include <cmath>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "measure/inception_score.hpp"
#include "tensor/npy.hpp"

namespace ganymede::evaluate {
namespace {

constexpr double kLargest = 1e15;  // measure::check's

/// [N, F] of its axes. @throws DataError for other arrays.
Shape rows_and_columns(const Tensor& array, const std::string& where) {
  const Shape& shape = array.shape();
  const bool real = array.dtype() == DType::f32 || array.dtype() == DType::f64;
  const bool plain = shape.size() >= 2 && std::all_of(shape.begin() + 2, shape.end(), [](auto n) { return n == 1; });
  if (!real || !plain) {
    fail<DataError>(
        "{}: wanted features f4 or f8 [N, F], a row a sample, found {} {}; in Python: "
        "numpy.save(name, a.reshape(len(a), -1).astype('f4'))",
        where, name_of(array.dtype()), to_string(shape));
  }
  if (shape[0] < 1 || shape[1] < 1)
    fail<DataError>("{}: it holds no features: its shape is {}", where, to_string(shape));
  return {shape[0], shape[1]};
}

template <class T>
std::vector<float> checked_values(const Tensor& array, std::int64_t columns, const std::string& where) {
  const auto values = array.values<T>();
  const auto bad = std::ranges::find_if(values, [](T v) { return !(std::abs(static_cast<double>(v)) <= kLargest); });
  if (bad != values.end()) {
    const auto at = static_cast<std::int64_t>(bad - values.begin());
    fail<DataError>("{}: row {}, column {} (both from 0) is {}; wanted finite numbers up to {:g} in size", where,
                    at / columns, at % columns, *bad, kLargest);
  }
  std::vector<float> kept(values.size());
  std::ranges::transform(values, kept.begin(), [](T v) { return static_cast<float>(v); });
  return kept;
}

}  // namespace

GivenFeatures features_in(const Tensor& array, const std::string& where) {
  const Shape shape = rows_and_columns(array, where);
  GivenFeatures given;
  given.rows.dim = shape[1];
  given.rows.values = array.dtype() == DType::f32 ? checked_values<float>(array, shape[1], where)
                                                  : checked_values<double>(array, shape[1], where);
  const std::vector<float>& values = given.rows.values;
  given.crc32 =
      Crc32().add(&given.rows.dim, sizeof given.rows.dim).add(values.data(), values.size() * sizeof(float)).value();
  return given;
}

GivenFeatures read_features(const std::filesystem::path& path) {
  return features_in(read_npy(path), path.string());
}

measure::FeatureMatrix read_probabilities(const std::filesystem::path& path, bool logits) {
  measure::FeatureMatrix rows = read_features(path).rows;
  if (rows.dim < 2) {
    fail<DataError>("{}: wanted {} of two classes or more, [N, K], found one column", path.string(),
                    logits ? "logits" : "probabilities");
  }
  if (logits) return measure::softmax(rows);
  for (std::int64_t i = 0; i < rows.count(); ++i) {
    double sum = 0;
    for (const float p : rows.view().row(i)) sum = p < 0 ? NAN : sum + static_cast<double>(p);
    if (!(std::abs(sum - 1) <= 1e-3)) {
      fail<DataError>(
          "{}: row {} (from 0) is no distribution: wanted numbers from 0 up whose sum is 1; of logits say "
          "--fake-logits",
          path.string(), i);
    }
  }
  return rows;
}

}  // namespace ganymede::evaluate
