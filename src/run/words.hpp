#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "net/families.hpp"

namespace ganymede::run {

// How recipes spell the choices of a family, in the order in which `ganymede options` lists them. (Those of a game:
// play/names.hpp.)

template <class E>
struct Word {
  const char* name;
  E value;
};
template <class E>
Word(const char*, E) -> Word<E>;

inline constexpr std::array kActivationWords{
    Word{"relu", net::ActivationKind::relu},   Word{"leaky_relu", net::ActivationKind::leaky_relu},
    Word{"prelu", net::ActivationKind::prelu}, Word{"elu", net::ActivationKind::elu},
    Word{"rrelu", net::ActivationKind::rrelu}, Word{"tanh", net::ActivationKind::tanh}};
inline constexpr std::array kNormWords{Word{"batch", net::Norm::batch}, Word{"layer", net::Norm::layer},
                                       Word{"none", net::Norm::none}, Word{"spectral", net::Norm::spectral}};
inline constexpr std::array kConditionWords{
    Word{"none", net::Condition::none}, Word{"embedding", net::Condition::embedding},
    Word{"concat", net::Condition::concat}, Word{"vector", net::Condition::vector},
    Word{"projection", net::Condition::projection}};
inline constexpr std::array kInitializerWords{Word{"glorot_uniform", net::Init::glorot_uniform},
                                              Word{"glorot_normal", net::Init::glorot_normal},
                                              Word{"he_uniform", net::Init::he_uniform},
                                              Word{"he_normal", net::Init::he_normal},
                                              Word{"orthogonal", net::Init::orthogonal},
                                              Word{"normal", net::Init::normal},
                                              Word{"uniform", net::Init::uniform}};

template <class E, std::size_t N>
std::vector<std::string> names_in(const std::array<Word<E>, N>& words) {
  std::vector<std::string> names;
  for (const Word<E>& word : words) names.emplace_back(word.name);
  return names;
}

/// The same without one of them.
template <class E, std::size_t N>
std::vector<std::string> names_but(const std::array<Word<E>, N>& words, E left_out) {
  std::vector<std::string> names;
  for (const Word<E>& word : words) {
    if (word.value != left_out) names.emplace_back(word.name);
  }
  return names;
}

/// The value of a name; ConfigError naming `what` it should be.
template <class E, std::size_t N>
E value_in(const std::array<Word<E>, N>& words, const char* what, const std::string& name) {
  for (const Word<E>& word : words) {
    if (name == word.name) return word.value;
  }
  fail<ConfigError>("unknown {} \"{}\"", what, name);
}

}  // namespace ganymede::run
