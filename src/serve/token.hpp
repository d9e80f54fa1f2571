#pragma once

#include <string>
#include <string_view>

namespace ganymede::serve {

/// 128 bits from the system's generator as 32 hexadecimal digits: a secret, unlike all other numbers of this program.
std::string make_token();
/// Whether both are equal, in a time that does not tell how much of them is.
bool same_token(std::string_view a, std::string_view b);

}  // namespace ganymede::serve
