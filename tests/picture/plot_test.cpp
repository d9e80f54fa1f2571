#include "picture/plot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::picture {
namespace {

int count(const Image& image, Colour colour) {
  int n = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) n += image.colour_at(y, x) == colour;
  }
  return n;
}

int occurrences(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

// Both coordinates of every point of the lines and dots of a drawing.
std::vector<double> positions(const std::string& svg) {
  std::vector<double> found;
  for (const std::string begin : {"points=\"", "cx=\"", "cy=\""}) {
    for (std::size_t at = svg.find(begin); at != std::string::npos; at = svg.find(begin, at + 1)) {
      std::string list = svg.substr(at + begin.size(), svg.find('"', at + begin.size()) - at - begin.size());
      std::ranges::replace(list, ',', ' ');
      std::istringstream words(list);
      for (std::string word; words >> word;) found.push_back(std::stod(word));
    }
  }
  return found;
}

LinePlot rising() {
  LinePlot plot;
  plot.series = {{"", {}, {}}};
  for (int i = 0; i < 100; ++i) {
    plot.series[0].x.push_back(i);
    plot.series[0].y.push_back(i);
  }
  return plot;
}

TEST(LinePlot, HasTheAskedSizeAndShowsEverySeriesInItsColour) {
  LinePlot plot = rising();
  plot.series.push_back({"second", {0, 99}, {50, 40}});
  plot.width = 640, plot.height = 400;
  const Image image = draw(plot);
  EXPECT_EQ(image.width(), 640);
  EXPECT_EQ(image.height(), 400);
  EXPECT_GT(count(image, series_colour(0)), 300);
  EXPECT_GT(count(image, series_colour(1)), 300);
  EXPECT_EQ(count(image, series_colour(2)), 0);
}

TEST(LinePlot, DrawsARisingLineFromLowLeftToHighRight) {
  const Image image = draw(rising());
  double covariance = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if (image.colour_at(y, x) == series_colour(0)) covariance += (x - 450.0) * (270.0 - y);
    }
  }
  EXPECT_GT(covariance, 0);
}

TEST(LinePlot, BreaksTheLineWhereAValueIsNotFinite) {
  LinePlot plot = rising();
  EXPECT_EQ(occurrences(to_svg(plot), "<polyline"), 1);
  plot.series[0].y[50] = std::nan("");
  plot.series[0].y[51] = std::numeric_limits<double>::infinity();
  const std::string svg = to_svg(plot);
  EXPECT_EQ(occurrences(svg, "stroke-width=\"1.8\""), 2);
  EXPECT_NE(svg.find("2 points left out"), std::string::npos);
}

TEST(LinePlot, SaysWhatALogAxisCannotShow) {
  LinePlot plot = rising();  // begins at 0
  plot.log_y = true;
  EXPECT_NE(to_svg(plot).find("1 point left out"), std::string::npos);
}

TEST(LinePlot, ALogarithmicXAxisIsLabelledByItsNumbers) {
  LinePlot plot;
  plot.log_x = true;
  plot.series = {{"", {100, 1000, 10000, 100000}, {1, 2, 3, 4}}};
  const std::string svg = to_svg(plot);
  for (const char* label : {">1,000<", ">10,000<", ">100,000<"}) EXPECT_NE(svg.find(label), std::string::npos) << label;
}

TEST(LinePlot, ShowsSinglePointsAsDots) {
  LinePlot plot;
  plot.series = {{"a", {1, 2, 3}, {4, std::nan(""), 6}}};
  EXPECT_EQ(occurrences(to_svg(plot), "<circle"), 2);
  EXPECT_GT(count(draw(plot), series_colour(0)), 30);
}

TEST(LinePlot, SaysWhenThereIsNothingToShow) {
  EXPECT_NE(to_svg(LinePlot{}).find("no data yet"), std::string::npos);
  LinePlot plot;
  plot.series = {{"a", {1}, {std::nan("")}}};
  EXPECT_NE(to_svg(plot).find("no data yet"), std::string::npos);
  draw(plot);
}

