#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "explore/dissection.hpp"
#include "measure/score.hpp"
#include "study/class_nearness.hpp"
#include "study/image_tables.hpp"
#include "study/kept_point.hpp"
#include "train/run_set.hpp"

namespace ganymede::study {

/// One model of a study, trained with several seeds.
struct ImageArm {
  std::string name, title;
  std::vector<train::PlannedRun> runs;
  std::vector<std::int64_t> epochs;  ///< at which every run is measured; ascending, the last one is its end
  std::vector<Published> published;
  PublishedCost cost;
};

/// What a study of image models trains and measures.
struct ImagePlan {
  std::string study;     ///< "dims", "activations", "landscapes", "dcgan"
  std::string question;  ///< title of its page
  std::vector<ImageArm> arms;
  int seeds = 0;
  bool quick = false;
  std::string cost_note{};            ///< what must be known of the published costs
  std::string settings;               ///< how the recipes differ from the study's; empty: they do not
  std::vector<std::string> measures;  ///< as evaluate::resolve_measures takes them
  std::string judge;                  ///< protocol of the real-or-generated classifier: "nk_weak_v1", "nk_strong_v1"
  std::int64_t count = 0;             ///< samples a side
  std::string features;               ///< data whose classifier gives the features; empty: the run's own
  bool maps = false;                  ///< class-area maps belong to its page
  bool dissects = false;              ///< activations of G's layers do

  std::vector<train::PlannedRun> all_runs() const;
  std::int64_t points() const;  ///< to be measured, over all runs
};

struct ImageChoices {
  bool quick = false;
  int seeds = 0;               ///< 0: 3
  std::int64_t epochs = 0;     ///< 0: the study's, of every arm alike
  bool own_epochs = false;     ///< dims: each model as long as the study trained it
  std::string judge = "auto";  ///< "weak", "strong"; auto: weak if quick
  std::string source{};        ///< data; empty: MNIST or built-in landscapes
};
/// S-LATENT Tables 3.3 (dimensions), 3.1 (activation functions on digits), 3.2 (on landscapes), S-DCGAN.
/// @throws ConfigError for another judge
ImagePlan plan_dims(const ImageChoices& choices);
ImagePlan plan_activations(const ImageChoices& choices);
ImagePlan plan_landscapes(const ImageChoices& choices);
ImagePlan plan_dcgan(const ImageChoices& choices);

/// One epoch as events.jsonl has it.
struct EpochLosses {
  double discriminator_loss = 0, generator_loss = 0, real_accuracy = 0, fake_accuracy = 0;
};
/// A layer of G over the values of kDissected samples.
struct LayerActivity {
  explore::LayerInfo layer;
  explore::Activity activity;
};
inline constexpr std::int64_t kDissected = 64;

struct ImageRunResult {
  std::string run;
  bool failed = false;
  std::vector<ScoredPoint> points;
  std::vector<EpochLosses> epochs;
  std::vector<LayerActivity> layers;   ///< at the end, where the plan dissects
  std::optional<std::int32_t> centre;  ///< class of the picture at z = 0, where the plan maps; none if conditional
  double seconds_per_epoch = 0;
  double seconds = 0;
  std::uint64_t memory_bytes = 0;
};
struct ImageArmResult {
  std::string name, title;
  std::vector<std::int64_t> epochs;
  std::vector<Published> published;
  PublishedCost cost;
  std::int64_t parameters = 0, trainable = 0;  ///< of G
  std::vector<ImageRunResult> runs;
  /// A score over the seeds at the last epoch (or at `epoch`).
  std::vector<double> values(const std::string& prefix, std::int64_t epoch = 0) const;
  /// The largest value of a score over the measured epochs, of each seed.
  std::vector<double> largest(const std::string& prefix) const;
};
struct ImageResults {
  ImagePlan plan;
  std::string data;  ///< name of the reference
  std::vector<std::string> class_names;
  double classifier_error = 0;
  std::vector<ImageArmResult> arms;
  double seconds = 0;
  bool one_split = false;                 ///< the reals of the scores are those that the models were trained on
  std::vector<ClassNearness> nearness{};  ///< of the real classes, [K]; where the plan maps
  const ImageArmResult& arm(const std::string& name) const;
  /// Notes of all points, each once.
  std::vector<std::string> notes() const;
  /// " Failed (stopped by a guard): ReLU 1 of 3 seeds."; empty if none did.
  std::string failed_text() const;
};

/// Whether the data can be measured as the plan wants, before anything is trained.
/// @throws DataError if there are too few samples, or the classifier of features would not take the pictures.
void check_measurable(const ImagePlan& plan, const train::SessionOptions& session);

/// Where a run keeps what was measured of it at an epoch.
std::filesystem::path point_path(const ImagePlan& plan, const std::filesystem::path& run_folder, std::int64_t epoch);

/// Measures every run at every epoch of the plan; what an earlier call measured is read again. Writes the maps, where
/// the plan wants them, into the runs of the first seed. `on_progress` is told before each point.
ImageResults measure_images(const ImagePlan& plan, const std::filesystem::path& root,
                            const train::SessionOptions& session,
                            const std::function<void(double done, const std::string& what)>& on_progress);

}  // namespace ganymede::study
