#pragma once

#include "escaped_item.h"
#include "types.h"

namespace demux {

/// Turns a channel's bytes into the inside of a JSON string: UTF-8 is repaired as a WHATWG TextDecoder (ignoreBOM)
/// does, then sanitized, then escaped as JSON.stringify does.
class JsonEscaper {
 public:
  explicit JsonEscaper(Sanitize mode) : mode_(mode) {}

  /// Writes the start of `in`, whole characters only: at most `text_room` bytes of text, and `room` bytes at `to`.
  /// Stops early at what only `Next` can tell: a character to be masked, incomplete, or none.
  EscapedRun WriteRun(ByteView in, uint8_t* to, size_t room, size_t text_room) const;

  /// Like WriteRun with all the room there is, without writing.
  EscapedRun MeasureRun(ByteView in) const;

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
