#include "data/files/csv_field.hpp"

#include "base/error.hpp"
#include "base/file_kind.hpp"
#include "base/regular_file.hpp"
#include "base/text.hpp"

namespace ganymede::data {

std::string read_csv_text(const std::filesystem::path& path, std::string_view wanted) {
  RegularFile file(path);
  if (file.size() > kMostCsvBytes) {
    fail<DataError>("{}: wanted at most {}, found {}", path.string(), human_bytes(static_cast<double>(kMostCsvBytes)),
                    human_bytes(static_cast<double>(file.size())));
  }
  std::string text = file.read(file.size());
  const std::string kind = kind_of_file(text);
  if (!kind.starts_with("a text") && kind != "nothing")
    fail<DataError>("{}: wanted {}, found {}", path.string(), wanted, kind);
  return text;
}

}  // namespace ganymede::data
