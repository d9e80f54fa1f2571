#include "run/tensor_file.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"

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

std::string class_names_field(const std::vector<std::string>& names) {
  return json_text(nlohmann::json(names));
}

std::vector<std::string> class_names_from(const Metadata& metadata, const std::filesystem::path& path) {
  const auto field = metadata.find("class_names");
  if (field == metadata.end()) return {};
  const auto is_flat = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return depth < 2; };
  const nlohmann::json list = nlohmann::json::parse(field->second, is_flat, false);
  const auto is_text = [](const nlohmann::json& name) { return name.is_string(); };
  if (!list.is_array() || !std::all_of(list.begin(), list.end(), is_text)) {
    fail<DataError>("{}: \"class_names\" has the wrong form: wanted a list of texts", path.string());
  }
  return list.get<std::vector<std::string>>();
}

}  // namespace ganymede::run
