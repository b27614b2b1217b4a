#pragma once

#include "types.h"

namespace demux {

enum class Utf8Kind {
  kValid,
  /// A maximal subpart of an ill-formed sequence: a WHATWG decoder writes one U+FFFD for it.
  kInvalid,
  /// All bytes given belong to a character whose end is still to come.
  kIncomplete,
};

struct Utf8Step {
  Utf8Kind kind;
  /// 1 … 4 bytes.
  size_t length;
};

/// What a WHATWG TextDecoder makes of the first bytes of `in`, which must not be empty.
Utf8Step DecodeStep(ByteView in);

/// The code point of a well-formed sequence of `length` bytes.
uint32_t CodePoint(const uint8_t* bytes, size_t length);

/// Boundaries of the decoder's step that covers a position; both are the position itself if it is one.
struct Utf8Boundary {
  size_t before;
  size_t after;
};

/// `window` needs three bytes on each side of `at` (fewer only where the channel itself begins or ends): a step is
/// found from its lead byte, and a lead byte always begins a step.
Utf8Boundary BoundaryAround(ByteView window, size_t at);

/// Keeps the incomplete character at the end of a channel until its rest comes.
class Utf8Carry {
 public:
  bool empty() const { return size_ == 0; }
  ByteView view() const { return {bytes_, size_}; }
  void Clear() { size_ = 0; }

  /// Takes `tail` in if it is nothing but the beginning of a character.
  bool TakeIncomplete(ByteView tail);

  /// The carried bytes and as many of `next` as one character can need; `buffer` must hold 4 bytes.
  ByteView JoinedWith(ByteView next, uint8_t* buffer) const;

 private:
  uint8_t bytes_[4] = {};
  size_t size_ = 0;
};

}  // namespace demux
