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

/// Bytes that must be free behind the end of what was written before an item is copied there.
inline constexpr size_t kItemRoom = sizeof(EscapedItem::bytes);

/// Turns a channel's bytes into the inside of a JSON string: UTF-8 is repaired as a WHATWG TextDecoder (ignoreBOM)
/// does, then sanitized, then escaped as JSON.stringify does.
class JsonEscaper {
 public:
  explicit JsonEscaper(Sanitize mode) : mode_(mode) {}

  /// What was done with the start of some input.
  struct Run {
    size_t raw;
    size_t text;
    size_t escaped;
  };

  /// Writes the start of `in`, whole characters only: at most `text_room` bytes of text, and `room` bytes at `to`.
  /// Stops early at what only `Next` can tell: a character to be masked, incomplete, or none.
  Run WriteRun(ByteView in, uint8_t* to, size_t room, size_t text_room) const;

  /// Like WriteRun with all the room there is, without writing.
  Run MeasureRun(ByteView in) const;

  /// The item at the start of `in`, which must not be empty; an incomplete character counts as ended.
  EscapedItem Next(ByteView in) const;

  /// Size of what `Write` would write.
  size_t Measure(ByteView in) const;

  /// Writes all of `in`; `room`, what is free at `to`, must be at least `Measure(in)` + kItemRoom. Returns the end.
  uint8_t* Write(ByteView in, uint8_t* to, size_t room) const;

 private:
  Sanitize mode_;
};

}  // namespace demux
