#pragma once

#include "types.h"

namespace demux {

/// One character, or one run of bytes that is none, as it is written into a JSON string.
struct EscapedItem {
  /// Bytes of input it stands for.
  uint8_t raw;
  /// Its UTF-8 size before JSON escaping.
  uint8_t text;
  /// Its size in the JSON string: how many of `bytes` count.
  uint8_t escaped;
  /// Whether it is U+FFFD because the input was not UTF-8.
  bool replaced;
  /// Eight, so that a writer with room for them may copy all at once.
  uint8_t bytes[8];
};

/// What was done with the start of some input, in bytes: of input, of text, and of text escaped.
struct EscapedRun {
  size_t raw;
  size_t text;
  size_t escaped;
};

/// Bytes that must be free behind the end of what was written before an item is copied there.
inline constexpr size_t kItemRoom = sizeof(EscapedItem::bytes);

/// The items of ASCII, by character.
const EscapedItem* AsciiItems(Sanitize mode);

/// The item at the start of `in`, which must not be empty nor begin with ASCII; an incomplete character counts as
/// ended.
EscapedItem WideItem(ByteView in, Sanitize mode);

}  // namespace demux
