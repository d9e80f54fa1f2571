#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ganymede::data {

/// "file:line: what is wrong" of everything that had to be left out.
using Faults = std::vector<std::string>;

/// Walks over the lines of a text, whatever their ends (LF, CR LF, CR).
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  /// The next line without its end; false after the last one.
  bool next(std::string_view& line);
  /// Of the line that `next` gave, from 1.
  int number() const { return number_; }

 private:
  std::string_view rest_;
  int number_ = 0;
};

/// Takes the next word, parted by blanks, off the front of `text`; empty if there is none.
std::string_view take_word(std::string_view& text);

}  // namespace ganymede::data
