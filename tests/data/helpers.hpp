#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/fresh_folder.hpp"
#include "data/dataset.hpp"

namespace ganymede::data {

using ganymede::testing::FreshFolder;

/// The message of the E that `call` throws; a failure if it throws none.
template <class E, class F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "threw another kind of exception: " << error.what();
    return {};
  }
  ADD_FAILURE() << "threw nothing";
  return {};
}

/// Whether a message holds every one of the parts.
template <class... Parts>
::testing::AssertionResult says(const std::string& message, const Parts&... parts) {
  for (const std::string& part : {std::string(parts)...}) {
    if (message.find(part) == std::string::npos) {
      return ::testing::AssertionFailure() << "no \"" << part << "\" in \"" << message << "\"";
    }
  }
  return ::testing::AssertionSuccess();
}

/// Sets a variable of the environment for one test.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    value.empty() ? unsetenv(name) : setenv(name, value.c_str(), 1);
  }
  ~ScopedVariable() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

/// u8 tensor whose element i is (start + i) mod 256.
inline Tensor counting(Shape shape, int start = 0) {
  Tensor tensor(DType::u8, std::move(shape));
  int value = start;
  for (std::uint8_t& element : tensor.values<std::uint8_t>()) element = static_cast<std::uint8_t>(value++);
  return tensor;
}

inline Tensor bytes_of(const std::vector<std::uint8_t>& values) {
  return Tensor::of<std::uint8_t>({static_cast<std::int64_t>(values.size())}, values);
}

/// A labelled set of n images of 1 x 2 x 2: image i is all i (mod 256), its class i mod 10.
inline Dataset numbered(std::int64_t n) {
  Dataset d;
  d.provenance.name = "numbered";
  d.images = Tensor(DType::u8, {n, 1, 2, 2});
  for (std::int64_t i = 0; i < n * 4; ++i) d.images.values<std::uint8_t>()[i] = static_cast<std::uint8_t>(i / 4);
  for (std::int64_t i = 0; i < n; ++i) d.labels.push_back(static_cast<std::int32_t>(i % 10));
  return checked(std::move(d));
}

/// The folder with real data for tests, or nothing.
inline std::optional<std::filesystem::path> shared_data() {
  const char* variable = std::getenv("GANYMEDE_TEST_SHARED");
  const std::filesystem::path folder =
      variable ? std::filesystem::path(variable) : std::filesystem::path(GANYMEDE_SOURCE_DIR) / "../shared/data";
  if (!std::filesystem::is_directory(folder)) return std::nullopt;
  return folder;
}

}  // namespace ganymede::data
