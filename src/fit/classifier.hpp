#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "fit/fit.hpp"

namespace ganymede::fit {

/// A fitted classifier and what is known of it: the content of its file.
struct ClassifierRecord {
  net::Network network;
  NamedTensors parameters;               ///< "classifier.<parameter>"
  std::string protocol;                  ///< "classifier_images_v1": network and fit follow from it and the data
  std::string data;                      ///< name of the training set, "mnist"
  std::string data_hash;                 ///< of the training set's content, data::content_hash in hex
  std::string validation_hash;           ///< of the validation set's
  std::vector<std::string> class_names;  ///< [K]
  std::uint64_t seed = 0;
  std::string plan;               ///< arithmetic of the fit
  std::int64_t steps = 0;         ///< updates
  double seconds = 0;             ///< of the fit
  std::vector<CurvePoint> curve;  ///< the last point holds the validation error; class counts are left out
  int stacked = 1;                ///< > 1, in memory alone: stacked() made it
  double validation_loss() const { return curve.empty() ? 0 : curve.back().validation.loss; }
  double validation_error() const { return curve.empty() ? 0 : curve.back().validation.error_rate(); }
};

/// One safetensors file: parameters, and in its metadata "schema" = "ganymede.classifier/1", the description of the
/// network, all fields above and a checksum. Written aside, fsynced, renamed; the folder must exist.
void save_classifier(const std::filesystem::path& path, const ClassifierRecord& record);
/// @throws DataError with path and fault: missing, damaged, of another schema, a network that is no classifier or whose
/// parameters are missing.
ClassifierRecord load_classifier(const std::filesystem::path& path);

/// The classifier of pictures of which each `channels` >= 1 in a row, as many as the network takes, show a class of
/// their own (data/stacked_digits.hpp): every part is judged by itself. Its K^s classes are the parts' in a row, the
/// first part's first: names "0", "7", "3" -> "073", number 73 of K = 10; the probability of one is the product of the
/// parts'; features are the parts', joined. @throws ConfigError if s < 1 or
/// there are more than 10,000 classes.
ClassifierRecord stacked(ClassifierRecord record, int s);

/// A classifier at work: samples in, probabilities and features out. A sample's values do not depend
/// on its neighbours, their number or the threads.
class Classifier {
 public:
  /// precision: f32 gives the same bits on every machine.
  Classifier(const play::Backend& backend, ClassifierRecord record, int threads = 0,
             play::Precision precision = play::Precision::f32);
  /// With threads that it shares, as play::ModelConfig::pool.
  Classifier(const play::Backend& backend, ClassifierRecord record, std::shared_ptr<ThreadPool> pool);

  const ClassifierRecord& record() const { return record_; }
  int class_count() const { return static_cast<int>(record_.class_names.size()); }
  /// [C, H, W], or of ink [T, F] as [1, T, F].
  Shape input_shape() const;
  /// Bytes of parameters and of what was compiled until now.
  std::int64_t bytes() const;
  /// F of `features`.
  std::int64_t feature_count() const;

  // Samples: pictures u8 or f32 [N, C, H, W], of ink f32 [N, T, F]; f32 in [-1, 1]. Pieces of them pass at a time, so
  // that the memory beside arguments and result is bounded. @throws ShapeError for samples of another shape.

  /// softmax of the logits, f32 [N, K]; of a network with one logit [N, 2], the second its sigmoid.
  Tensor probabilities(const Tensor& samples);
  /// The penultimate layer, f32 [N, F].
  Tensor features(const Tensor& samples);
  /// The last feature maps before they are flattened, f32 [N, C, H, W]; of ink [N, C, T, 1].
  Tensor feature_maps(const Tensor& samples);
  /// The most probable class of each sample, the first of equals.
  std::vector<std::int32_t> labels(const Tensor& samples);

  struct Outputs {
    Tensor probabilities;              ///< [N, K]
    Tensor features;                   ///< [N, F]
    std::vector<std::int32_t> labels;  ///< [N]
  };
  /// Probabilities and labels from one pass; `features` stays empty.
  Outputs judge(const Tensor& samples);
  /// All three from one pass.
  Outputs all(const Tensor& samples);
  /// Loss and errors on labelled samples; not of one that is stacked.
  Evaluation evaluate(const Samples& samples);

 private:
  /// Logits of the network: K of a stacked one.
  std::int64_t part_classes() const;
  /// `tap`: the node whose values become `features`; empty: none.
  Outputs run(const Tensor& samples, const std::string& tap);

  ClassifierRecord record_;
  std::unique_ptr<play::Model> model_;
};

}  // namespace ganymede::fit
