#include "frame.h"

#include <algorithm>
#include <cstring>

namespace demux {

size_t FrameHeader::Take(ByteView in) {
  const size_t taken = std::min(kSize - size_, in.size);
  if (taken > 0) std::memcpy(bytes_ + size_, in.data, taken);
  size_ += taken;
  return taken;
}

uint32_t FrameHeader::payload() const {
  return uint32_t{bytes_[4]} << 24 | uint32_t{bytes_[5]} << 16 | uint32_t{bytes_[6]} << 8 | uint32_t{bytes_[7]};
}

}  // namespace demux
