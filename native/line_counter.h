#pragma once

#include <array>

#include "types.h"

namespace demux {

/// Counts the lines of both channels and says where a bound on them ends the input.
class LineCounter {
 public:
  /// 0 is no bound.
  explicit LineCounter(uint64_t bound) : bound_(bound) {}

  /// How much of `in` lies within the bound: up to and including the newline that reaches it.
  size_t Within(ByteView in) const;
  void Take(Channel channel, ByteView in);
  bool reached() const { return bound_ > 0 && lines_ >= bound_; }

  /// The input has ended: unfinished last lines count, except behind the bound.
  void Finish();
  uint64_t lines() const { return lines_; }

 private:
  const uint64_t bound_;
  uint64_t lines_ = 0;
  std::array<bool, kChannels> unfinished_{};
};

}  // namespace demux
