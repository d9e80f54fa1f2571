#include "evaluate/known_classifier.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "engine/executor.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;

TEST(KnownClassifier, OfDrawnDataIsNotedForTheSameBuild) {
  const ganymede::testing::FreshFolder cache;
  const ReferenceOptions options{.backend = engine::cpu_backend(), .places = {}, .cache = cache};
  run::Recipe recipe;
  recipe.data.source = "builtin-ink";
  const KnownClassifier found = known_classifier(recipe, options, "one");
  EXPECT_EQ(found.data, "builtin-ink");
  EXPECT_EQ(found.class_names.size(), 39U);
  EXPECT_EQ(found.file.parent_path(), cache.path());
  EXPECT_GT(found.steps, 0);
  EXPECT_FALSE(fs::exists(found.file)) << "nothing is fitted";
  fs::path note;
  for (const auto& entry : fs::directory_iterator(cache.path())) note = entry.path();
  ASSERT_TRUE(note.filename().string().starts_with("known-")) << note;
  // The note is believed, so that nothing is drawn again ...
  auto json = nlohmann::json::parse(read_file(note));
  json["steps"] = 7;
  write_file_atomically(note, json.dump());
  EXPECT_EQ(known_classifier(recipe, options, "one").steps, 7);
  // ... unless it leads elsewhere or is damaged.
  json["file"] = "/etc/passwd";
  write_file_atomically(note, json.dump());
  EXPECT_EQ(known_classifier(recipe, options, "one").file, cache / "passwd") << "a file of the folder";
  write_file_atomically(note, "{");
  EXPECT_EQ(known_classifier(recipe, options, "one").file, found.file);
}

TEST(KnownClassifier, OfDataThatAreMissingIsTheirError) {
  run::Recipe recipe;
  recipe.data.source = "/nowhere/at/all";
  EXPECT_THROW(known_classifier(recipe, {.backend = engine::cpu_backend(), .places = {}}, "one"), Error);
}

}  // namespace
}  // namespace ganymede::evaluate
