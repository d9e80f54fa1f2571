#pragma once

#include <utility>

namespace ganymede::engine {

/// Two things in each other's place for a while. Passes read and write through fields and parameters; what is linear is
/// its own tangent, and computes it with values and tangents exchanged.
template <class T>
class Exchange {
 public:
  Exchange(T& a, T& b) : a_(a), b_(b) { std::swap(a_, b_); }
  ~Exchange() { std::swap(a_, b_); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

 private:
  T& a_;
  T& b_;
};

}  // namespace ganymede::engine
