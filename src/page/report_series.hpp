#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "page/html.hpp"
#include "picture/plot.hpp"

namespace ganymede::page {

// What the parts of a run's page share: fields of events as curves.

using Events = std::vector<nlohmann::json>;

bool is(const nlohmann::json& event, const char* kind);
/// NaN where there is no such number.
double number_in(const nlohmann::json& event, const char* field);
/// Of the start event; 1 where there is none.
double images_per_epoch(const Events& events);

/// At most about 500 points: means of equal groups of neighbours.
picture::Series thinned(picture::Series all);

/// A field of the events of a kind over epochs, thinned.
picture::Series series(const Events& events, const char* kind, const char* field, const std::string& name);

/// A grey line at `value` from the first x of `like` to the last one; empty if these are.
picture::Series chance_line(const std::string& name, double value, const std::vector<picture::Series>& like);

/// The plot without its empty curves; nothing if none is left.
void add_plot(Page& page, picture::LinePlot plot, const std::string& caption);

/// Four significant digits; "-" for what is not finite.
std::string number(double value);

}  // namespace ganymede::page
