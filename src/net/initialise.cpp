#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "net/network.hpp"

namespace ganymede::net {
namespace {

// Standard deviation of N(0, 1) cut off at +-2: Keras' "normal" variants are truncated there and rescaled by it.
constexpr double kTruncatedDeviation = 0.87962566103423978;

void fill_uniform(const Random& random, double half_width, std::span<float> out) {
  random.uniform(0, out);
  for (float& value : out) value = static_cast<float>(half_width * (2 * static_cast<double>(value) - 1));
}

void fill_normal(const Random& random, double deviation, std::span<float> out) {
  random.normal(0, out);
  for (float& value : out) value = static_cast<float>(deviation * value);
}

void fill_truncated_normal(const Random& random, double deviation, std::span<float> out) {
  RandomSequence sequence(random, 0);
  for (float& value : out) {
    double x = sequence.normal();
    while (std::fabs(x) > 2) x = sequence.normal();
    value = static_cast<float>(deviation / kTruncatedDeviation * x);
  }
}

// Makes the rows of `a` [rows, columns], rows <= columns, orthonormal: modified Gram-Schmidt. Rows of normal numbers
// are far from dependent, so that in double one pass leaves less than a float can show.
void orthonormalise(std::vector<double>& a, std::size_t rows, std::size_t columns) {
  for (std::size_t i = 0; i < rows; ++i) {
    double* row = &a[i * columns];
    for (std::size_t j = 0; j < i; ++j) {
      const double* other = &a[j * columns];
      double dot = 0;
      for (std::size_t k = 0; k < columns; ++k) dot += row[k] * other[k];
      for (std::size_t k = 0; k < columns; ++k) row[k] -= dot * other[k];
    }
    double squares = 0;
    for (std::size_t k = 0; k < columns; ++k) squares += row[k] * row[k];
    const double length = std::sqrt(squares);
    for (std::size_t k = 0; k < columns; ++k) row[k] /= length;
  }
}

// Saxe, McClelland, Ganguli 2014: the tensor as a matrix [first extent, the rest] with orthonormal rows or columns,
// whichever are fewer.
void fill_orthogonal(const Random& random, const Parameter& parameter, std::span<float> out) {
  const auto first = static_cast<std::size_t>(parameter.shape[0]);
  const std::size_t rest = out.size() / first;
  const bool transposed = first > rest;
  const std::size_t rows = std::min(first, rest);
  const std::size_t columns = std::max(first, rest);
  random.normal(0, out);
  std::vector<double> matrix(out.begin(), out.end());
  orthonormalise(matrix, rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < columns; ++k) {
      out[transposed ? k * rows + i : i * columns + k] = static_cast<float>(parameter.scale * matrix[i * columns + k]);
    }
  }
}

void fill(const Random& random, const Parameter& p, std::span<float> out) {
  const auto fan_in = static_cast<double>(p.fan_in);
  const auto fans = static_cast<double>(p.fan_in + p.fan_out);
  switch (p.init) {
    case Init::zeros:
      return;
    case Init::ones:
      std::fill(out.begin(), out.end(), 1.0F);
      return;
    case Init::constant:
      std::fill(out.begin(), out.end(), static_cast<float>(p.scale));
      return;
    case Init::glorot_uniform:
      return fill_uniform(random, p.scale * std::sqrt(6 / fans), out);
    case Init::he_uniform:
      return fill_uniform(random, p.scale * std::sqrt(6 / fan_in), out);
    case Init::glorot_normal:
      return fill_truncated_normal(random, p.scale * std::sqrt(2 / fans), out);
    case Init::he_normal:
      return fill_truncated_normal(random, p.scale * std::sqrt(2 / fan_in), out);
    case Init::orthogonal:
      return fill_orthogonal(random, p, out);
    case Init::normal:
      return fill_normal(random, p.scale, out);
    case Init::uniform:
      return fill_uniform(random, p.scale, out);
  }
}

}  // namespace

NamedTensors initialise(const Network& network, std::uint64_t seed, Init weights, double scale) {
  NamedTensors tensors;
  for (const Parameter& parameter : parameters(network, weights, scale)) {
    const std::string name = network.name + "." + parameter.name;
    Tensor tensor(DType::f32, parameter.shape);
    fill(Random(seed, "init." + name), parameter, tensor.values<float>());
    tensors.emplace(name, std::move(tensor));
  }
  return tensors;
}

}  // namespace ganymede::net
