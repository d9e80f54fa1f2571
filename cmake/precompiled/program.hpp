#pragma once

#include <CLI/CLI.hpp>

#include "rooms.hpp"
