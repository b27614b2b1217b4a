#pragma once

#include <array>
#include <string>
#include <vector>

#include "json.h"
#include "types.h"

namespace demux {

/// The first and the last bytes of one channel, in storage that grows with what came.
class HeadAndTail {
 public:
  /// `reach`: how many bytes of each end a cut may ask for.
  explicit HeadAndTail(size_t reach);

  void Append(ByteView in);
  uint64_t total() const { return total_; }
  /// Bytes `[from, to)` of the channel; they must be stored.
  std::vector<uint8_t> Copy(uint64_t from, uint64_t to) const;
  void Release();

 private:
  ByteView FillHead(ByteView in);
  void AppendTail(ByteView in);

  size_t capacity_;
  uint64_t total_ = 0;
  std::vector<uint8_t> head_;
  /// Byte k behind the head stands at index k % capacity_.
  std::vector<uint8_t> tail_;
};

/// A channel's kept text, escaped for a JSON string.
struct KeptText {
  std::array<std::vector<uint8_t>, kChannels> channels;
  bool truncated = false;
};

/// Keeps what a run's result may show of both channels: all of it, or head and tail of it.
class Retention {
 public:
  explicit Retention(const Options& options);

  void Append(Channel channel, ByteView in) { stores_[IndexOf(channel)].Append(in); }

  /// At most `keep_bytes` raw bytes, and `max_escaped` bytes of text. The storage is released: call it once.
  KeptText Take(size_t max_escaped);

 private:
  /// What stays of a channel: [0, head) and [tail, total); they touch if it is whole.
  struct Cut {
    uint64_t head;
    uint64_t tail;
  };
  /// A channel's kept bytes, ready to be measured and written.
  struct Parts {
    std::vector<uint8_t> head;
    std::string marker;
    std::vector<uint8_t> tail;
  };

  std::array<Parts, kChannels> PartsWithin(uint64_t budget) const;
  Cut CutTo(const HeadAndTail& store, uint64_t allotment) const;
  Parts PartsOf(const HeadAndTail& store, uint64_t allotment) const;
  uint64_t ToBoundary(const HeadAndTail& store, uint64_t at, bool forward) const;
  size_t Measure(const Parts& parts) const;
  std::vector<uint8_t> Write(const Parts& parts) const;
  size_t MeasureText(const std::vector<uint8_t>& bytes) const;
  void WriteText(const std::vector<uint8_t>& bytes, Output* out) const;

  const bool base64_;
  const JsonEscaper escaper_;
  const uint64_t keep_bytes_;
  std::array<HeadAndTail, kChannels> stores_;
};

}  // namespace demux
