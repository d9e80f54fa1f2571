#pragma once

#include <string>
#include <string_view>

namespace ganymede::page {

/// The page to take away (docs/export.md) without a model: HTML with the mark @MODEL@ once, as the content of a script
/// element that is data.
std::string_view takeaway_template();

/// The page with a model in it, JSON text. Names within it cannot end the element: <, > and & become escapes of JSON.
/// @throws Error if the template does not hold the mark once.
std::string takeaway_page(std::string_view page_template, std::string_view model);

}  // namespace ganymede::page
