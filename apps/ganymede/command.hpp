#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace ganymede::app {

/// What a command does once its arguments are parsed; returns the exit code.
using Action = std::function<int()>;

/// Where `serve` listens unless told otherwise.
inline constexpr int kUsualPort = 8642;

// Each declares the arguments of its command and returns what it does.
Action set_up_train(CLI::App& command);
Action set_up_resume(CLI::App& command);
Action set_up_sample(CLI::App& command);
Action set_up_film(CLI::App& command);
Action set_up_evaluate(CLI::App& command);
Action set_up_compare(CLI::App& command);
Action set_up_report(CLI::App& command);
Action set_up_map(CLI::App& command);
Action set_up_classifier(CLI::App& command);
Action set_up_interpolate(CLI::App& command);
Action set_up_dissect(CLI::App& command);
Action set_up_directions(CLI::App& command);
Action set_up_edit(CLI::App& command);
Action set_up_invert(CLI::App& command);
Action set_up_surface(CLI::App& command);
Action set_up_judge(CLI::App& command);
Action set_up_write(CLI::App& command);
Action set_up_export(CLI::App& command);
Action set_up_import(CLI::App& command);
Action set_up_describe(CLI::App& command);
Action set_up_check(CLI::App& command);
Action set_up_options(CLI::App& command);
Action set_up_runs(CLI::App& command);
Action set_up_data(CLI::App& command);
Action set_up_partition(CLI::App& command);
Action set_up_study(CLI::App& command);
Action set_up_sweep(CLI::App& command);
Action set_up_serve(CLI::App& command);
Action set_up_bench(CLI::App& command);
Action set_up_doctor(CLI::App& command);
Action set_up_completion(CLI::App& command);
Action set_up_man_pages(CLI::App& command);

}  // namespace ganymede::app
