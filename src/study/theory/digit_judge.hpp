#pragma once

#include <filesystem>

#include "fit/classifier.hpp"
#include "study/theory/exhibit.hpp"

namespace ganymede::study {

/// The digits that the study's classifier learns and is led astray with.
struct DigitSets {
  data::Dataset train, test;
};
/// The plan's data: at most 20,000 pictures to learn (quick: 6,000) and 1,000 held out. @throws DataError where they
/// have fewer than two classes, or are no pictures.
DigitSets digit_sets(const TheoryPlan& plan, const train::SessionOptions& session);

/// A classifier without BatchNorm, so that each picture has slopes of its own; fitted for 2,000 steps (quick: 500), and
/// kept as FOLDER/classifier.safetensors for the next call.
fit::ClassifierRecord digit_classifier(const TheoryContext& context, const DigitSets& sets);

}  // namespace ganymede::study
