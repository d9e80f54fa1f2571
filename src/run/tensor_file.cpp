#include "run/tensor_file.hpp"

#include <algorithm>
#include <charconv>

namespace ganymede::run {

std::vector<NumberedFile> list_numbered(const std::filesystem::path& folder, const std::string& prefix) {
  std::vector<NumberedFile> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(kTensorFileEnding)) {
      continue;
    }
    const auto digits = std::string_view(name).substr(
        prefix.size(), name.size() - prefix.size() - std::string_view(kTensorFileEnding).size());
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (code == std::errc{} && end == digits.data() + digits.size()) {
      files.push_back({number, entry.path()});
    }
  }
  std::ranges::sort(files, {}, &NumberedFile::number);
  return files;
}

}  // namespace ganymede::run
