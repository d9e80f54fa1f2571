#include "measure/moments.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::int64_t kBlock = 256;  // rows folded at once
constexpr std::int64_t kPanel = 64;   // columns of one task

}  // namespace

MomentAccumulator::MomentAccumulator(std::int64_t dim) : dim_(dim) {
  if (dim < 1) fail<ShapeError>("moments: wanted features of one or more values, found {}", dim);
}

void MomentAccumulator::add(const Features& rows, ThreadPool& pool) {
  if (rows.dim != dim_) fail<ShapeError>("moments: wanted rows of {} values, found {}", dim_, rows.dim);
  const auto block = static_cast<std::size_t>(kBlock * dim_);
  std::span<const float> rest = rows.values;
  while (!rest.empty()) {
    const std::size_t taken = std::min(rest.size(), block - waiting_.size());
    if (waiting_.empty() && taken == block) {
      join(sums_, sums_of({rest.first(block), dim_}, &pool));
    } else {
      waiting_.insert(waiting_.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(taken));
      if (waiting_.size() == block) {
        join(sums_, sums_of({waiting_, dim_}, &pool));
        waiting_.clear();
      }
    }
    rest = rest.subspan(taken);
  }
}

void MomentAccumulator::add_positions(std::span<const float> maps, std::int64_t positions, ThreadPool& pool) {
  if (positions < 1 || maps.size() % static_cast<std::size_t>(dim_ * positions) != 0) {
    fail<ShapeError>("moments: wanted maps of {} channels and {} positions, found {} values", dim_, positions,
                     maps.size());
  }
  FeatureMatrix rows{.values = std::vector<float>(static_cast<std::size_t>(dim_ * positions)), .dim = dim_};
  for (; !maps.empty(); maps = maps.subspan(rows.values.size())) {
    for (std::int64_t p = 0; p < positions; ++p) {
      for (std::int64_t c = 0; c < dim_; ++c) {
        rows.values[static_cast<std::size_t>(p * dim_ + c)] = maps[static_cast<std::size_t>(c * positions + p)];
      }
    }
    add(rows, pool);
  }
}

void MomentAccumulator::merge(const MomentAccumulator& later) {
  if (later.dim_ != dim_) fail<ShapeError>("moments: wanted rows of {} values, found {}", dim_, later.dim_);
  sums_ = all();
  waiting_.clear();
  join(sums_, later.all());
}

std::int64_t MomentAccumulator::count() const {
  return sums_.count + Features{waiting_, dim_}.count();
}

Moments MomentAccumulator::moments() const {
  if (count() < 2) fail<DataError>("moments: wanted at least 2 samples for a covariance, found {}", count());
  Sums sums = all();
  Moments out{.count = sums.count, .mean = std::move(sums.mean), .covariance = std::move(sums.scatter)};
  Eigen::Map<Matrix> covariance(out.covariance.data(), dim_, dim_);
  covariance /= static_cast<double>(out.count - 1);
  covariance.triangularView<Eigen::StrictlyUpper>() = covariance.transpose();
  return out;
}

MomentAccumulator::Sums MomentAccumulator::sums_of(const Features& rows, ThreadPool* pool) {
  const Eigen::Index n = rows.count(), f = rows.dim;
  Sums out{.count = n, .mean = std::vector<double>(static_cast<std::size_t>(f)), .scatter = {}};
  out.scatter.resize(static_cast<std::size_t>(f * f));
  Matrix centred =
      Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(rows.values.data(), n, f)
          .cast<double>();
  Eigen::Map<Eigen::RowVectorXd> mean(out.mean.data(), f);
  for (Eigen::Index i = 0; i < n; ++i) mean += centred.row(i);
  mean /= static_cast<double>(n);
  centred.rowwise() -= mean;

  Eigen::Map<Matrix> scatter(out.scatter.data(), f, f);
  const auto fill = [&](std::int64_t panel, int) {
    const Eigen::Index first = panel * kPanel, columns = std::min<Eigen::Index>(kPanel, f - first);
    scatter.block(first, first, f - first, columns).noalias() =
        centred.rightCols(f - first).transpose() * centred.middleCols(first, columns);
  };
  const std::int64_t panels = (f + kPanel - 1) / kPanel;
  if (pool != nullptr) {
    pool->run(panels, fill);
  } else {
    for (std::int64_t panel = 0; panel < panels; ++panel) fill(panel, 0);
  }
  return out;
}

void MomentAccumulator::join(Sums& sums, const Sums& later) {
  if (later.count == 0) return;
  if (sums.count == 0) {
    sums = later;
    return;
  }
  const auto f = static_cast<Eigen::Index>(sums.mean.size());
  const auto a = static_cast<double>(sums.count), b = static_cast<double>(later.count);
  Eigen::Map<Eigen::VectorXd> mean(sums.mean.data(), f);
  const Eigen::VectorXd shift = Eigen::Map<const Eigen::VectorXd>(later.mean.data(), f) - mean;
  Eigen::Map<Matrix> scatter(sums.scatter.data(), f, f);
  scatter += Eigen::Map<const Matrix>(later.scatter.data(), f, f);
  scatter += (a * b / (a + b)) * shift * shift.transpose();
  mean += (b / (a + b)) * shift;
  sums.count += later.count;
}

MomentAccumulator::Sums MomentAccumulator::all() const {
  Sums sums = sums_;
  if (!waiting_.empty()) join(sums, sums_of({waiting_, dim_}, nullptr));
  return sums;
}

Moments moments_of(const Features& features, ThreadPool& pool) {
  check(features, 2, "moments", "features");
  MomentAccumulator accumulator(features.dim);
  accumulator.add(features, pool);
  return accumulator.moments();
}

}  // namespace ganymede::measure
