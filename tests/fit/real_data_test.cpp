// Classifiers of the real data sets, where they are at hand.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/fresh_folder.hpp"
#include "data/catalogue.hpp"
#include "fit/classifier_cache.hpp"
#include "fit/tiny.hpp"

namespace ganymede::fit {
namespace {

std::filesystem::path shared_data() {
  const char* variable = std::getenv("GANYMEDE_TEST_SHARED");
  return variable != nullptr ? std::filesystem::path(variable)
                             : std::filesystem::path(GANYMEDE_SOURCE_DIR) / "../shared/data";
}

double validation_error_of(const std::string& source, std::int64_t builtin_count = 20000) {
  const std::vector<data::SearchPlace> places = {{shared_data(), "--data"}};
  const data::OpenOptions open{.builtin_count = builtin_count};
  const data::Dataset train = data::open_dataset(source, data::Split::train, places, open);
  const data::Dataset test = data::open_dataset(source, data::Split::test, places, open);
  const ganymede::testing::FreshFolder folder;
  const Classifier classifier = classifier_for(backend(), train, test, {.cache = folder.path()});
  const ClassifierRecord& record = classifier.record();
  std::cout << source << ": " << record.curve.back().validation.errors << " of " << record.curve.back().validation.count
            << " wrong, validation loss " << record.validation_loss() << ", " << record.steps << " steps in "
            << record.seconds << " s, " << record.plan << '\n';
  return record.validation_error();
}

TEST(ClassifierOf, MnistIsWrongOnAtMostEightInAThousandSlow) {
  if (!std::filesystem::exists(shared_data() / "mnist")) GTEST_SKIP() << "no MNIST in the folder for test data";
  EXPECT_LE(validation_error_of("mnist"), 0.008);
}

// O and 0, I and 1, Z and 2 are drawn alike by many writers.
TEST(ClassifierOf, UnipenReadsTheHandsOfOtherWritersSlow) {
  if (!std::filesystem::exists(shared_data() / "unipen")) GTEST_SKIP() << "no UniPen in the folder for test data";
  EXPECT_LE(validation_error_of("unipen"), 0.11);
}

TEST(ClassifierOf, BuiltinInkReadsOtherSymbolsSlow) {
  EXPECT_LE(validation_error_of("builtin-ink"), 0.035);
}

TEST(ClassifierOf, BuiltinDigitsReadsOthersSlow) {
  EXPECT_LE(validation_error_of("builtin-digits"), 0.02);
}

}  // namespace
}  // namespace ganymede::fit
