#pragma once

#include <string>
#include <vector>

namespace ganymede::picture {

struct Tick {
  double value = 0;
  std::string label;
};

/// One direction of a plot: a range of numbers, linear or by logarithm, laid on [0, 1], with ticks.
class Axis {
 public:
  /// Whether a linear axis reaches to zero: not by itself, where the data lie near it (within 0.4 of their size), or
  /// always.
  enum class Zero { no, if_near, yes };

  /// Limits from the finite values, with `room` times the range at both ends (none at a zero that was asked for); [0,
  /// 1] if there is none. `ticks` is about how many are wanted; where all values are whole, no tick falls between two
  /// whole numbers.
  static Axis linear(const std::vector<double>& values, int ticks, double room, Zero zero);
  /// Limits from the positive finite values, [0.1, 1] if there is none; ticks at powers of ten, over few decades at 2
  /// and 5 as well.
  static Axis logarithmic(const std::vector<double>& values, int ticks, double room);

  /// Whether the axis can show v.
  bool shows(double v) const;
  /// 0 at the low end, 1 at the high end.
  double place(double v) const;
  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  Axis(double low, double high, bool log) : low_(low), high_(high), log_(log) {}

  double low_, high_;  // log10 of the limits on a log axis
  bool log_;
  std::vector<Tick> ticks_;
};

/// A number as a person writes it, with the decimals that tell numbers `step` apart: "0.5", "20,000", "1e-05".
std::string tick_label(double value, double step);

}  // namespace ganymede::picture
