#include "serve/token.hpp"

#include <sys/random.h>

#include "base/checksum.hpp"
#include "base/error.hpp"

namespace ganymede::serve {

std::string make_token() {
  char bytes[16];
  if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes))
    fail<Error>("the system gives no random bytes for the token");
  return hex(std::string_view(bytes, sizeof bytes));
}

bool same_token(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.empty()) return false;
  unsigned different = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    different |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return different == 0;
}

}  // namespace ganymede::serve
