#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

namespace ganymede::testing {

/// A new empty folder under gtest's temporary folder, removed with all in it at the end of the scope.
class FreshFolder {
 public:
  FreshFolder() {
    std::string name = ::testing::TempDir() + "/ganymede-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~FreshFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  FreshFolder(const FreshFolder&) = delete;
  FreshFolder& operator=(const FreshFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace ganymede::testing
