#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <utility>

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
  FreshFolder(FreshFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  FreshFolder& operator=(FreshFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  operator const std::filesystem::path&() const { return path_; }  // NOLINT(google-explicit-constructor)
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace ganymede::testing
