#include "line_counter.h"

#include <cstring>

namespace demux {
namespace {

/// Jumps from one to the next: a frame's last bytes are mostly one line with its end.
uint64_t CountSparse(ByteView in) {
  uint64_t count = 0;
  while (!in.empty()) {
    const void* newline = std::memchr(in.data, '\n', in.size);
    if (newline == nullptr) break;
    ++count;
    in = in.From(static_cast<size_t>(static_cast<const uint8_t*>(newline) - in.data) + 1);
  }
  return count;
}

/// In two levels, so that compilers count a block in vector registers.
uint64_t CountNewlines(ByteView in) {
  constexpr size_t kStep = 128;  // Fewer than 256: a block's count fits into a byte.
  uint64_t count = 0;
  size_t at = 0;
  for (; in.size - at >= kStep; at += kStep) {
    uint8_t block = 0;
    for (size_t i = 0; i < kStep; ++i) block = static_cast<uint8_t>(block + (in.data[at + i] == '\n'));
    count += block;
  }
  return count + CountSparse(in.From(at));
}

}  // namespace

size_t LineCounter::Within(ByteView in) const {
  if (bound_ == 0) return in.size;
  size_t end = 0;
  for (uint64_t left = bound_ - lines_; left > 0 && end < in.size; --left) {
    const void* newline = std::memchr(in.data + end, '\n', in.size - end);
    if (newline == nullptr) return in.size;
    end = static_cast<size_t>(static_cast<const uint8_t*>(newline) - in.data) + 1;
  }
  return end;
}

void LineCounter::Take(Channel channel, ByteView in) {
  if (in.empty()) return;
  lines_ += CountNewlines(in);
  unfinished_[IndexOf(channel)] = in[in.size - 1] != '\n';
}

void LineCounter::Finish() {
  for (bool& unfinished : unfinished_) {
    if (unfinished && !reached()) ++lines_;
    unfinished = false;
  }
}

}  // namespace demux
