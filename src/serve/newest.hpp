#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace ganymede::serve {

/// Of the requests of one view (a page's name for what it shows) only the one with the highest serial matters. Any
/// thread may ask.
class Newest {
 public:
  struct Ticket {
    std::string key;  ///< "": a request without a view, which nothing overtakes
    double serial = 0;
  };
  /// A request has come.
  Ticket take(const std::string& endpoint, const std::string& view, double serial);
  /// Whether a newer one has come since.
  bool overtaken(const Ticket& ticket) const;
  /// @throws HttpError 409 "overtaken" if so.
  void check(const Ticket& ticket) const;

 private:
  struct Last {
    double serial = 0;
    std::uint64_t use = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Last> last_;  // of the 1,024 keys that asked last
  std::uint64_t uses_ = 0;
};

}  // namespace ganymede::serve
