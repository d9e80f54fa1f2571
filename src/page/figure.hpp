#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "picture/image.hpp"

namespace ganymede::page {

/// A picture of a study as its results name it: a file of its own, in the folder figures/ beside them.
struct Figure {
  std::string file;         ///< "figures/map-digits-2d.png", below the study's folder; .png, .svg or .gif
  std::uint32_t crc32 = 0;  ///< of the file: figures of another call are never taken for these results'
  std::string caption;
};

/// Writes the figures of one study, each in one step.
class FigureWriter {
 public:
  /// Makes FOLDER/figures. @throws DataError if that is a link or cannot be made.
  explicit FigureWriter(const std::filesystem::path& folder);

  /// figures/NAME.png, and figures/NAME.svg of the text of a whole document. NAME: letters, digits, '.', '_', '-',
  /// not a dot at first. @throws Error for another one, DataError if the file cannot be written.
  Figure png(const std::string& name, const picture::Image& image, std::string caption) const;
  Figure svg(const std::string& name, std::string_view document, std::string caption) const;
  /// figures/NAME.gif, a film of frames of one size, the last of which stays two seconds longer. @throws as GifWriter.
  Figure gif(const std::string& name, const std::vector<picture::Image>& frames, int frame_ms,
             std::string caption) const;

 private:
  Figure write(const std::string& file, std::string_view bytes, std::string caption) const;

  std::filesystem::path folder_;
};

/// Whether a text names a file that FigureWriter may have written: nothing else is opened for results from elsewhere.
bool is_figure_name(std::string_view file);

/// The bytes of a figure. @throws DataError with the file's name and what to do: missing, or not the one that was
/// written with these results.
std::string read_figure(const std::filesystem::path& folder, const Figure& figure);

}  // namespace ganymede::page
