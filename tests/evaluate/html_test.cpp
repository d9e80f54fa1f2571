#include "evaluate/html.hpp"

#include <gtest/gtest.h>

namespace ganymede::evaluate {
namespace {

TEST(Page, EscapesTextAndKeepsDrawings) {
  Page page("A < B & \"C\"");
  page.heading("<h>");
  page.verdict("cannot tell", "x > y");
  page.table({.head = {"a"}, .rows = {{"<b>"}}, .caption = "c"});
  page.svg("<?xml version=\"1.0\"?>\n<svg><rect/></svg>", "drawing");
  page.details("more", "<script>");
  const std::string html = page.html();
  EXPECT_NE(html.find("<title>A &lt; B &amp; &quot;C&quot;</title>"), std::string::npos);
  EXPECT_NE(html.find("<td>&lt;b&gt;</td>"), std::string::npos);
  EXPECT_NE(html.find("class=\"verdict cannot\""), std::string::npos);
  EXPECT_NE(html.find("<figure><svg><rect/></svg>"), std::string::npos);
  EXPECT_EQ(html.find("<script>"), std::string::npos);
  EXPECT_EQ(html.find("<?xml"), std::string::npos);
}

TEST(Page, WritesBackticksAsCode) {
  Page page("p");
  page.paragraph("run `a < b` and `c`, not a lone ` one");
  EXPECT_NE(page.html().find("<code>a &lt; b</code> and <code>c</code>, not a lone ` one"), std::string::npos);
}

TEST(Page, TablesWithoutAHeadAreFacts) {
  Page page("p");
  page.table({.head = {}, .rows = {{"state", "finished"}}, .caption = {}});
  EXPECT_NE(page.html().find("class=\"facts\"><tr><td>state"), std::string::npos);
  EXPECT_EQ(page.html().find("<th>"), std::string::npos);
}

TEST(Page, HoldsPicturesInItself) {
  Page page("p");
  page.image(picture::Image(2, 3, 1), "grey");
  const std::string html = page.html();
  EXPECT_NE(html.find("src=\"data:image/png;base64,iVBORw0KGgo"), std::string::npos);
  EXPECT_EQ(html.find("http"), std::string::npos);
}

TEST(Page, HoldsAnimationsInItself) {
  Page page("p");
  page.animation("GIF89a", "a & b");
  EXPECT_NE(page.html().find("<img alt=\"a &amp; b\" src=\"data:image/gif;base64,R0lGODlh\">"), std::string::npos);
}

}  // namespace
}  // namespace ganymede::evaluate
