#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "data/ink/symbols.hpp"
#include "ink/stroke.hpp"
#include "picture/canvas.hpp"
#include "picture/image.hpp"

namespace ganymede::data {

/// Colour of stroke i (S-INK I6): blue, red, green, then orange, violet, cyan, brown, grey; repeats.
picture::Colour stroke_colour(int i);

/// A square of the canvas with its top left corner at (x, y).
struct InkCell {
  double x = 0, y = 0, side = 56;
};

/// Draws a symbol in its stroke colours, its box scaled into the cell with a margin of a tenth and centred; y down. A
/// stroke without length is a dot; an ink without points draws nothing.
void draw_ink(picture::Canvas& canvas, const ink::Ink& ink, const InkCell& cell, double pen = 1.6);

/// A symbol on white, side x side.
picture::Image picture_of_ink(const ink::Ink& ink, int side);

/// Rows of symbols with a name each.
struct InkSheet {
  struct Row {
    std::string name;
    std::vector<const ink::Ink*> cells;  ///< null: left empty
  };
  std::vector<Row> rows;
  int side = 56;
};

/// A row a class with its first `columns` symbols, classes without any left out; twelve rows of a single class.
InkSheet class_sheet(const InkSet& set, int columns = 16);
/// A row for each contributor that has any, by name, with its first `columns` symbols of the class; all classes in turn
/// if label is -1.
InkSheet contributor_sheet(const InkSet& set, int label, int columns = 16);

/// The sheet as a picture, and as an SVG document.
picture::Image draw_sheet(const InkSheet& sheet);
std::string sheet_svg(const InkSheet& sheet);
/// Writes .svg or .png, by the ending. @throws ConfigError for another one.
void write_sheet(const std::filesystem::path& path, const InkSheet& sheet);

}  // namespace ganymede::data
