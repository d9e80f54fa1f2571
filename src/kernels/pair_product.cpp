#include "kernels/pair_product.hpp"

#include "base/error.hpp"
#include "kernels/pair_product_ways.hpp"
#include "kernels/unit.hpp"

namespace ganymede::kernels {

void pair_product(const PairProduct& p) {
  switch (unit()) {
    case Unit::avx512bf16:
      pair_product_avx512bf16(p);
      return;
    case Unit::amx:
      pair_product_amx(p);
      return;
    case Unit::emulated_dot:
      pair_product_emulated_dot(p);
      return;
    case Unit::emulated_tiles:
      pair_product_emulated_tiles(p);
      return;
    case Unit::none:
      break;
  }
  fail<Error>("pair_product: no unit is in use that multiplies bf16");
}

}  // namespace ganymede::kernels
