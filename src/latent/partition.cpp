#include "latent/partition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "tensor/npy.hpp"
#include "tensor/safetensors.hpp"

namespace ganymede::latent {
namespace {

constexpr int kMost = 65536;

bool is_npz(const std::filesystem::path& path) {
  return path.extension() == ".npz";
}

Partition checked(Partition partition, const std::string& where) {
  const Tensor& c = partition.centroids;
  if (c.dtype() != DType::f32 || c.shape().size() != 2 || c.count() == 0) {
    fail<DataError>("{}: wanted centroids f32 [K, Z], found {} {}", where, name_of(c.dtype()), to_string(c.shape()));
  }
  if (c.shape()[0] > kMost || c.shape()[1] > kMost) {
    fail<DataError>("{}: wanted at most {} classes and dimensions, found {}", where, kMost, to_string(c.shape()));
  }
  const auto values = c.values<float>();
  if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) {
    fail<DataError>("{}: a centroid is not finite", where);
  }
  for (int a = 0; a < partition.classes(); ++a) {
    for (int b = 0; b < a; ++b) {
      if (std::ranges::equal(partition.centroid(a), partition.centroid(b))) {
        fail<DataError>("{}: classes {} and {} have the same centroid, so one of them has no cell", where, b, a);
      }
    }
  }
  return partition;
}

const Tensor& find(const NamedTensors& tensors, const char* name, const std::string& where) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) fail<DataError>("{}: no partition: there is no array \"{}\" in it", where, name);
  return found->second;
}

Partition read_npz_partition(const std::filesystem::path& path) {
  const NamedTensors arrays = read_npz(path);
  Partition partition{.centroids = find(arrays, "centroids", path.string())};
  const Tensor& seed = find(arrays, "seed", path.string());
  if (seed.dtype() != DType::i64 || seed.count() != 1) {
    fail<DataError>("{}: wanted seed i64 [1], found {} {}", path.string(), name_of(seed.dtype()),
                    to_string(seed.shape()));
  }
  partition.seed = std::bit_cast<std::uint64_t>(seed.values<std::int64_t>()[0]);
  return partition;
}

Partition read_safetensors_partition(const std::filesystem::path& path) {
  const std::string where = path.string();
  Safetensors file = read_safetensors(path);
  const auto text = [&](const char* key) {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end()) fail<DataError>("{}: no partition: its metadata lack \"{}\"", where, key);
    return found->second;
  };
  if (const std::string schema = text("schema"); schema != kPartitionSchema) {
    fail<DataError>("{}: wanted the schema \"{}\", found \"{}\"", where, kPartitionSchema, schema);
  }
  const std::string wanted = text("crc32"), found = fmt::format("{:08x}", content_crc(file.tensors, file.metadata));
  if (wanted != found) fail<DataError>("{}: damaged: its checksum is {}, wanted {}", where, found, wanted);
  const std::string digits = text("seed");
  Partition partition{.centroids = find(file.tensors, "centroids", where)};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), partition.seed);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    fail<DataError>("{}: wanted a whole number as seed, found \"{}\"", where, digits);
  }
  return partition;
}

}  // namespace

std::span<const float> Partition::centroid(int k) const {
  const auto dim_ = static_cast<std::size_t>(dim());
  return centroids.values<float>().subspan(static_cast<std::size_t>(k) * dim_, dim_);
}

Partition make_partition(int classes, int dim, std::uint64_t seed) {
  if (classes < 1 || classes > kMost) fail<ConfigError>("partition: wanted 1 to {} classes, found {}", kMost, classes);
  if (dim < 1 || dim > kMost) fail<ConfigError>("partition: wanted 1 to {} dimensions, found {}", kMost, dim);
  Partition partition{.centroids = Tensor(DType::f32, {classes, dim}), .seed = seed};
  const Random random(seed, "latent.partition");
  const auto values = partition.centroids.values<float>();
  const auto length = static_cast<std::size_t>(dim);
  for (int k = 0; k < classes; ++k) {
    random.normal(static_cast<std::uint32_t>(k), values.subspan(static_cast<std::size_t>(k) * length, length));
  }
  return partition;
}

void write_partition(const std::filesystem::path& path, const Partition& partition) {
  if (is_npz(path)) {
    const auto seed = std::bit_cast<std::int64_t>(partition.seed);
    write_npz(path, {{"centroids", partition.centroids}, {"seed", Tensor::of<std::int64_t>({1}, {&seed, 1})}});
    return;
  }
  const NamedTensors tensors{{"centroids", partition.centroids}};
  Metadata metadata{{"schema", kPartitionSchema}, {"seed", std::to_string(partition.seed)}};
  metadata["crc32"] = fmt::format("{:08x}", content_crc(tensors, metadata));
  write_safetensors(path, tensors, metadata);
}

Partition read_partition(const std::filesystem::path& path) {
  return checked(is_npz(path) ? read_npz_partition(path) : read_safetensors_partition(path), path.string());
}

int nearest_class(const Partition& partition, std::span<const float> z) {
  int nearest = 0;
  double least = std::numeric_limits<double>::infinity();
  for (int k = 0; k < partition.classes(); ++k) {
    const auto c = partition.centroid(k);
    double distance = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      const double d = static_cast<double>(z[i]) - static_cast<double>(c[i]);
      distance += d * d;
    }
    if (distance < least) least = distance, nearest = k;
  }
  return nearest;
}

}  // namespace ganymede::latent
