#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "measure/score.hpp"
#include "train/run_set.hpp"

namespace ganymede::study {

/// A number of a study's table: the strong classifier's validation loss, as a share (0.0829 for 8.29 %).
struct Published {
  std::int64_t epoch = 0;
  double value = 0;
};

/// One model of a study, trained with several seeds.
struct ImageArm {
  std::string name, title;
  std::vector<train::PlannedRun> runs;
  std::vector<Published> published;
};

/// What a study of image models trains and measures.
struct ImagePlan {
  std::string study;     ///< "dims", "activations", "landscapes", "dcgan"
  std::string question;  ///< title of its page
  std::vector<ImageArm> arms;
  int seeds = 0;
  bool quick = false;
  std::vector<std::int64_t> epochs;   ///< at which every run is measured; ascending, the last one is its end
  std::vector<std::string> measures;  ///< as evaluate::resolve_measures takes them
  std::string judge;                  ///< protocol of the real-or-generated classifier: "nk_weak_v1", "nk_strong_v1"
  std::int64_t count = 0;             ///< samples a side
  std::vector<train::PlannedRun> all_runs() const;
};

struct ImageChoices {
  bool quick = false;
  int seeds = 0;            ///< 0: the study's: 3, quick 2
  std::int64_t epochs = 0;  ///< 0: the study's
  std::string source{};     ///< data; empty: MNIST or built-in landscapes
};
/// S-LATENT Tables 3.3 (dimensions), 3.1 (activation functions on digits), 3.2 (on landscapes), S-DCGAN.
ImagePlan plan_dims(const ImageChoices& choices);
ImagePlan plan_activations(const ImageChoices& choices);
ImagePlan plan_landscapes(const ImageChoices& choices);
ImagePlan plan_dcgan(const ImageChoices& choices);

/// Scores of one run at one epoch, and the means of its losses there.
struct ImagePoint {
  std::int64_t epoch = 0;
  std::vector<measure::Score> scores;
  /// The value of the score whose name begins so ("frechet", "val_loss", "error_rate"); none if it was not measured.
  std::optional<double> value(const std::string& prefix) const;
};
/// One epoch as events.jsonl has it.
struct EpochLosses {
  double discriminator_loss = 0, generator_loss = 0, real_accuracy = 0, fake_accuracy = 0;
};
struct ImageRunResult {
  std::string run;
  bool failed = false;
  std::vector<ImagePoint> points;
  std::vector<EpochLosses> epochs;
  double seconds_per_epoch = 0;
};
struct ImageArmResult {
  std::string name, title;
  std::vector<Published> published;
  std::int64_t parameters = 0;  ///< of G
  std::vector<ImageRunResult> runs;
  /// A score over the seeds at the last epoch (or at `epoch`).
  std::vector<double> values(const std::string& prefix, std::int64_t epoch = 0) const;
};
struct ImageResults {
  ImagePlan plan;
  std::string data;  ///< name of the reference
  double classifier_error = 0;
  std::vector<ImageArmResult> arms;
  double seconds = 0;
  const ImageArmResult& arm(const std::string& name) const;
};

/// Measures every run at every epoch of the plan; what an earlier call measured is read again.
ImageResults measure_images(const ImagePlan& plan, const std::filesystem::path& root,
                            const train::SessionOptions& session,
                            const std::function<void(double done, const std::string& what)>& on_progress);

}  // namespace ganymede::study
