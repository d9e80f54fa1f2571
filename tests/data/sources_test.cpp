#include "data/sources.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

class EverySource : public ::testing::TestWithParam<std::string> {
 protected:
  const Source& source() const { return *find_source(GetParam()); }
};

TEST_P(EverySource, SaysWhatItIs) {
  EXPECT_FALSE(source().sentence.empty());

  ASSERT_TRUE(source().open != nullptr);
  EXPECT_EQ(source().find == nullptr, source().synthetic) << "what is not drawn has to be found";
  EXPECT_FALSE(source().synthetic && source().fetchable);
  EXPECT_TRUE(source().any_count || !source().synthetic);
}

class DrawnSource : public EverySource {};
class FoundSource : public EverySource {};

TEST_P(DrawnSource, HasTheShapeAndClassesThatAreKnownWithoutOpeningIt) {
  const OpenOptions options{.builtin_count = 400, .image_size = source().any_side ? 16 : OpenOptions{}.image_size};
  const Dataset d = source().open(Split::train, {}, options);
  EXPECT_EQ(d.is_ink(), source().kind == SampleKind::ink);
  EXPECT_EQ(d.is_points(), source().kind == SampleKind::point);
  EXPECT_EQ(d.channels(), source().channels);
  EXPECT_EQ(d.height(), source().any_side ? 16 : source().height);
  EXPECT_EQ(d.width(), source().any_side ? 16 : source().width);
  EXPECT_EQ(d.class_count(), source().classes);
  EXPECT_EQ(d.provenance.name, source().name);
  EXPECT_EQ(d.size(), 400);
}

TEST_P(FoundSource, SaysWhereItWasLookedForWhenItIsMissing) {
  const FreshFolder folder;
  EXPECT_TRUE(source().find(Split::train, {{folder.path(), "--data"}}).empty());
  const std::string what = message_of<DataError>([&] {
    source().open(Split::train, {{folder.path(), "--data"}}, OpenOptions{});
  });
  EXPECT_NE(what.find((folder / (source().folder.empty() ? source().name : source().folder)).string()),
            std::string::npos)
      << what;
  EXPECT_NE(what.find("builtin"), std::string::npos) << what;
}

TEST_P(EverySource, IsListedOnce) {
  const std::string name = GetParam();
  const auto entries = list_datasets({});
  EXPECT_EQ(std::count_if(entries.begin(), entries.end(), [&](const auto& e) { return e.name == name; }), 1);
}

std::string plain_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Table, EverySource, ::testing::ValuesIn(source_names()), plain_name);
INSTANTIATE_TEST_SUITE_P(Table, DrawnSource,
                         ::testing::ValuesIn(source_names([](const Source& s) { return s.synthetic; })), plain_name);
INSTANTIATE_TEST_SUITE_P(Table, FoundSource,
                         ::testing::ValuesIn(source_names([](const Source& s) { return !s.synthetic; })), plain_name);

TEST(Sources, HaveNamesOfTheirOwn) {
  const std::vector<std::string> names = source_names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(Sources, KnowsNoOtherName) {
  EXPECT_EQ(find_source("mnist-like"), nullptr);
  EXPECT_EQ(find_source(""), nullptr);
}

}  // namespace
}  // namespace ganymede::data
