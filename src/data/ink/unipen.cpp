#include "data/ink/unipen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "data/files/file_tree.hpp"
#include "data/files/folder_walk.hpp"
#include "data/ink/unipen_ink.hpp"
#include "data/ink/unipen_labels.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

// A label file's ink takes no more, however its files include each other; in UniPen it names a handful.
constexpr int kMostIncludes = 1000;
constexpr std::uint64_t kMostInkBytes = 1'000'000'000;
constexpr std::array<const char*, 2> kCategories{"data/1a/", "data/1b/"};
// The part of a name before "data/1a/" or "data/1b/"; nothing if it is no label file's.
std::optional<std::string> root_of(const std::string& name) {
  for (const std::string_view category : kCategories) {
    const std::size_t at = name.find(category);
    if (at != std::string::npos && (at == 0 || name[at - 1] == '/') && name.ends_with(".dat"))
      return name.substr(0, at);
  }
  return std::nullopt;
}

bool is_wanted(const std::string& name) {
  const bool included = name.starts_with("include/") || name.find("/include/") != std::string::npos;
  return root_of(name) || (included && (name.ends_with(".dat") || name.ends_with(".doc")));
}

// A label file with its ink.
struct LabelFile {
  std::string name, contributor;
  UnipenLabels labels;
  std::shared_ptr<const UnipenInk> ink;
};

class UnipenReader {
 public:
  explicit UnipenReader(const FileTree& tree) : tree_(tree) {}

  // Reads every label file and the ink it names; ink that several files name is read once.
  std::vector<LabelFile> read_all(Faults& faults) {
    std::vector<LabelFile> files;
    for (const std::string& name : tree_.names()) {
      const auto root = root_of(name);
      if (!root) continue;
      LabelFile file{.name = name, .labels = read_unipen_labels(*tree_.read(name), name, faults)};
      std::string key = *root;
      for (const auto& include : file.labels.includes) {
        key += '\n' + include.name;
        if (include.name.ends_with(".dat") || file.contributor.empty()) {
          file.contributor = include.name.substr(0, include.name.find('/'));
        }
      }
      std::shared_ptr<const UnipenInk>& ink = inks_[key];
      if (!ink) ink = read_ink(*root, file, faults);
      file.ink = ink;
      files.push_back(std::move(file));
    }
    return files;
  }

 private:
  std::shared_ptr<const UnipenInk> read_ink(const std::string& root, const LabelFile& file, Faults& faults) {
    auto ink = std::make_shared<UnipenInk>();
    includes_ = 0;
    ink_bytes_ = 0;
    for (const auto& include : file.labels.includes) {
      read_include(root, include.name, file.name, include.line, *ink, faults);
    }
    return ink;
  }

  void read_include(const std::string& root, const std::string& name, const std::string& from, int line, UnipenInk& ink,
                    Faults& faults) {
    const auto complain = [&](const char* what) {
      if (complained_.insert(name).second)
        faults.push_back(fmt::format("{}:{}: .INCLUDE {}: {}", from, line, name, what));
    };
    if (name.ends_with(".lex")) return;
    const std::string path = root + "include/" + name;
    if (std::ranges::find(open_, path) != open_.end()) return complain("includes itself");
    if (++includes_ > kMostIncludes) return complain("too many files included");
    const std::optional<std::string> text = tree_.read(path);
    if (!text) return complain("no such file");
    ink_bytes_ += text->size();
    if (ink_bytes_ > kMostInkBytes) return complain("too much ink included");
    open_.push_back(path);
    read_unipen_ink(*text, path, ink, faults, [&](std::string_view inner, int at) {
      read_include(root, std::string(inner), path, at, ink, faults);
    });
    open_.pop_back();
  }

  const FileTree& tree_;
  std::map<std::string, std::shared_ptr<const UnipenInk>> inks_;
  std::set<std::string> complained_;  // a missing file is named once
  std::vector<std::string> open_;     // the file that is read, and those that include it
  int includes_ = 0;                  // of the label file that is read
  std::uint64_t ink_bytes_ = 0;
};

bool is_placeholder(const UnipenComponent& component) {
  return component.points.size() == 1 && component.points[0] == ink::Point{0, 0};
}

class Assembler {
 public:
  explicit Assembler(InkSet& set) : set_(set) {}

