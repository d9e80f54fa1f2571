#include "page/report_doctor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ganymede::page {
namespace {

using Json = nlohmann::json;

std::string page_of(const Events& events) {
  Page page("x");
  add_doctor(page, events);
  return page.html();
}

bool contains(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

Json checkup(int epoch) {
  return {{"event", "checkup"}, {"epoch", epoch}, {"images", 10 * epoch}, {"diversity", 0.9}, {"energy", 0.1}};
}

TEST(ReportDoctor, SaysNothingOfARunThatHeNeverSaw) {
  EXPECT_FALSE(contains(page_of({{{"event", "epoch"}, {"epoch", 1}}}), "doctor"));
}

TEST(ReportDoctor, SaysThatNothingWasFound) {
  const std::string page = page_of({checkup(1), checkup(2)});
  EXPECT_TRUE(contains(page, "No failure was found"));
  EXPECT_TRUE(contains(page, "energy distance"));
}

TEST(ReportDoctor, GivesEachWarningItsTimeEvidenceAndRemedy) {
  const Json warning = {{"event", "warning"},       {"reason", "collapse"},  {"epoch", 7},
                        {"since_epoch", 5},         {"sentence", "few <b>"}, {"evidence", "10 %"},
                        {"remedy", "game.pack = 2"}};
  const Json loss = {{"event", "warning"}, {"reason", "loss"}, {"epoch", 8}, {"player", "generator"}, {"loss", 2e4}};
  Events events = {checkup(6), warning, loss, checkup(9)};
  std::string page = page_of(events);
  for (const char* part : {"few &lt;b&gt;, since epoch 5", "What shows it: 10 %.", "What may help: game.pack = 2.",
                           "the generator's loss rose to 2e+04, since epoch 8"})
    EXPECT_TRUE(contains(page, part)) << part << "\n" << page.substr(0, 3000);
  events.push_back({{"event", "recovered"}, {"reason", "collapse"}, {"epoch", 9}});
  page = page_of(events);
  EXPECT_TRUE(contains(page, "few &lt;b&gt;, epochs 5 to 9"));
  EXPECT_TRUE(contains(page, "since epoch 8")) << "of another reason";
  EXPECT_TRUE(contains(page, "class=\"verdict warning\"")) << "in its colour";
}

}  // namespace
}  // namespace ganymede::page
