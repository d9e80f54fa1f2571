#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ganymede::study {

// What S-LATENT published (tables 3.1 to 3.4).

/// A number of a table: the strong classifier's validation loss, as a share (0.0829 for 8.29 %).
struct Published {
  std::int64_t epoch = 0;
  double value = 0;
};

/// What training cost there; 0: not published.
struct PublishedCost {
  std::int64_t epochs = 0;
  double seconds_per_epoch = 0;
  double hours = 0;
  std::int64_t parameters = 0;  ///< of G
  double gigabytes = 0;
};

/// An activation function of G.
struct PublishedActivation {
  const char* name;   ///< as a recipe has it
  const char* title;  ///< as the study has it
  std::vector<Published> digits, landscapes;
  PublishedCost cost;             ///< on digits
  PublishedCost landscapes_cost;  ///< the 480 hours that are published are those of all four side by side
};
/// Tables 3.1, 3.2 and 3.4: ReLU, LeakyReLU, PReLU, ELU.
const std::vector<PublishedActivation>& published_activations();

/// A model of Table 3.3.
struct PublishedModel {
  const char* recipe;
  const char* title;
  std::vector<Published> digits;
  PublishedCost cost;
};
/// 2-D, 3-D, 4-D, 3-D cGAN. The conditional model's "epochs" are steps; here they are 256 epochs of 234 of them.
const std::vector<PublishedModel>& published_models();

/// The largest value over the epochs, which is what Table 3.4 compares.
Published largest_of(const std::vector<Published>& points);

/// Where a study ("dims", "activations", "landscapes") contradicts itself or its own tables, a sentence each.
std::vector<std::string> contradictions(const std::string& study);

}  // namespace ganymede::study
