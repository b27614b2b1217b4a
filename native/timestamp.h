#pragma once

#include "types.h"

namespace demux {

inline constexpr size_t kMinTimestamp = 20;
inline constexpr size_t kMaxTimestamp = 35;

/// Whether `byte` can stand in an RFC 3339 timestamp.
bool IsTimestampByte(uint8_t byte);

/// Whether `text` is an RFC 3339 timestamp with at most nine digits of fraction.
bool IsTimestamp(ByteView text);

/// Length of the timestamp at the start of `in` that a space follows, else 0.
size_t TimestampLength(ByteView in);

}  // namespace demux
