#include "fit/fit_mark.hpp"

#include <fstream>

#include "base/error.hpp"

namespace ganymede::fit {
namespace {

constexpr auto kShowEvery = std::chrono::milliseconds(250);

std::filesystem::path with_ending(std::filesystem::path file, const char* ending) {
  return file += ending;
}

}  // namespace

FitMark::FitMark(std::filesystem::path classifier_file) : file_(std::move(classifier_file)) {
  try {
    lock_.emplace(with_ending(file_, ".fit"));
  } catch (const Error&) {
    // Nobody sees it; it is fitted all the same.
  }
}

FitMark::~FitMark() {
  if (!lock_) return;
  std::error_code ignored;
  std::filesystem::remove(with_ending(file_, ".progress"), ignored);
  std::filesystem::remove(with_ending(file_, ".fit"), ignored);
}

void FitMark::show(std::int64_t done, std::int64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (!lock_ || now - shown_at_ < kShowEvery) return;
  shown_at_ = now;
  std::ofstream(with_ending(file_, ".progress"), std::ios::trunc) << done << ' ' << total << '\n';
}

std::optional<FitUnderWay> fit_under_way(const std::filesystem::path& classifier_file) {
  if (!FileLock::holder(with_ending(classifier_file, ".fit"))) return {};
  FitUnderWay fit;
  std::ifstream progress(with_ending(classifier_file, ".progress"));
  if (!(progress >> fit.done >> fit.total) || fit.done < 0 || fit.total < fit.done) return FitUnderWay{};
  return fit;
}

}  // namespace ganymede::fit
