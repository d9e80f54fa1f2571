#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "measure/moments.hpp"
#include "tensor/checked_file.hpp"

namespace ganymede::measure {
namespace {

std::vector<double> values(const Safetensors& file, const char* name, const std::string& where) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) fail<DataError>("{}: no moments: there is no tensor \"{}\" in it", where, name);
  if (found->second.dtype() != DType::f64) {
    fail<DataError>("{}: {}: wanted f64, found {}", where, name, name_of(found->second.dtype()));
  }
  const auto span = found->second.values<double>();
  if (!std::ranges::all_of(span, [](double v) { return std::isfinite(v); })) {
    fail<DataError>("{}: {}: a value is not finite", where, name);
  }
  return {span.begin(), span.end()};
}

void check_shapes(const Safetensors& file, const std::string& where) {
  const Shape mean = file.tensors.at("mean").shape(), covariance = file.tensors.at("covariance").shape();
  if (mean.size() != 1 || mean[0] < 1 || covariance != Shape{mean[0], mean[0]}) {
    fail<DataError>("{}: wanted mean [F] and covariance [F, F], found {} and {}", where, to_string(mean),
                    to_string(covariance));
  }
}

void check_symmetric(const Moments& moments, const std::string& where) {
  const auto f = static_cast<std::size_t>(moments.dim());
  for (std::size_t i = 0; i < f; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (moments.covariance[i * f + j] != moments.covariance[j * f + i]) {
        fail<DataError>("{}: the covariance is not symmetric at ({}, {})", where, i, j);
      }
    }
  }
}

}  // namespace

void write_moments(const std::filesystem::path& path, const CachedMoments& cached) {
  const Moments& moments = cached.moments;
  const std::int64_t f = moments.dim();
  const NamedTensors tensors{{"mean", Tensor::of<double>({f}, std::span<const double>(moments.mean))},
                             {"covariance", Tensor::of<double>({f, f}, std::span<const double>(moments.covariance))}};
  write_checked(path, tensors,
                {{"schema", kMomentsSchema}, {"count", std::to_string(moments.count)}, {"protocol", cached.protocol}});
}

CachedMoments read_moments(const std::filesystem::path& path) {
  const std::string where = path.string();
  const Safetensors file = read_checked(path, kMomentsSchema);
  CachedMoments out{.protocol = text_field(file.metadata, "protocol", path)};
  out.moments.mean = values(file, "mean", where);
  out.moments.covariance = values(file, "covariance", where);
  check_shapes(file, where);
  check_symmetric(out.moments, where);
  const std::uint64_t count = count_field(file.metadata, "count", path);
  if (count < 2 || count > std::numeric_limits<std::int64_t>::max()) {
    fail<DataError>("{}: wanted a count of 2 samples or more, found {}", where, count);
  }
  out.moments.count = static_cast<std::int64_t>(count);
  return out;
}

}  // namespace ganymede::measure
