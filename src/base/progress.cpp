#include "base/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>

#include "base/environment.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"

namespace ganymede {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr double kRateSeconds = 10;  // time constant of the moving average
constexpr int kWidestBar = 24;
constexpr int kNarrowestBar = 6;

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string amount(double value, const std::string& unit) {
  return unit == "B" ? human_bytes(value) : fmt::format("{} {}", with_thousands(std::llround(value)), unit);
}

std::string speed(double rate, const std::string& unit) {
  if (unit == "B") return human_bytes(rate) + "/s";
  return fmt::format("{:.{}f} {}/s", rate, rate < 9.95 ? 2 : rate < 99.5 ? 1 : 0, unit);
}

ProgressStyle resolve(const ProgressOptions& options) {
  if (options.style != ProgressStyle::automatic) return options.style;
  return options.out == nullptr && is_terminal(STDERR_FILENO) ? ProgressStyle::bar : ProgressStyle::lines;
}

}  // namespace

Progress::Progress(std::string label, double total, ProgressOptions options)
    : label_(std::move(label)), total_(total), options_(std::move(options)), done_(options_.start) {
  options_.style = resolve(options_);
  on_terminal_ = options_.out == nullptr;
  if (options_.out == nullptr) options_.out = &std::cerr;
  if (!options_.clock) options_.clock = steady_seconds;
  begin_ = measured_at_ = drawn_at_ = options_.clock();
  measured_done_ = drawn_done_ = done_;
}

Progress::~Progress() {
  close_line();
}

void Progress::update(double done, std::string_view text) {
  if (finished_ || options_.style == ProgressStyle::quiet) return;
  done_ = done;
  text_ = text;
  const double now = options_.clock();
  const double elapsed = now - measured_at_;
  if (elapsed < kRedrawSeconds) return;

  const double keep = std::exp(-elapsed / kRateSeconds);
  rate_sum_ = rate_sum_ * keep + (done_ - measured_done_) / elapsed * (1 - keep);
  rate_weight_ = rate_weight_ * keep + (1 - keep);
  measured_at_ = now;
  measured_done_ = done_;

  if (options_.style == ProgressStyle::bar) {
    draw_bar(now);
    return;
  }
  const double since = now - drawn_at_;
  const bool tenth = total_ > 0 && done_ - drawn_done_ >= total_ / 10;
  if (since >= std::clamp((now - begin_) / 10, 10.0, 60.0) || (since >= 1 && tenth)) {
    drawn_at_ = now;
    drawn_done_ = done_;
    *options_.out << line(now, rate(), false) << std::endl;
  }
}

void Progress::message(std::string_view text) {
  if (options_.style == ProgressStyle::quiet) return;
  if (!line_open_) {
    *options_.out << text << std::endl;
    return;
  }
  *options_.out << "\r\x1b[K" << text << '\n';
  draw_bar(options_.clock());
}

void Progress::finish() {
  if (finished_ || options_.style == ProgressStyle::quiet) return;
  finished_ = true;
  const double now = options_.clock();
  const double mean = now > begin_ ? (done_ - options_.start) / (now - begin_) : 0;
  const bool bar = options_.style == ProgressStyle::bar;
  *options_.out << (bar ? "\r" : "") << line(now, mean, bar) << (bar ? "\x1b[K" : "") << std::endl;
  line_open_ = false;
  if (on_terminal_) set_terminal_line_open(false);
}

double Progress::rate() const {
  return rate_weight_ > 0 ? rate_sum_ / rate_weight_ : 0;
}

double Progress::seconds_left() const {
  const double r = rate();
  return total_ > 0 && r > 0 ? std::max(0.0, total_ - done_) / r : -1;
}

void Progress::draw_bar(double now) {
  *options_.out << '\r' << line(now, rate(), true) << "\x1b[K" << std::flush;
  line_open_ = true;
  if (on_terminal_) set_terminal_line_open(true);
}

void Progress::close_line() {
  if (!line_open_) return;
  *options_.out << std::endl;
  line_open_ = false;
  if (on_terminal_) set_terminal_line_open(false);
}

std::string Progress::line(double now, double shown_rate, bool bar) const {
  const double share = total_ > 0 ? std::clamp(done_ / total_, 0.0, 1.0) : 0;
  std::string tail = total_ > 0 ? fmt::format("{:3.0f} %", std::floor(share * 100)) : amount(done_, options_.unit);
  tail += "  " + clock_duration(now - begin_);
  if (total_ > 0 && !finished_) tail += ", " + clock_duration(seconds_left()) + " left";
  if (shown_rate > 0) tail += "  " + speed(shown_rate, options_.unit);
  if (!text_.empty()) tail += "  " + text_;
  if (!bar) return label_ + "  " + tail;

  // One column stays free: a terminal may wrap when its last one is written.
  const int columns = (options_.columns > 0 ? options_.columns : terminal_columns(STDERR_FILENO)) - 1;
  const int cells = std::min(kWidestBar, columns - display_width(label_) - display_width(tail) - 6);
  std::string middle = "  ";
  if (total_ > 0 && cells >= kNarrowestBar) {
    const auto full = static_cast<std::size_t>(share * cells);
    middle += "[" + std::string(full, '#') + std::string(static_cast<std::size_t>(cells) - full, '-') + "]  ";
  }
  return clip_width(label_ + middle + tail, columns);
}

}  // namespace ganymede
