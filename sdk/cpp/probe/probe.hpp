// What the two parts of the probe share.
#pragma once

#include "wardian.hpp"

// The configuration, as `plugin_open` got it.
extern wardian::Item opened;
