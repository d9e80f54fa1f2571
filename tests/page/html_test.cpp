#include "page/html.hpp"

#include <gtest/gtest.h>

namespace ganymede::page {
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
  EXPECT_NE(html.find(">&lt;b&gt;</td>"), std::string::npos);
  EXPECT_NE(html.find("class=\"verdict cannot\""), std::string::npos);
  EXPECT_NE(html.find("<svg><rect/></svg>"), std::string::npos);
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

// What is wider than a phone scrolls in a box of its own; captions stay outside, so that they are never cut off.
TEST(Page, TablesAndPlotsStandInBoxesThatScroll) {
  Page page("p");
  page.table({.head = {"a", "b"}, .rows = {{"x", "1"}}, .caption = "first"});
  page.table({.head = {}, .rows = {{"state", "finished"}}, .caption = {}});
  page.svg("<svg><rect/></svg>", "drawn");
  page.svg("<svg><rect/></svg>", "");
  const std::string html = page.html();
  int boxes = 0;
  for (const std::string tag : {"table", "svg"}) {
    for (std::size_t at = html.find("<" + tag); at != std::string::npos; at = html.find("<" + tag, at + 1), ++boxes) {
      const std::string box = "<div class=\"scroll\">";
      ASSERT_GE(at, box.size());
      EXPECT_EQ(html.substr(at - box.size(), box.size()), box) << html.substr(at, 40);
      const std::string end = "</" + tag + "></div>";
      EXPECT_EQ(html.find(end, at), html.find("</" + tag, at)) << html.substr(at, 40);
    }
  }
  EXPECT_EQ(boxes, 4);
  EXPECT_NE(html.find("</table></div><figcaption>first</figcaption></figure>"), std::string::npos);
  EXPECT_NE(html.find("</svg></div><figcaption>drawn</figcaption></figure>"), std::string::npos);
  EXPECT_NE(html.find(".scroll { overflow-x: auto; max-width: 100%; }"), std::string::npos);
  EXPECT_EQ(html.find("<caption"), std::string::npos);
  EXPECT_EQ(html.find("<figcaption></figcaption>"), std::string::npos);
}

TEST(Page, SetsCodeInCaptionsAndCells) {
  Page page("p");
  page.drawing("<svg/>", "with `k=1` <on>");
  page.table({.head = {"cure"}, .rows = {{"`k=2`"}}, .caption = "by `k=3`"});
  const std::string html = page.html();
  EXPECT_NE(html.find("<img alt=\"with k=1 &lt;on&gt;\" src=\"data:image/svg+xml;base64,"), std::string::npos);
  EXPECT_NE(html.find("<figcaption>with <code>k=1</code> &lt;on&gt;</figcaption>"), std::string::npos);
  EXPECT_NE(html.find("<td class=\"text\"><code>k=2</code></td>"), std::string::npos);
  EXPECT_NE(html.find("<figcaption>by <code>k=3</code></figcaption>"), std::string::npos);
}

TEST(Page, NumbersStandRightAndWordsLeft) {
  Page page("p");
  page.table({.head = {"run", "whose", "value", "interval"},
              .rows = {{"a", "ours", "-1.5", "[1, 2]"}, {"b", "-", "never", "-"}},
              .caption = {}});
  page.table({.head = {"p"}, .rows = {{"< 1e-300"}}, .caption = {}});
  const std::string html = page.html();
  EXPECT_NE(html.find("<th>p</th>"), std::string::npos);
  for (const char* part : {"<th class=\"text\">run</th><th class=\"text\">whose</th><th>value</th><th>interval</th>",
                           "<td class=\"text\">a</td><td class=\"text\">ours</td><td>-1.5</td><td>[1, 2]</td>",
                           "<td class=\"text\">b</td><td class=\"text\">-</td><td>never</td><td>-</td>"})
    EXPECT_NE(html.find(part), std::string::npos) << part;
}

TEST(Page, GivesEvidencePointByPoint) {
  Page page("p");
  page.evidence({"a < b", "`c`"});
  EXPECT_NE(page.html().find("<ul class=\"evidence\"><li>a &lt; b</li><li><code>c</code></li></ul>"),
            std::string::npos);
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
}  // namespace ganymede::page
