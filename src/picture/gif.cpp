#include "picture/gif.hpp"

#include <gif_lib.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "picture/palette.hpp"

namespace ganymede::picture {
namespace {

struct MapDeleter {
  void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};
using Map = std::unique_ptr<ColorMapObject, MapDeleter>;

// giflib's maps have a power of two of colours; the rest stays black.
Map make_map(const std::vector<Colour>& palette) {
  int size = 2;
  while (size < static_cast<int>(palette.size())) size *= 2;
  std::vector<GifColorType> colours(size);
  for (std::size_t i = 0; i < palette.size(); ++i) colours[i] = {palette[i].r, palette[i].g, palette[i].b};
  Map map(GifMakeMapObject(size, colours.data()));
  if (map == nullptr) throw Error("GIF: no memory for a colour map");
  return map;
}

}  // namespace

struct GifWriter::File {
  File(const std::filesystem::path& path_, const GifStyle& style_) : path(path_), style(style_), out(path_) {}
  ~File() {
    if (gif != nullptr) EGifCloseFile(gif, nullptr);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // giflib is C: an exception waits here until it has returned.
  static int write(GifFileType* gif, const GifByteType* bytes, int count) {
    File& file = *static_cast<File*>(gif->UserData);
    if (file.failure) return 0;
    try {
      file.out.write({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count)});
      return count;
    } catch (...) {
      file.failure = std::current_exception();
      return 0;
    }
  }

  void check(int status) {
    if (failure) std::rethrow_exception(failure);
    if (status == GIF_ERROR)
      fail<DataError>("{}: the GIF cannot be written: {}", path.string(), GifErrorString(gif->Error));
  }

  void begin(const Image& frame) {
    height = frame.height(), width = frame.width();
    int code = 0;
    gif = EGifOpen(this, &File::write, &code);
    if (gif == nullptr) fail<DataError>("{}: the GIF cannot be written: {}", path.string(), GifErrorString(code));
    EGifSetGifVersion(gif, true);
    const Map grey = make_map(to_indexed(Image(1, 1, 1)).palette);
    check(EGifPutScreenDesc(gif, width, height, 8, 0, grey.get()));
    if (style.loops != 1) {  // the block says how often to repeat, 0 for ever
      const int repeats = style.loops <= 0 ? 0 : std::min(style.loops - 1, 65535);
      const GifByteType loop[] = {1, static_cast<GifByteType>(repeats & 255), static_cast<GifByteType>(repeats >> 8)};
      check(EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE));
      check(EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0"));
      check(EGifPutExtensionBlock(gif, sizeof loop, loop));
      check(EGifPutExtensionTrailer(gif));
    }
  }

  std::filesystem::path path;
  GifStyle style;
  AtomicFile out;
  std::exception_ptr failure;
  GifFileType* gif = nullptr;
  int height = 0, width = 0;
};

GifWriter::GifWriter(const std::filesystem::path& path, const GifStyle& style)
    : file_(std::make_unique<File>(path, style)) {}
GifWriter::~GifWriter() = default;
GifWriter::GifWriter(GifWriter&&) noexcept = default;
GifWriter& GifWriter::operator=(GifWriter&&) noexcept = default;

void GifWriter::add(const Image& frame, int delay_ms) {
  File& f = *file_;
  if (frame.empty()) fail<ShapeError>("{}: an empty frame cannot be written", f.path.string());
  if (f.gif == nullptr) f.begin(frame);
  if (frame.height() != f.height || frame.width() != f.width) {
    fail<ShapeError>("{}: all frames must have the first one's size: wanted {} x {}, found {} x {}", f.path.string(),
                     f.height, f.width, frame.height(), frame.width());
  }
  GraphicsControlBlock control{};
  control.DisposalMode = DISPOSE_DO_NOT;
  control.DelayTime = std::clamp((delay_ms < 0 ? f.style.delay_ms : delay_ms) / 10.0 + 0.5, 0.0, 65535.0);
  control.TransparentColor = NO_TRANSPARENT_COLOR;
  GifByteType extension[4];
  f.check(EGifPutExtension(f.gif, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(EGifGCBToExtension(&control, extension)),
                           extension));
  Indexed indexed = to_indexed(frame);
  const Map local = frame.channels() == 1 ? nullptr : make_map(indexed.palette);
  GifFreeMapObject(
      std::exchange(f.gif->Image.ColorMap, nullptr));  // giflib 5.2 forgets the last frame's where this has none
  f.check(EGifPutImageDesc(f.gif, 0, 0, f.width, f.height, false, local.get()));
  for (int y = 0; y < f.height; ++y) {
    f.check(EGifPutLine(f.gif, indexed.indices.data() + static_cast<std::size_t>(y) * f.width, f.width));
  }
}

void GifWriter::finish() {
  File& f = *file_;
  if (f.gif == nullptr) fail<DataError>("{}: a film needs at least one frame", f.path.string());
  int code = 0;
  const int status = EGifCloseFile(std::exchange(f.gif, nullptr), &code);
  if (f.failure) std::rethrow_exception(f.failure);
  if (status == GIF_ERROR) fail<DataError>("{}: the GIF cannot be written: {}", f.path.string(), GifErrorString(code));
  f.out.commit();
}

}  // namespace ganymede::picture
