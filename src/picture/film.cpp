#include "picture/film.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "picture/ffmpeg.hpp"
#include "picture/font.hpp"
#include "picture/gif.hpp"

namespace ganymede::picture {
namespace {

constexpr int kStripHeight = 20, kStripBase = 14;  // of a caption, and its baseline
constexpr double kCaptionSize = 9, kSmallCaptionSize = 7;
constexpr Colour kStrip{40, 40, 40}, kCaption{225, 225, 225};

// What a format does with a frame that is to stay for some time.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual void add(const Image& frame, double seconds) = 0;
  virtual void finish() = 0;
};

class GifEncoder : public Encoder {
 public:
  GifEncoder(const std::filesystem::path& path, const FilmStyle& style) : gif_(path, {.loops = style.loops}) {}
  void add(const Image& frame, double seconds) override {
    // In the format's hundredths; what rounding left over goes to the next frame, so that the whole lasts as long as it
    // should.
    const double wanted = 100 * seconds + left_;
    const auto hundredths = std::lround(wanted);
    left_ = wanted - static_cast<double>(hundredths);
    gif_.add(frame, static_cast<int>(10 * hundredths));
  }
  void finish() override { gif_.finish(); }

 private:
  GifWriter gif_;
  double left_ = 0;  ///< hundredths of a second
};

class VideoEncoder : public Encoder {
 public:
  VideoEncoder(const std::filesystem::path& path, const FilmStyle& style, std::vector<std::string> codec,
               std::string container)
      : film_(path, std::move(codec), std::move(container), style.frames_per_second),
        frames_per_second_(style.frames_per_second) {}
  void add(const Image& frame, double seconds) override {
    // Both codecs keep colour at half the resolution, so sizes are even.
    const Image even = frame.padded((frame.height() + 1) / 2 * 2, (frame.width() + 1) / 2 * 2,
                                    frame.colour_at(frame.height() - 1, frame.width() - 1));
    for (auto left = std::max(std::lround(seconds * frames_per_second_), 1L); left > 0; --left) film_.add(even);
  }
  void finish() override { film_.finish(); }

 private:
  FfmpegFilm film_;
  double frames_per_second_;
};

bool within(double v, double low, double high) {
  return v >= low && v <= high;
}

std::unique_ptr<Encoder> make_encoder(const std::filesystem::path& path, const FilmStyle& style) {
  if (!within(style.frames_per_second, kLeastFramesPerSecond, kMostFramesPerSecond)) {
    fail<ConfigError>("film: frames a second must be between {} and {} (got {})", kLeastFramesPerSecond,
                      kMostFramesPerSecond, style.frames_per_second);
  }
  if (!within(style.hold_last_seconds, 0, 600)) {
    fail<ConfigError>("film: the last frame can be held for 0 to 600 seconds (got {})", style.hold_last_seconds);
  }
  const std::string kind = path.extension().string();
  if (kind == ".gif") return std::make_unique<GifEncoder>(path, style);
  if (kind == ".mp4") {
    return std::make_unique<VideoEncoder>(
        path, style,
        std::vector<std::string>{"-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p", "-movflags", "+faststart"},
        "mp4");
  }
  if (kind == ".webm") {
    return std::make_unique<VideoEncoder>(
        path, style,
        std::vector<std::string>{"-c:v", "libvpx-vp9", "-crf", "20", "-b:v", "0", "-cpu-used", "4", "-row-mt", "1",
                                 "-pix_fmt", "yuv420p"},
        "webm");
  }
  fail<ConfigError>("{}: a film's name must end in .gif, .mp4 or .webm", path.string());
}

Image with_caption(const Image& frame, std::string_view caption) {
  Image out = frame.padded(frame.height() + kStripHeight, frame.width(), kStrip);
  const double size = text_width(caption, kCaptionSize) + 8 <= frame.width() ? kCaptionSize : kSmallCaptionSize;
  draw_text(out, frame.width() / 2.0, frame.height() + kStripBase, caption, size, kCaption, Align::centre);
  return out;
}

}  // namespace

bool ffmpeg_available() {
  return !find_ffmpeg().empty();
}

struct FilmWriter::State {
  std::filesystem::path path;
  FilmStyle style;
  std::unique_ptr<Encoder> encoder;
  bool with_captions = false;
  std::optional<Image> last;  // waits until it is known whether it is the last one
};

FilmWriter::FilmWriter(const std::filesystem::path& path, const FilmStyle& style)
    : state_(new State{path, style, make_encoder(path, style)}) {}
FilmWriter::~FilmWriter() = default;
FilmWriter::FilmWriter(FilmWriter&&) noexcept = default;
FilmWriter& FilmWriter::operator=(FilmWriter&&) noexcept = default;

void FilmWriter::add(const Image& frame, std::string_view caption) {
  State& s = *state_;
  if (frame.empty()) fail<ShapeError>("{}: an empty frame cannot be written", s.path.string());
  if (!s.last) s.with_captions = !caption.empty();
  Image next = s.with_captions ? with_caption(frame, caption) : frame;
  if (s.last) {
    if (next.height() != s.last->height() || next.width() != s.last->width() || next.channels() != s.last->channels()) {
      fail<ShapeError>("{}: all frames must have the first one's size: wanted {} x {} x {}, found {} x {} x {}",
                       s.path.string(), s.last->height(), s.last->width(), s.last->channels(), next.height(),
                       next.width(), next.channels());
    }
    s.encoder->add(*s.last, 1 / s.style.frames_per_second);
  }
  s.last = std::move(next);
}

void FilmWriter::finish() {
  State& s = *state_;
  if (!s.last) fail<DataError>("{}: a film needs at least one frame", s.path.string());
  s.encoder->add(*s.last, 1 / s.style.frames_per_second + s.style.hold_last_seconds);
  s.encoder->finish();
}

}  // namespace ganymede::picture
