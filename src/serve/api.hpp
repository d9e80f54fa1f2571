#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "serve/cards.hpp"
#include "serve/catalogue.hpp"
#include "serve/message.hpp"

namespace ganymede::serve {

class BlindTests;
class Control;
class Games;
class InkSets;
class Models;

/// What endpoints work with; all of it may be used by several threads.
struct Api {
  const Catalogue& runs;
  Cards& cards;
  Control& control;
  Models* models = nullptr;              ///< none: this server runs no models
  const std::filesystem::path& program;  ///< `ganymede`
  Games* games = nullptr;                ///< of the playground; none: this server runs no models
  BlindTests* blind_tests = nullptr;     ///< that people do; none: likewise
  InkSets* ink = nullptr;                ///< that people draw
};

/// The parts of a path that stand where a route has "*", in order; "**" takes all that is left.
using Parts = std::vector<std::string>;

// The endpoints (docs/api.md). Each throws HttpError, or UserError for what the client got wrong (400).

/// GET /, /run/NAME, /compare, /theory ...: the explorer's page.
Response web_page(const Request& request, const Parts& parts, Api& api);
/// Any other address that a browser was led to: the same page, as 404.
Response no_page(const Request& request, const Parts& parts, Api& api);
/// GET /assets/FILE: its scripts and styles.
Response web_asset(const Request& request, const Parts& parts, Api& api);
/// GET runs
Response list_cards(const Request& request, const Parts& parts, Api& api);
/// GET runs/NAME
Response describe_run(const Request& request, const Parts& parts, Api& api);
/// GET runs/NAME/events
Response follow_events(const Request& request, const Parts& parts, Api& api);
/// GET runs/NAME/files/PATH
Response send_file(const Request& request, const Parts& parts, Api& api);
/// GET recipes
Response list_recipes(const Request& request, const Parts& parts, Api& api);
/// GET options
Response list_options(const Request& request, const Parts& parts, Api& api);
/// GET compare
Response compare_recipes(const Request& request, const Parts& parts, Api& api);
/// GET runs/NAME/generator
Response describe_generator(const Request& request, const Parts& parts, Api& api);
/// GET runs/NAME/classifier
Response describe_classifier(const Request& request, const Parts& parts, Api& api);
/// POST classifier
Response fit_classifier(const Request& request, const Parts& parts, Api& api);
/// GET runs/NAME/directions
Response list_directions(const Request& request, const Parts& parts, Api& api);
/// GET runs/NAME/plane
Response show_plane(const Request& request, const Parts& parts, Api& api);
/// POST look
Response look_at_samples(const Request& request, const Parts& parts, Api& api);
/// POST classify
Response classify_pictures(const Request& request, const Parts& parts, Api& api);
/// POST map
Response make_map(const Request& request, const Parts& parts, Api& api);
/// POST walk
Response make_walk(const Request& request, const Parts& parts, Api& api);
/// GET play
Response list_games(const Request& request, const Parts& parts, Api& api);
/// POST play
Response play_game(const Request& request, const Parts& parts, Api& api);
/// GET play/NAME/recipe
Response send_game_recipe(const Request& request, const Parts& parts, Api& api);
/// GET play/NAME/points
Response send_game_points(const Request& request, const Parts& parts, Api& api);
/// GET runs/NAME/judge
Response list_judgements(const Request& request, const Parts& parts, Api& api);
/// POST judge
Response judge_pictures(const Request& request, const Parts& parts, Api& api);
/// POST tick
Response tick_samples(const Request& request, const Parts& parts, Api& api);
/// POST tick/keep
Response keep_ticks(const Request& request, const Parts& parts, Api& api);
/// GET ink
Response list_ink(const Request& request, const Parts& parts, Api& api);
/// GET ink/NAME
Response show_ink(const Request& request, const Parts& parts, Api& api);
/// GET ink/NAME/file
Response send_ink(const Request& request, const Parts& parts, Api& api);
/// POST ink
Response change_ink(const Request& request, const Parts& parts, Api& api);
/// POST control
Response control_runs(const Request& request, const Parts& parts, Api& api);

/// What the folders of a run hold that is shown, apart from what each run has once: "samples" ...
const std::vector<std::string>& shown_folders();
/// Whether files/PATH gives this file: those of the shown folders, and some of the run itself.
bool is_shown(const Parts& path);

}  // namespace ganymede::serve
