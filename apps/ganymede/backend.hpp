#pragma once

#include <memory>

#include "play/backend.hpp"

namespace ganymede::app {

/// Who computes, for every command: the CPU engine, which backend.cpp alone names.
const play::Backend& backend();

/// The slow one that is known to be right, for `check`.
std::unique_ptr<play::Reference> make_reference(const net::Network& generator, const net::Network& discriminator,
                                                const play::Game& game);

}  // namespace ganymede::app
