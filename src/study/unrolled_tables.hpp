#pragma once

#include <string>
#include <vector>

namespace ganymede::study {

/// A row of a published table: what others measured of such a game.
struct PublishedUnrolled {
  std::string source;  ///< "Srivastava et al. 2017 (VEEGAN)"
  std::string model;   ///< "unrolled GAN"
  int unroll = -1;     ///< K, where it is said; -1: it is not
  std::vector<std::string>
      values;  ///< as printed, in the order of the experiment's first scores; "" where there is none
};

/// Modes of 8 and high-quality share on the ring: Srivastava et al. 2017, Table 1; the plain GAN run anew by Lin et al.
/// 2018, Table 1.
std::vector<PublishedUnrolled> published_ring();
/// Modes of 25 and high-quality share on the grid, of the same tables.
std::vector<PublishedUnrolled> published_grid();
/// Modes of 1,000 and KL on stacked MNIST (Metz et al. 2017, the table of section 3.3.1), D a quarter or half as wide
/// as G, beside it the plain GAN run anew by Lin et al. 2018, Table 3.
std::vector<PublishedUnrolled> published_stacked(bool half);

/// Why these numbers and ours need not agree, for the page.
std::vector<std::string> unrolled_cautions();

}  // namespace ganymede::study
