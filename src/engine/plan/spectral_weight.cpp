#include "engine/plan/spectral_weight.hpp"

#include <algorithm>
#include <cmath>

namespace ganymede::engine {
namespace {

constexpr std::int64_t kColumns = 256;  // of one task
constexpr double kLeast = 1e-12;        // a length is never less: a weight of zeros stays one

double length_of(const std::vector<double>& x) {
  double squares = 0;
  for (const double v : x) squares += v * v;
  return std::max(std::sqrt(squares), kLeast);
}

void scale_by(std::vector<double>& x, double factor) {
  for (double& v : x) v *= factor;
}

// W' u
std::vector<double> transposed_product(ThreadPool& pool, const Parameter& w, std::int64_t columns,
                                       const std::vector<double>& u) {
  std::vector<double> out(static_cast<std::size_t>(columns));
  pool.run((columns + kColumns - 1) / kColumns, [&](std::int64_t task, int) {
    const std::int64_t end = std::min((task + 1) * kColumns, columns);
    for (std::size_t r = 0; r < u.size(); ++r) {
      const std::int32_t* place = w.place.data() + static_cast<std::int64_t>(r) * columns;
      for (std::int64_t k = task * kColumns; k < end; ++k)
        out[static_cast<std::size_t>(k)] += u[r] * double{w.value.data()[place[k]]};
    }
  });
  return out;
}

// W v
std::vector<double> product(ThreadPool& pool, const Parameter& w, std::int64_t rows, const std::vector<double>& v) {
  std::vector<double> out(static_cast<std::size_t>(rows));
  const auto columns = static_cast<std::int64_t>(v.size());
  pool.run(rows, [&](std::int64_t r, int) {
    double sum = 0;
    for (std::int64_t k = 0; k < columns; ++k) {
      sum +=
          double{w.value.data()[w.place[static_cast<std::size_t>(r * columns + k)]]} * v[static_cast<std::size_t>(k)];
    }
    out[static_cast<std::size_t>(r)] = sum;
  });
  return out;
}

}  // namespace

SpectralWeight::SpectralWeight(std::size_t raw_place, std::size_t u_place, const Parameter& like)
    : raw(raw_place), u(u_place) {
  normal.name = like.name;
  normal.shape = like.shape;
  normal.size = like.size;
  normal.place = like.place;
  normal.value = Buffer(like.size);
}

void SpectralWeight::normalise(ThreadPool& pool, const Parameter& raw_weight, Parameter& vector_u, bool iterate) {
  u_.resize(static_cast<std::size_t>(rows()));
  for (std::size_t r = 0; r < u_.size(); ++r) u_[r] = vector_u.value.data()[vector_u.place[r]];
  scale_by(u_, 1 / length_of(u_));
  v_ = transposed_product(pool, raw_weight, columns(), u_);
  sigma_ = length_of(v_);
  scale_by(v_, 1 / sigma_);
  if (iterate) {
    u_ = product(pool, raw_weight, rows(), v_);
    sigma_ = length_of(u_);
    scale_by(u_, 1 / sigma_);
    for (std::size_t r = 0; r < u_.size(); ++r) vector_u.value.data()[vector_u.place[r]] = static_cast<float>(u_[r]);
  }
  const auto factor = static_cast<float>(1 / sigma_);
  for (std::int64_t i = 0; i < normal.size; ++i) normal.value.data()[i] = factor * raw_weight.value.data()[i];
}

void SpectralWeight::pull_back(ThreadPool& pool, Parameter& raw_weight) const {
  std::vector<double> sums(static_cast<std::size_t>(rows()));
  const auto place = [&](std::int64_t r, std::int64_t k) {
    return normal.place[static_cast<std::size_t>(r * columns() + k)];
  };
  pool.run(rows(), [&](std::int64_t r, int) {
    double sum = 0;
    for (std::int64_t k = 0; k < columns(); ++k)
      sum += double{normal.gradient.data()[place(r, k)]} * normal.value.data()[place(r, k)];
    sums[static_cast<std::size_t>(r)] = sum;
  });
  double along = 0;
  for (const double sum : sums) along += sum;
  pool.run(rows(), [&](std::int64_t r, int) {
    const double share = along * u_[static_cast<std::size_t>(r)];
    for (std::int64_t k = 0; k < columns(); ++k) {
      raw_weight.gradient.data()[place(r, k)] = static_cast<float>(
          (double{normal.gradient.data()[place(r, k)]} - share * v_[static_cast<std::size_t>(k)]) / sigma_);
    }
  });
}

}  // namespace ganymede::engine
