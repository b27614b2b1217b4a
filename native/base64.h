#pragma once

#include "types.h"

namespace demux {

/// Size of the padded text for `raw` bytes.
inline size_t Base64Size(size_t raw) { return (raw + 2) / 3 * 4; }

/// Writes all of `in`, padded, to `to`, which must have room for `Base64Size(in.size)`. Returns the end.
uint8_t* WriteBase64(ByteView in, uint8_t* to);

}  // namespace demux
