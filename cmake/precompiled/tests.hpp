#pragma once

#include <gtest/gtest.h>

#include "rooms.hpp"
