#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "explore/trained_generator.hpp"
#include "picture/image.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {

/// Values of a uniform code in a sweep, from -1 to 1.
inline constexpr int kSweptValues = 11;

/// What one code of InfoGAN does (Chen et al. 2016, figure 2): the samples of a table, row by row. A row is a sample
/// that a seed names, all of it but that code; a column is a value of the code.
struct Sweep {
  train::NamedSamples samples;
  std::vector<std::string> values;  ///< of the columns: "0", "1" ..., or "-1.00", "-0.80" ...
};
/// `code`: from 1 on, as in latent.codes; rows: the samples named seed, seed + 1 ...; `only`: the class of all.
/// @throws ConfigError for a generator without codes, and for a code that it has not
Sweep sweep_of(TrainedGenerator& generator, int code, std::uint64_t seed, std::int64_t rows,
               std::optional<int> only = {});

/// Its pictures [N, C, H, W] as a table under the values of its columns; of points a plot a column, by `plot`.
picture::Image draw_sweep(const Sweep& sweep, const Tensor& pictures,
                          const std::function<picture::Image(const Tensor& points)>& plot);

}  // namespace ganymede::explore
