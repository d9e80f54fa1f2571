#include "run/options.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/file.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace {

std::string wanted(const char* key) {
  return wanted_text(*find_option(key));
}

TEST(Options, HaveDistinctKeysFieldsAndAHelp) {
  std::set<std::string> keys;
  std::set<const void*> fields;
  Recipe recipe;
  for (const Option& option : options()) {
    EXPECT_TRUE(keys.insert(option.key).second) << option.key;
    const void* address = std::visit([](auto* field) { return static_cast<const void*>(field); }, option.field(recipe));
    EXPECT_TRUE(fields.insert(address).second) << option.key;
    EXPECT_FALSE(option.help.empty()) << option.key;
    EXPECT_FALSE(option.help.ends_with('.')) << option.key;
  }
}

TEST(Options, HaveLegalDefaults) {
  Recipe recipe;
  for (const Option& option : options()) {
    const std::string before = value_text(option, recipe);
    ASSERT_NO_THROW(apply_set(recipe, option.key + "=" + before)) << option.key;
    EXPECT_EQ(value_text(option, recipe), before);
  }
}

TEST(Options, SayWhatIsWanted) {
  EXPECT_EQ(wanted("train.batch"), "an integer from 1 to 65536");
  EXPECT_EQ(wanted("train.seed"), "an integer from 0 to below 2^63");
  EXPECT_EQ(wanted("train.epochs"), "an integer from 0 to 10^15");
  EXPECT_EQ(wanted("train.shards"), "an integer from 1 to 1024");
  EXPECT_EQ(wanted("generator.optimizer.learning_rate"), "a number above 0 and at most 1e+38");
  EXPECT_EQ(wanted("discriminator.dropout"), "a number from 0 to below 1");
  EXPECT_EQ(wanted("generator.optimizer.kind"), "one of adam, nadam, rmsprop, sgd");
  EXPECT_EQ(wanted("discriminator.auxiliary"), "true or false");
  EXPECT_EQ(wanted("data.source"), "a text");
  EXPECT_EQ(wanted("snapshot.epochs"), "a list of integers from 1 to 10^15");
}

TEST(Options, AreFoundByANearName) {
  EXPECT_EQ(nearest_option("train.bacth"), "train.batch");
  EXPECT_EQ(nearest_option("batch"), "train.batch") << "the section is missing";
  EXPECT_EQ(nearest_option("optimiser.learning_rate"), "generator.optimizer.learning_rate");
  EXPECT_EQ(nearest_option("something.else.entirely"), "");
}

TEST(Options, DiscriminatorIsNotNormalisedByDefault) {
  EXPECT_EQ(value_text(*find_option("generator.norm"), Recipe{}), "\"batch\"");
  EXPECT_EQ(value_text(*find_option("discriminator.norm"), Recipe{}), "\"none\"");
}

TEST(OptionsTable, HoldsTheFilteredKeysAlone) {
  EXPECT_EQ(
      options_table("converge_max"),
      "key                      default  legal                         help\n"
      "-------------------------------------------------------------------------------------------------------\n"
      "game.converge_max_steps  200      an integer from 1 to 1000000  converge: most steps of D per step of G\n");
}

TEST(OptionsJson, HoldsEveryOption) {
  const auto list = nlohmann::json::parse(options_json());
  EXPECT_EQ(list["schema"], "ganymede.options/1");
  ASSERT_EQ(list["options"].size(), options().size());
  const auto batch = nlohmann::json::parse(options_json("train.batch"))["options"].at(0);
  EXPECT_EQ(batch["key"], "train.batch");
  EXPECT_EQ(batch["type"], "integer");
  EXPECT_EQ(batch["default"], 256);
  EXPECT_EQ(batch["min"], 1);
  EXPECT_EQ(batch["max"], 65536);
  const auto kind = nlohmann::json::parse(options_json("generator.optimizer.kind"))["options"].at(0);
  EXPECT_EQ(kind["choices"], nlohmann::json({"adam", "nadam", "rmsprop", "sgd"}));
}

TEST(Options, OfferEveryNameThatAGameKnows) {
  const auto offered = [](const char* key) { return find_option(key)->legal.choices; };
  EXPECT_EQ(offered("game.loss"), play::names_of<play::Loss>());
  EXPECT_EQ(offered("game.update"), play::names_of<play::UpdateOrder>());
  EXPECT_EQ(offered("game.penalty"), play::names_of<play::Penalty>());
  EXPECT_EQ(offered("train.shard_statistics"), play::names_of<play::ShardStatistics>());
  EXPECT_EQ(offered("game.unroll_batches"), play::names_of<play::UnrollBatches>());
  EXPECT_EQ(offered("generator.optimizer.kind"), play::names_of<play::OptimizerKind>());
  EXPECT_EQ(offered("discriminator.optimizer.kind"), play::names_of<play::OptimizerKind>());
  EXPECT_EQ(offered("train.precision"), play::names_of<play::Precision>());
}

// After a change of the table: `ganymede options --markdown > docs/options.md`.
TEST(OptionsPage, IsTheOneInDocs) {
  const std::filesystem::path page = std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/options.md";
  if (std::getenv("GANYMEDE_WRITE_DOCS") != nullptr) write_file_atomically(page, options_markdown());
  EXPECT_TRUE(read_file(page) == options_markdown()) << page << " is not what the table of options says";
}

}  // namespace
}  // namespace ganymede::run
