#include "backend.hpp"

#include "engine/executor.hpp"
#include "engine/reference/reference_game.hpp"

namespace ganymede::app {

const play::Backend& backend() {
  return engine::cpu_backend();
}

std::unique_ptr<play::Reference> make_reference(const net::Network& generator, const net::Network& discriminator,
                                                const play::Game& game) {
  return engine::make_reference(generator, discriminator, game);
}

}  // namespace ganymede::app
