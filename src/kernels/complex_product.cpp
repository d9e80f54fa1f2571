#include "kernels/complex_product.hpp"

#include "base/error.hpp"
#include "kernels/unit.hpp"

namespace ganymede::kernels {

void complex_product(const ComplexProduct& p) {
  switch (unit()) {
    case Unit::avx512bf16:
      return complex_product_avx512bf16(p);
    case Unit::emulated_dot:
      return complex_product_emulated(p);
    default:
      fail<Error>("internal: {} has no complex products", name_of(unit()));
  }
}

}  // namespace ganymede::kernels
