#include "explore/map_file.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "base/philox.hpp"
#include "tensor/npy.hpp"

namespace ganymede::explore {
namespace {

using ganymede::testing::FreshFolder;

/// A plane of two classes whose first `ones` points are of class 1.
KeptMap plane(std::uint64_t epoch, int ones, int side = 5) {
  KeptMap kept{.map = {.latent_dim = 2, .side = side, .axis = {}, .mass = 0.25, .class_names = {"a", "b"}, .parts = {}},
               .epoch = epoch,
               .classifier = "rule",
               .since = {},
               .changed = {}};
  for (int i = 0; i < side; ++i) kept.map.axis.push_back(0.1F * static_cast<float>(i));
  MapPart part;
  for (int i = 0; i < side * side; ++i) part.labels.push_back(i < ones);
  kept.map.parts.push_back(part);
  return kept;
}

TEST(MapFile, ReadsBackWhatItWrites) {
  const FreshFolder folder;
  KeptMap kept = plane(7, 10);
  kept.map.latent_dim = 4;
  kept.map.kind = MapAxis::quantile;
  kept.map.parts = {{1, -0.5, std::vector<std::int32_t>(125, 1)}, {0, 0.5, std::vector<std::int32_t>(125, 0)}};
  kept.since = 3;
  kept.changed = 0.125;
  const auto picture = write_map(folder.path(), kept, "title");
  EXPECT_EQ(picture, folder / "epoch-00007.png");
  EXPECT_TRUE(std::filesystem::exists(picture));
  EXPECT_EQ(read_npy(folder / "epoch-00007.npy").shape(), (Shape{2, 5, 5, 5}));
  const KeptMap read = read_map(map_path(folder.path(), 7));
  EXPECT_EQ(read.map, kept.map);
  EXPECT_EQ(read.since, kept.since);
  EXPECT_EQ(read.changed, kept.changed);
  EXPECT_EQ(read.classifier, "rule");
}

TEST(MapFile, EachGridHasItsOwnName) {
  KeptMap kept = plane(7, 10);
  kept.map.axis = {-1, -0.5, 0, 0.5, 1};
  EXPECT_EQ(grid_name(kept.map, 5), "");
  EXPECT_EQ(grid_name(kept.map, 0), "-5") << "the default is 100";
  kept.map.kind = MapAxis::quantile;
  EXPECT_EQ(grid_name(kept.map, 5), "-quantiles");
  EXPECT_EQ(grid_name(kept.map, 8), "-quantiles-5");
  kept.map.kind = MapAxis::linear;
  kept.map.axis.back() = 2;
  EXPECT_EQ(grid_name(kept.map, 5), "-range2");
  kept.map.axis.back() = 1;
  kept.map.parts[0].wanted = 1;
  EXPECT_EQ(grid_name(kept.map, 5), "-class1");
  kept.map.parts[0].wanted.reset();
  kept.map.parts[0].fourth = 0.5;
  EXPECT_EQ(grid_name(kept.map, 5), "-fourth0.5");

  const FreshFolder folder;
  write_map(folder.path(), plane(7, 3), "");
  kept.grid = "-quantiles";
  kept.map.kind = MapAxis::quantile;
  kept.map.parts[0].fourth.reset();
  EXPECT_EQ(write_map(folder.path(), kept, ""), folder / "epoch-00007-quantiles.png");
  EXPECT_EQ(read_map(map_path(folder.path(), 7)).map, plane(7, 3).map);
  EXPECT_EQ(read_map(map_path(folder.path(), 7, "-quantiles")).map, kept.map);
}

TEST(MapFile, TellsSharesAndWantedShare) {
  KeptMap kept = plane(1, 10);
  kept.map.parts[0].wanted = 0;
  const auto json = nlohmann::json::parse(to_json(kept));
  EXPECT_EQ(json.at("schema"), "ganymede.map/1");
  EXPECT_DOUBLE_EQ(json.at("shares").at(1), 0.4);
  EXPECT_DOUBLE_EQ(json.at("wanted_share"), 0.6);
  EXPECT_DOUBLE_EQ(json.at("parts").at(0).at("wanted_share"), 0.6);
  EXPECT_TRUE(json.at("changed_share").is_null());
}

TEST(MapFile, IsComparedWithTheLastMapOfTheSameGrid) {
  const FreshFolder folder;
  write_map(folder.path(), plane(1, 0), "");
  write_map(folder.path(), plane(4, 5), "");
  write_map(folder.path(), plane(6, 5, 6), "");  // another grid
  write_map(folder.path(), plane(9, 25), "");    // later
  KeptMap kept = plane(8, 10);
  compare_with_last(folder.path(), kept);
  EXPECT_EQ(kept.since, 4U);
  EXPECT_DOUBLE_EQ(kept.changed.value(), 0.2);
  write_file_atomically(map_path(folder.path(), 7), "{");  // damaged: passed over
  kept.classifier = "another";
  compare_with_last(folder.path(), kept);
  EXPECT_FALSE(kept.since.has_value());
  compare_with_last(folder / "none", kept);
  EXPECT_FALSE(kept.changed.has_value());
}

TEST(MapFile, RemembersItsPlaneAndWhatWasTakenAway) {
  const FreshFolder folder;
  KeptMap kept = plane(7, 10);
  kept.map.mass = 0;
  kept.subject = {.plane = Plane{.origin = {1, 2, 3}, .u = {1, 0, 0}, .v = {0, 0.5, 0}, .u_name = "z1", .v_name = "b"},
                  .ablated = {"act1:channel=2", "conv1"}};
  kept.grid = subject_name(kept.subject);
  EXPECT_TRUE(kept.grid.starts_with("-through-")) << kept.grid;
  EXPECT_EQ(kept.grid.size(), std::string("-through-01234567-without-01234567").size());
  write_map(folder.path(), kept, "title");
  const KeptMap read = read_map(map_path(folder.path(), 7, kept.grid));
  EXPECT_EQ(read.subject, kept.subject);
  EXPECT_EQ(read.map, kept.map);
  EXPECT_TRUE(nlohmann::json::parse(to_json(kept)).at("covered_mass").is_null());
  EXPECT_EQ(title_of("a", kept), "a, epoch 7, the plane through 1, 2, 3 without act1:channel=2 and conv1");
  EXPECT_EQ(subject_name({}), "");
  EXPECT_FALSE(nlohmann::json::parse(to_json(plane(7, 10))).contains("ablated"));
  KeptMap later = plane(8, 12);
  EXPECT_FALSE(compare_with(kept, later)) << "of another subject";
  later.subject = kept.subject;
  EXPECT_TRUE(compare_with(kept, later));
}

TEST(MapFile, RefusesWhatDoesNotFitTogether) {
  const FreshFolder folder;
  write_map(folder.path(), plane(1, 3), "");
  const auto path = map_path(folder.path(), 1);
  write_npy(folder / "epoch-00001.npy", Tensor(DType::i32, {1, 4, 5}));
  EXPECT_THROW(read_map(path), DataError);
  write_npy(folder / "epoch-00001.npy", Tensor::of<std::int32_t>({1, 5, 5}, std::vector<std::int32_t>(25, 2)));
  EXPECT_THROW(read_map(path), DataError);
  write_file_atomically(path, "{\"schema\": \"another\"}");
  EXPECT_THROW(read_map(path), DataError);
}

TEST(MapFile, SurvivesMutation) {
  const FreshFolder folder;
  write_map(folder.path(), plane(1, 3), "");
  const auto path = map_path(folder.path(), 1);
  const std::string whole = read_file(path);
  RandomSequence random(Random(8, "fuzz"), 0);
  for (int i = 0; i < 500; ++i) {
    write_file_atomically(path, ganymede::testing::mutate(whole, random));
    try {
      const KeptMap read = read_map(path);
      EXPECT_EQ(read.map.parts.size(), 1U);
    } catch (const DataError&) {
    }
  }
}

}  // namespace
}  // namespace ganymede::explore
