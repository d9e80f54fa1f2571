#include "kernels/complex_product.hpp"
#include "kernels/dot_pair.hpp"
#include "kernels/flushing_denormals.hpp"

namespace ganymede::kernels {

void complex_product_emulated(const ComplexProduct& p) {
  const FlushingDenormals flushing;
  for (std::int64_t i = 0; i < p.rows; ++i) {
    for (int j = 0; j < p.columns; ++j) {
      float re = 0;
      float im = 0;
      for (std::int64_t k = 0; k < p.depth; ++k) {
        const Pair a = p.a[i * p.a_row + k * p.a_k];
        const Pair b = p.b[k * p.b_k + j];
        const Pair turned = b << 16 | b >> 16;
        re = dot_pair(re, a, p.conjugate || p.real ? b : b ^ 0x80000000U);
        if (!p.real) im = dot_pair(im, a, p.conjugate ? turned ^ 0x8000U : turned);
      }
      if (p.c != nullptr) {
        p.c[i * p.c_row + j] = (bits_of(re) + 0x8000U) >> 16 | ((bits_of(im) + 0x8000U) & 0xFFFF0000U);
        continue;
      }
      float& to_re = p.re[i * p.sum_row + j];
      float& to_im = p.im[i * p.sum_row + j];
      to_re = p.accumulate ? to_re + re : re;
      to_im = p.accumulate ? to_im + im : im;
    }
  }
}

}  // namespace ganymede::kernels
