#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "serve/catalogue.hpp"
#include "serve/digest.hpp"
#include "serve/faults.hpp"

namespace ganymede::serve {

/// What the list of runs shows of each. Several threads may ask; what was read of a run's events is kept, and the whole
/// list for a quarter of a second, so that many clients cost as much as one.
class Cards {
 public:
  Cards(const Catalogue& catalogue, const Faults& faults) : catalogue_(catalogue), faults_(faults) {}
  /// The answer {"root", "runs": [a card each, by name]} as JSON text: docs/api.md has the fields.
  std::string all();
  /// The card of one run.
  nlohmann::ordered_json of(const std::string& name);

 private:
  nlohmann::ordered_json make(const std::string& name, const std::filesystem::path& folder);

  const Catalogue& catalogue_;
  const Faults& faults_;
  std::mutex mutex_;
  std::map<std::string, Digest> digests_;
  std::string kept_;  // the last answer
  std::chrono::steady_clock::time_point kept_at_;
};

}  // namespace ganymede::serve
