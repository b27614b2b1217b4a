#pragma once

#include <array>

#include "json.h"
#include "types.h"
#include "utf8.h"

namespace demux {

/// Counts, where no text is written, the U+FFFD that writing it would take.
class Utf8Counter {
 public:
  void Take(Channel channel, ByteView in);
  void Finish();
  uint64_t replacements() const { return replacements_; }

 private:
  size_t TakeCarried(Utf8Carry* carry, ByteView in);
  size_t TakeItem(ByteView in);

  const JsonEscaper escaper_{Sanitize::kNone};
  std::array<Utf8Carry, kChannels> carry_;
  uint64_t replacements_ = 0;
};

}  // namespace demux
