// What taking frames apart costs beside moving their bytes: `parse-copy FRAME_BYTES frames|memcpy` prints bytes a second of
// one of both ways over the same input, far larger than any cache.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "frame.h"

namespace {

constexpr size_t kInputBytes = size_t{512} << 20;
// What a busy socket gives at once, and where its payload goes: both stay in the cache.
constexpr size_t kReadBytes = 65536;
constexpr int kPasses = 3;

std::vector<uint8_t> Frames(size_t payload) {
  const size_t frame = demux::FrameHeader::kSize + payload;
  std::vector<uint8_t> input(kInputBytes / frame * frame, 'a');
  for (size_t at = 0; at < input.size(); at += frame) {
    std::memset(&input[at], 0, demux::FrameHeader::kSize);
    input[at] = 1;
    for (int i = 0; i < 4; ++i) input[at + 4 + i] = static_cast<uint8_t>(payload >> (24 - 8 * i));
  }
  return input;
}

class Demultiplexer {
 public:
  // Returns how much payload was written to `out`.
  size_t Take(demux::ByteView in, uint8_t* out) {
    size_t written = 0;
    for (size_t at = 0; at < in.size;) {
      if (remaining_ == 0) {
        at += header_.Take(in.From(at));
        if (!header_.complete()) break;
        remaining_ = header_.payload();
        header_.Clear();
      }
      const size_t size = std::min<size_t>(remaining_, in.size - at);
      std::memcpy(out + written, in.data + at, size);
      at += size;
      written += size;
      remaining_ -= static_cast<uint32_t>(size);
    }
    return written;
  }

 private:
  demux::FrameHeader header_;
  uint32_t remaining_ = 0;
};

template <typename Move>
double BytesPerSecond(const std::vector<uint8_t>& input, Move move) {
  std::vector<uint8_t> out(kReadBytes);
  size_t moved = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int pass = 0; pass < kPasses; ++pass) {
    for (size_t at = 0; at < input.size(); at += kReadBytes) {
      moved += move(demux::ByteView{&input[at], std::min(kReadBytes, input.size() - at)}, out.data());
      // The copy is of use to somebody, as far as the compiler knows.
      asm volatile("" : : "r"(out.data()) : "memory");
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
  if (moved < input.size()) std::abort();
  return static_cast<double>(input.size()) * kPasses / seconds.count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::vector<uint8_t> input = Frames(std::strtoul(argv[1], nullptr, 10));
  Demultiplexer demultiplexer;
  const auto frames = [&](demux::ByteView in, uint8_t* out) { return demultiplexer.Take(in, out); };
  const auto copy = [](demux::ByteView in, uint8_t* out) {
    std::memcpy(out, in.data, in.size);
    return in.size;
  };
  const bool parses = std::string(argv[2]) == "frames";
  std::printf("%f\n", parses ? BytesPerSecond(input, frames) : BytesPerSecond(input, copy));
}
