#pragma once

#include <filesystem>

#include "base/checksum.hpp"
#include "engine/executor.hpp"
#include "fit/classifier_cache.hpp"
#include "net/network.hpp"

namespace ganymede::fit::testing {

/// Keeps a classifier of these data that learnt nothing, where the one that is fitted would be: its answers are
/// anybody's, and always the same. Saves 2,000 steps where a test is not about what it says.
inline void keep_untrained(const data::Dataset& train, const data::Dataset& validation,
                           const std::filesystem::path& cache) {
  const ClassifierProtocol protocol = classifier_protocol(train);
  const std::filesystem::path file = classifier_file(engine::cpu_backend(), train, validation, {.cache = cache});
  std::filesystem::create_directories(file.parent_path());
  save_classifier(file, {.network = protocol.network,
                         .parameters = net::initialise(protocol.network, 3),
                         .protocol = protocol.name,
                         .data = train.provenance.name,
                         .data_hash = hex(data::content_hash(train)),
                         .validation_hash = hex(data::content_hash(validation)),
                         .class_names = train.class_names,
                         .seed = 1,
                         .plan = "f32",
                         .curve = {}});
}

}  // namespace ganymede::fit::testing
