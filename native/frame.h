#pragma once

#include "types.h"

namespace demux {

/// Stream types of Docker's 8-byte frame headers: type, three zero bytes, payload length as big-endian uint32.
enum class FrameType : uint8_t { kStdin = 0, kStdout = 1, kStderr = 2, kSystemError = 3 };

/// Collects a frame header that may come in any number of pieces.
class FrameHeader {
 public:
  static constexpr size_t kSize = 8;

  /// Takes the header's missing bytes from `in`; returns how many.
  size_t Take(ByteView in);
  /// Whether it stands between two frames.
  bool empty() const { return size_ == 0; }
  bool complete() const { return size_ == kSize; }
  /// Makes place for the next header.
  void Clear() { size_ = 0; }

  /// As it stands in the header, known or not.
  uint8_t type() const { return bytes_[0]; }
  uint32_t payload() const;

 private:
  uint8_t bytes_[kSize] = {};
  size_t size_ = 0;
};

}  // namespace demux
