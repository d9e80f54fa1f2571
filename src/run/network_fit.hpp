#pragma once

#include <string>

#include "run/networks.hpp"

namespace ganymede::run {

// Whether networks fit the data that they are to be trained on, however they were built.

/// The data's classes where `wanted`, else 0. `key`: where the recipe asks for the class. @throws NetworkError for data
/// without labels.
int classes_for(const std::string& key, bool wanted, const ImageFacts& facts);
/// Numbers of the condition that a player takes, 0 unless `wanted`. @throws NetworkError for data without conditions.
int condition_length_for(const std::string& key, bool wanted, const ImageFacts& facts);

/// That a generator takes z of `latent_dim`, at most the data's class or condition besides, and puts out their images
/// alone. @throws NetworkError that names the node.
void check_generator(const net::Network& network, std::int64_t latent_dim, const ImageFacts& facts);
/// That a discriminator takes images of these facts (packs of them), at most the class or condition besides, and puts
/// out a logit first, then at most class logits and, with codes of `code_width` numbers, the head that tells them.
/// @throws NetworkError that names the node.
void check_discriminator(const net::Network& network, int code_width, const ImageFacts& facts);

}  // namespace ganymede::run
