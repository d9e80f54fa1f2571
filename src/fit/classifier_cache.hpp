#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "fit/classifier.hpp"

namespace ganymede::fit {

/// What a classifier of a data set is: network and fit.
struct ClassifierProtocol {
  std::string name;  ///< "classifier_images_v1", "classifier_ink_v1"
  net::Network network;
  FitOptions fit;
};

/// The protocol of a labelled set of images or ink. Epochs: 10 of images (pictures moved by up to one pixel), 30 of ink
/// (noise 0.03), and as many more as it takes for 2,000 steps of 128.
/// @throws DataError for a set of fewer than two classes.
ClassifierProtocol classifier_protocol(const data::Dataset& train);

struct ClassifierOptions {
  std::filesystem::path cache;  ///< folder; empty: <user's cache folder>/classifiers
  std::uint64_t seed = 1;
  int threads = 0;                                   ///< 0: physical cores
  play::Precision precision = play::Precision::f32;  ///< of the fit; its resolved form is part of the file's name
  bool anew = false;                                 ///< fit even if there is one
  OnProgress on_progress;                            ///< of a fit; false stops it
  /// Gets a sentence where the fit cannot be kept: the classifier works all the same, from memory.
  std::function<void(const std::string&)> on_warning{};
};

/// The file that classifier_for reads or writes: <data hash>-<hash of validation data, network, protocol, fit, seed and
/// precision>.safetensors.
std::filesystem::path classifier_file(const play::Backend& backend, const data::Dataset& train,
                                      const data::Dataset& validation, const ClassifierOptions& options = {});

/// The classifier of a data set by its protocol if it is in the cache, whole and of these very data; else nothing.
/// @throws as classifier_for.
std::optional<Classifier> kept_classifier(const play::Backend& backend, const data::Dataset& train,
                                          const data::Dataset& validation, const ClassifierOptions& options = {});

/// The classifier of a data set by its protocol: from the cache, else fitted on `train`, validated on `validation`
/// (MNIST: the 10,000 test images; ink: other writers) and saved. A cached file that is damaged or belongs to something
/// else is fitted anew. The classifier at work computes in f32, whatever the fit's precision.
/// @throws DataError if the sets have no classes or different shapes or class names; Error if on_progress stopped it.
Classifier classifier_for(const play::Backend& backend, const data::Dataset& train, const data::Dataset& validation,
                          const ClassifierOptions& options = {});

}  // namespace ganymede::fit
