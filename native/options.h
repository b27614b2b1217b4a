#pragma once

#include "types.h"

namespace demux {

/// Throws std::out_of_range or std::invalid_argument with the option's name, what it may be and what it was.
void Validate(const Options& options);

}  // namespace demux