  void add(const LabelFile& file) {
    numbered_.clear();
    for (const UnipenComponent& component : file.ink->components) {
      if (!component.points.empty() || component.damaged) numbered_.push_back(&component);
    }
    if (file.labels.malformed > 0) set_.skipped["malformed .SEGMENT line"] += file.labels.malformed;
    for (const UnipenSegment& segment : file.labels.segments) {
      Symbol symbol;
      symbol.label = symbol_class(segment.label);
      const char* fault = symbol.label < 0 ? "label is none of the classes" : nullptr;
      if (!fault && segment.quality == "BAD") fault = "quality BAD";
      if (!fault) fault = assemble(file, segment, symbol);
      if (fault) {
        ++set_.skipped[fault];
      } else {
        set_.symbols.push_back(std::move(symbol));
      }
    }
  }

 private:
  // Fills strokes, times and writer; a reason if that cannot be done.
  const char* assemble(const LabelFile& file, const UnipenSegment& segment, Symbol& symbol) {
    std::int32_t writer = -1;
    for (const UnipenRange& range : segment.ranges) {
      if (range.to.component >= static_cast<std::int64_t>(numbered_.size())) return "component beyond the file's ink";
      for (std::int64_t c = range.from.component; c <= range.to.component; ++c) {
        const UnipenComponent& component = *numbered_[static_cast<std::size_t>(c)];
        if (component.damaged) return "damaged component";
        if (!component.down || is_placeholder(component)) continue;
        const auto last = static_cast<std::int64_t>(component.points.size()) - 1;
        const std::int64_t from = c == range.from.component && range.from.point >= 0 ? range.from.point : 0;
        const std::int64_t to = c == range.to.component && range.to.point >= 0 ? range.to.point : last;
        if (from > to || to > last) return "point beyond its component";
        add_stroke(component, from, to, symbol);
        writer = component.writer;
      }
    }
    if (symbol.ink.empty()) return "no ink in the segment";
    if (std::any_of(symbol.times.begin(), symbol.times.end(), [](const auto& t) { return t.empty(); })) {
      symbol.times.clear();
    }
    symbol.writer = writer_of(file, writer);
    return nullptr;
  }

  void add_stroke(const UnipenComponent& component, std::int64_t from, std::int64_t to, Symbol& symbol) const {
    const auto a = static_cast<std::ptrdiff_t>(from), b = static_cast<std::ptrdiff_t>(to) + 1;
    ink::Stroke stroke(component.points.begin() + a, component.points.begin() + b);
    for (ink::Point& p : stroke) p.y = -p.y;
    symbol.ink.push_back(std::move(stroke));
    symbol.times.emplace_back();
    if (!component.times.empty()) {
      symbol.times.back().assign(component.times.begin() + a, component.times.begin() + b);
    }
  }

  // Without a .WRITER_ID the file of labels stands for its writer.
  std::int32_t writer_of(const LabelFile& file, std::int32_t id) {
    const std::string own =
        id >= 0 ? file.ink->writers[static_cast<std::size_t>(id)] : fs::path(file.name).stem().string();
    const auto [it, is_new] =
        writers_.emplace(file.contributor + "/" + own, static_cast<std::int32_t>(set_.writers.size()));
    if (is_new) set_.writers.push_back(it->first);
    return it->second;
  }

  InkSet& set_;
  std::map<std::string, std::int32_t> writers_;
  std::vector<const UnipenComponent*> numbered_;
};

bool holds_unipen(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder / "include", error) &&
         (fs::is_directory(folder / "data" / "1a", error) || fs::is_directory(folder / "data" / "1b", error));
}

}  // namespace

fs::path find_unipen(const fs::path& folder) {
  if (holds_unipen(folder)) return folder;
  std::vector<fs::path> inside;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!is_passed_over(entry.path().filename().string())) inside.push_back(entry.path());
  }
  std::sort(inside.begin(), inside.end());
  for (const fs::path& path : inside) {
    if (holds_unipen(path)) return folder;
  }
  for (const fs::path& path : inside) {
    if (is_archive_name(path) && path.filename().string().find("unipen") != std::string::npos) return path;
  }
  return {};
}

InkSet read_unipen(const fs::path& path) {
  InkSet set;
  set.class_names = symbol_names();
  set.provenance = {"unipen", {path}, "UniPen train_r01_v07: isolated digits and upper case letters as strokes"};
  const FileTree tree(path, is_wanted);
  const std::vector<LabelFile> files = UnipenReader(tree).read_all(set.faults);
  if (files.empty()) {
    fail<DataError>(
        "{}: no UniPen labels here: wanted data/1a/.../*.dat or data/1b/.../*.dat beside include/; other archives must "
        "be unpacked first",
        path.string());
  }
  Assembler assembler(set);
  for (const LabelFile& file : files) assembler.add(file);
  return set;
}

}  // namespace ganymede::data
