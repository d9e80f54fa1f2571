#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"

namespace ganymede::measure {

inline constexpr const char* kMomentsSchema = "ganymede.moments/1";

/// Mean and covariance (divided by N - 1) of feature vectors, in float64.
struct Moments {
  std::int64_t count = 0;
  std::vector<double> mean;        ///< [F]
  std::vector<double> covariance;  ///< [F, F], symmetric

  std::int64_t dim() const { return static_cast<std::int64_t>(mean.size()); }
  friend bool operator==(const Moments&, const Moments&) = default;
};

/// Moments of a stream of rows, O(F^2) memory. Rows are folded in blocks of 256 about the block's own mean and joined
/// by the update of Chan, Golub and LeVeque (1979), so a large common offset costs no digits; how rows are cut into
/// calls of `add`, and the number of threads, change no bit.
class MomentAccumulator {
 public:
  explicit MomentAccumulator(std::int64_t dim);

  /// @throws ShapeError if the rows are of another length.
  void add(const Features& rows, ThreadPool& pool);
  /// Feature maps [N, C, H W], C = dim: every position of every sample becomes one row of C values.
  void add_positions(std::span<const float> maps, std::int64_t positions, ThreadPool& pool);
  /// As if `later`'s rows had come after these. The bits depend on what was merged with what, in which order.
  void merge(const MomentAccumulator& later);

  std::int64_t count() const;
  /// @throws DataError for fewer than two rows.
  Moments moments() const;

 private:
  struct Sums {
    std::int64_t count = 0;
    std::vector<double> mean;
    std::vector<double> scatter;  // [F, F], lower triangle: sum of (x - mean)(x - mean)'
  };
  static Sums sums_of(const Features& rows, ThreadPool* pool);
  static void join(Sums& sums, const Sums& later);
  /// Everything so far, the waiting rows included.
  Sums all() const;

  std::int64_t dim_;
  Sums sums_;
  std::vector<float> waiting_;  // fewer than 256 rows
};

/// Of all rows. @throws ShapeError, DataError as check, for fewer than two rows.
Moments moments_of(const Features& features, ThreadPool& pool);

/// Statistics kept for later: computed once for the real data, used by every run.
struct CachedMoments {
  Moments moments;
  std::string protocol;  ///< what the features are, and of which samples
};
/// Safetensors: `mean` f64 [F], `covariance` f64 [F, F]; schema, count, protocol and checksum in the metadata.
void write_moments(const std::filesystem::path& path, const CachedMoments& cached);
/// @throws DataError naming the path: no such statistics, another schema, a wrong checksum, shapes that do not fit,
/// values that are not finite, a covariance that is not symmetric, fewer than two samples.
CachedMoments read_moments(const std::filesystem::path& path);

}  // namespace ganymede::measure
