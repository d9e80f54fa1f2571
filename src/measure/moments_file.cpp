#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "measure/moments.hpp"
#include "tensor/safetensors.hpp"

namespace ganymede::measure {
namespace {

const std::string& text(const Safetensors& file, const char* key, const std::string& where) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) fail<DataError>("{}: no moments: its metadata lack \"{}\"", where, key);
  return found->second;
}

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
  Metadata metadata{
      {"schema", kMomentsSchema}, {"count", std::to_string(moments.count)}, {"protocol", cached.protocol}};
  metadata["crc32"] = fmt::format("{:08x}", content_crc(tensors, metadata));
  write_safetensors(path, tensors, metadata);
}

CachedMoments read_moments(const std::filesystem::path& path) {
  const std::string where = path.string();
  const Safetensors file = read_safetensors(path);
  if (const std::string& schema = text(file, "schema", where); schema != kMomentsSchema) {
    fail<DataError>("{}: wanted the schema \"{}\", found \"{}\"", where, kMomentsSchema, schema);
  }
  const std::string &wanted = text(file, "crc32", where),
                    found = fmt::format("{:08x}", content_crc(file.tensors, file.metadata));
  if (wanted != found) fail<DataError>("{}: damaged: its checksum is {}, wanted {}", where, found, wanted);

  CachedMoments out{.protocol = text(file, "protocol", where)};
  out.moments.mean = values(file, "mean", where);
  out.moments.covariance = values(file, "covariance", where);
  check_shapes(file, where);
  check_symmetric(out.moments, where);
  const std::string& count = text(file, "count", where);
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), out.moments.count);
  if (error != std::errc() || end != count.data() + count.size() || out.moments.count < 2) {
    fail<DataError>("{}: wanted a count of 2 samples or more, found \"{}\"", where, count);
  }
  return out;
}

}  // namespace ganymede::measure