TEST(LinePlot, EscapesTextInSvg) {
  LinePlot plot = rising();
  plot.title = "a < b & c";
  EXPECT_NE(to_svg(plot).find("a &lt; b &amp; c"), std::string::npos);
}

TEST(LinePlot, RejectsLengthsThatDifferAndTinyPictures) {
  LinePlot plot = rising();
  plot.series[0].y.pop_back();
  EXPECT_THROW(draw(plot), ShapeError);
  plot = rising();
  plot.width = 100;
  EXPECT_THROW(to_svg(plot), ShapeError);
}

TEST(LinePlot, TakesAnyNumbers) {
  RandomSequence random(Random(4, "test"), 0);
  for (int i = 0; i < 60; ++i) {
    LinePlot plot;
    plot.width = 240, plot.height = 160;
    plot.log_y = random.below(2) == 1;
    plot.series.resize(random.below(12));
    for (Series& s : plot.series) {
      s.name = std::string(random.below(60), 'm');
      for (std::uint32_t n = random.below(6); n > 0; --n) {
        s.x.push_back(random.normal() * std::pow(10, random.uniform(-308, 308)));
        s.y.push_back(random.below(5) == 0 ? std::nan("") : random.normal() * std::pow(10, random.uniform(-308, 308)));
      }
    }
    const Image image = draw(plot);
    EXPECT_EQ(image.width(), 240);
    EXPECT_EQ(image.height(), 160);
    const std::string svg = to_svg(plot);
    for (const double at : positions(svg)) {
      EXPECT_GE(at, 0) << "plot " << i;
      EXPECT_LE(at, 240) << "plot " << i;
    }
    for (const char* word : {"\"nan", " nan", ",nan", "\"inf", " inf", ",inf", "-inf"})
      EXPECT_EQ(svg.find(word), std::string::npos) << "plot " << i;
  }
}

TEST(BarChart, HeightsAreInProportion) {
  BarChart chart;
  chart.labels = {"a", "b"};
  chart.values = {1, 3};
  const Image image = draw(chart);
  int left = 0, right = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) (x < 450 ? left : right) += image.colour_at(y, x) == series_colour(0);
  }
  EXPECT_NEAR(static_cast<double>(right) / left, 3, 0.05);  // whole pixels
}

TEST(BarChart, ColoursClasses) {
  BarChart chart;
  chart.class_colours = true;
  for (int k = 0; k < 10; ++k) {
    chart.labels.push_back(std::to_string(k));
    chart.values.push_back(5 + k);
  }
  const Image image = draw(chart);
  for (int k = 0; k < 10; ++k) EXPECT_GT(count(image, class_colour(k)), 1000) << k;
}

TEST(BarChart, TakesNegativeValuesNanAndNone) {
  BarChart chart;
  draw(chart);
  chart.labels = {"a", "b", "c"};
  chart.values = {-1, std::nan(""), 2};
  draw(chart);
  EXPECT_NE(to_svg(chart).find(">none<"), std::string::npos);
  chart.values.pop_back();
  EXPECT_THROW(draw(chart), ShapeError);
}

TEST(Histogram, CountsEveryValueInItsRange) {
  const BarChart chart = histogram({0, 0.1, 0.5, 0.99, 1, -0.1, 1.1, std::nan("")}, 0, 1, 4);
  EXPECT_EQ(chart.values, (std::vector<double>{2, 0, 1, 2}));
  EXPECT_EQ(chart.labels, (std::vector<std::string>{"0", "0.25", "0.50", "0.75"}));
  EXPECT_THROW(histogram({}, 1, 1, 4), ShapeError);
  EXPECT_THROW(histogram({}, 0, 1, 0), ShapeError);
}

}  // namespace
}  // namespace ganymede::picture
