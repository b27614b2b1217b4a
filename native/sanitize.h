#pragma once

#include "types.h"

namespace demux {

inline constexpr uint32_t kReplacementPoint = 0xFFFD;

/// Characters that reorder text or are not seen at all: bidi controls, zero-width characters, tags.
inline bool IsHidden(uint32_t point) {
  return point == 0x061C || (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
         point == 0x2060 || (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF ||
         (point >= 0xE0000 && point <= 0xE007F);
}

/// Whether a character of more than one byte is to be shown as U+FFFD instead.
inline bool IsMasked(uint32_t point, Sanitize mode) {
  if (mode == Sanitize::kNone) return false;
  const bool c1 = point >= 0x80 && point <= 0x9F;
  return c1 || (mode == Sanitize::kStrict && IsHidden(point));
}

/// The picture that stands for an ASCII control character once output is sanitized, 0 for all other bytes.
inline uint32_t ControlPicture(uint8_t byte) {
  if (byte == 0x7F) return 0x2421;
  const bool harmless = byte == '\t' || byte == '\n' || byte == '\r';
  return byte < 0x20 && !harmless ? 0x2400u + byte : 0;
}

}  // namespace demux
