#include "legal.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "base/text.hpp"

namespace ganymede::app {
namespace {

/// The number that the whole text is, in plain decimal digits.
template <class T>
std::optional<T> read_number(const std::string& text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, value);
  return fault == std::errc() && at == end ? std::optional<T>(value) : std::nullopt;
}

std::string refused(const std::string& wanted, const std::string& text) {
  return fmt::format("wants {}, found {}", wanted, text.empty() ? "nothing" : "\"" + text + "\"");
}

/// Without a description: CLI11 would print it into the option's type.
template <class Check>
CLI::Validator validator(Check check) {
  return CLI::Validator(check, "");
}

bool is_name_of(const CLI::Option& option, const std::string& text) {
  const auto is = [&](const std::string& dashes, const std::vector<std::string>& names) {
    return std::ranges::any_of(names, [&](const std::string& name) { return text == dashes + name; });
  };
  return is("--", option.get_lnames()) || is("-", option.get_snames());
}

bool has_range(CLI::Option& option) {
  try {
    return option.get_validator(0) != nullptr;
  } catch (const CLI::OptionNotFound&) {
    return false;
  }
}

}  // namespace

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  return validator([=](std::string& text) {
    const auto found = read_number<std::int64_t>(text);
    if (!found || *found < least || *found > most)
      return refused(fmt::format("a whole number from {} to {}", least, most), text);
    text = std::to_string(*found);
    return std::string();
  });
}

CLI::Validator number(double least, double most) {
  return validator([=](std::string& text) {
    const auto found = read_number<double>(text);
    const bool good = found && *found >= least && *found <= most;  // false for NaN
    return good ? std::string() : refused(fmt::format("a number from {} to {}", least, most), text);
  });
}

CLI::Validator positive(double most) {
  return validator([=](std::string& text) {
    const auto found = read_number<double>(text);
    const bool good = found && *found > 0 && *found <= most;
    return good ? std::string() : refused(fmt::format("a number above 0, at most {}", most), text);
  });
}

CLI::Validator one_of(const std::vector<std::string>& words) {
  std::string wanted;
  for (std::size_t i = 0; i < words.size(); ++i)
    wanted += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return validator([=](std::string& text) {
    const bool good = std::ranges::find(words, text) != words.end();
    return good ? std::string() : refused(wanted, text) + did_you_mean(text, words);
  });
}

std::string refusal(CLI::Option& option, std::string text) {
  for (int i = 0;; ++i) {
    try {
      if (std::string fault = (*option.get_validator(i))(text); !fault.empty()) return fault;
    } catch (const CLI::OptionNotFound&) {
      return "";
    }
  }
}

void guard_options(CLI::App& command) {
  const std::vector<CLI::Option*> options = command.get_options();
  for (CLI::Option* option : options) {
    const std::string type = option->get_type_name();
    if ((type == "INT" || type == "UINT" || type == "FLOAT") && !has_range(*option))
      throw std::logic_error(command.get_name() + ": " + option->get_name() + " has no legal range");
    if (option->get_items_expected_max() == 0) {
      option->check(validator([](const std::string& text) {
        return text == "true" ? std::string() : fmt::format("takes no value, found \"{}\"", text);
      }));
    } else if (!option->get_positional()) {
      option->check(validator([options](const std::string& text) {
        const bool name = std::ranges::any_of(options, [&](const CLI::Option* o) { return is_name_of(*o, text); });
        return name ? fmt::format("wants a value, found the option {}", text) : std::string();
      }));
    }
  }
}

}  // namespace ganymede::app
