#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace ganymede {

enum class ProgressStyle {
  automatic,  ///< bar on a terminal, else lines
  bar,        ///< one line, redrawn at most ten times a second, never wider than the terminal
  lines,      ///< plain lines, 10 s or a tenth of the work apart (but at least 1 s), later up to a minute
  quiet       ///< nothing, not even messages
};

struct ProgressOptions {
  ProgressStyle style = ProgressStyle::automatic;
  std::string unit = "images";  ///< the rate is printed as "<unit>/s"; "B" prints human bytes
  double start = 0;             ///< what was done before (a resumed run); does not count in the rate
  int columns = 0;              ///< width of the line; 0 asks the terminal (80 without one)
  /// std::cerr if null; `automatic` looks at descriptor 2, and draws lines on any other stream.
  std::ostream* out = nullptr;
  /// Seconds, never backwards; the steady clock if empty.
  std::function<double()> clock{};
};

/// Progress of one long piece of work, on stderr:
/// `epoch 3/10  [##########------------]   45 %  1:20, 1:37 left  583 images/s  d 1.31  g 0.82`.
/// Not for use by several threads at once. `update` costs one look at the clock when nothing is to be drawn.
class Progress {
 public:
  /// `total` in units; 0 or less means unknown (no bar, percent or time left).
  Progress(std::string label, double total, ProgressOptions options = {});
  /// Ends the line if `finish` has not been called.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void set_label(std::string label) { label_ = std::move(label); }
  /// `done` of `total` units; `text` is shown at the end of the line (losses), cut where the line is full.
  void update(double done, std::string_view text = {});
  /// Prints a line of its own above the bar.
  void message(std::string_view line);
  /// Draws the last state with the mean rate over the whole work and ends the line. Later calls do nothing.
  void finish();

  /// Units per second, averaged over about the last ten seconds; 0 before the first measurement.
  double rate() const;
  /// Seconds left by `rate`; negative if unknown.
  double seconds_left() const;

 private:
  void draw_bar(double now);
  void close_line();
  std::string line(double now, double shown_rate, bool bar) const;

  std::string label_;
  double total_;
  ProgressOptions options_;
  std::string text_;
  double done_;
  double begin_;
  double measured_at_;
  double measured_done_;
  double rate_sum_ = 0;  // of a moving average, rate_weight_ the sum of its weights so far
  double rate_weight_ = 0;
  double drawn_at_;  // when and at what the last plain line was printed
  double drawn_done_;
  bool line_open_ = false;
  bool finished_ = false;
  bool on_terminal_ = false;
};

}  // namespace ganymede
