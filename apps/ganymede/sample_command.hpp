#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "explore/seen.hpp"
#include "explore/trained_generator.hpp"
#include "point_drawing.hpp"
#include "shared.hpp"

namespace ganymede::app {

struct SampleArguments {
  RunArguments run;
  Output output;
  std::int64_t count = 0;  ///< 0: kPictures, or of points as many as training shows
  std::uint64_t seed = train::kFixedSeed;
  std::vector<std::string> z;  ///< instead of the samples that seeds name
  std::optional<std::string> only;
  std::string condition;  ///< "": those of the seeds
  int sweep = 0;          ///< > 0: a code, whose values are the columns
  int columns = 0;
  double truncation = 0;  ///< 0: none
  std::optional<std::uint64_t> epoch;
  std::string checkpoint;
  std::string file;
  std::string table;  ///< scores of the samples as CSV
  bool classify = false;
  PointDrawing drawing;
  MachineArguments machine;
};

/// What a classifier sees in the pictures of z.
struct Look {
  std::vector<explore::Seen> seen;  ///< [N], or none without a classifier
  std::vector<std::string> names;
  std::string by;  ///< the classifier, or why there is none
};

// sample_files.cpp: what is written.

/// images or points, z, and what else names them or was seen in them.
NamedTensors arrays_of(const SampleArguments& arguments, const train::NamedSamples& samples, const Tensor& images,
                       const Look& look);
/// The file that was asked for, by its ending. `weights`: the name of their file.
void write_samples(const SampleArguments& arguments, const run::RunDirectory& directory,
                   explore::TrainedGenerator& generator, const train::NamedSamples& samples, const Tensor& images,
                   const Look& look, const std::string& weights);
/// Seeds and scores of all samples (explore::ScoreTable), to which columns by hand may be added.
void write_score_table(const SampleArguments& arguments, explore::TrainedGenerator& generator, const Tensor& images);

// sample_folder.cpp: a picture a sample.

/// Whether -o names a folder: it ends in a slash, or is one.
bool names_folder(const std::string& file);
/// @throws UserError unless it is new or empty.
void check_sample_folder(const std::string& folder);
/// DIR/seed-00000017.png ..., each in its own size; the folder takes its name when all are there.
void write_sample_folder(const SampleArguments& arguments, const train::NamedSamples& samples, const Tensor& images);

// sample_words.cpp: what is said.

/// " of class 2 (bee)", or " of the classes 0 (ant), 1 (bee) ... in turn".
std::string words_of_classes(const train::NamedSamples& samples, const std::vector<std::string>& names, bool one);
std::string words_of_truncation(const SampleArguments& arguments);
/// Of one condition its numbers; of several that they are the data's.
std::string words_of_conditions(const SampleArguments& arguments, const train::NamedSamples& samples);
/// ganymede.sample/1
nlohmann::json sample_result(const SampleArguments& arguments, const explore::TrainedGenerator& generator,
                             const train::NamedSamples& samples, const Look& look);
/// What is seen at every z, a line a picture.
std::string told_of(const SampleArguments& arguments, const explore::TrainedGenerator& generator,
                    const train::NamedSamples& samples, const Look& look);

}  // namespace ganymede::app
