#include "page/takeaway.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ganymede::page {
namespace {

TEST(TakeawayPage, HoldsAModelWhoseNamesCannotEndItsElement) {
  const nlohmann::json model = {{"run", "</script><script>alert(1)</script>"}, {"note", "a & b <!-- c"}};
  const std::string page = takeaway_page("<p>\n<script type=\"application/json\">@MODEL@</script>", model.dump());
  EXPECT_EQ(page.find("</script>"), page.rfind("</script>"));
  EXPECT_EQ(page.find("<!--"), std::string::npos);
  const std::size_t first = page.find('{'), last = page.rfind('}');
  EXPECT_EQ(nlohmann::json::parse(page.substr(first, last + 1 - first)), model) << "and is read back as it was";
}

TEST(TakeawayPage, WantsItsMarkOnce) {
  EXPECT_THROW(takeaway_page("<p>", "{}"), Error);
  EXPECT_THROW(takeaway_page("@MODEL@ @MODEL@", "{}"), Error);
}

TEST(TakeawayPage, HasATemplate) {
  const std::string page = takeaway_page(takeaway_template(), R"({"schema": "ganymede.export/1"})");
  EXPECT_NE(
      page.find(R"(<script type="application/json" id="ganymede-model">{"schema": "ganymede.export/1"}</script>)"),
      std::string::npos);
}

}  // namespace
}  // namespace ganymede::page
