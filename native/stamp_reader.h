#pragma once

#include <array>
#include <string>

#include "timestamp.h"
#include "types.h"

namespace demux {

/// Tells the timestamps that the engine puts into a log from the log's content.
///
/// Multiplexed, every frame starts with one; raw, every line does. The engine cuts lines longer than 16 KiB into
/// partial messages that carry one each: those in the middle of a line are always left out.
class StampReader {
 public:
  StampReader(Framing framing, Timestamps mode);

  void BeginFrame(Channel channel);
  void EndFrame(Channel channel);

  /// What the start of `in` is: `skipped` bytes that were dealt with, then `content` bytes that are the channel's.
  struct Piece {
    size_t skipped;
    size_t content;
  };
  /// `in` must not be empty; `ends_frame` says that the frame ends with it. Only when nothing is `held_back`.
  Piece Next(ByteView in, bool ends_frame);
  /// These bytes, the start of what `Next` called content, were taken.
  void TookContent(ByteView content);

  /// Bytes read earlier that turned out to belong to the output. They come before all others.
  ByteView held_back() const;
  void TookHeldBack(size_t count) { released_ += count; }

  /// The input has ended: what looked like the beginning of a timestamp is content.
  void Finish() { Release(); }

  /// The last timestamp read of a channel, '' before its first.
  const std::string& last(Channel channel) const { return last_[IndexOf(channel)]; }

 private:
  enum class Phase { kStamp, kContent };

  Piece NextInStamp(ByteView in, bool ends_frame);
  Piece AcceptInPlace(size_t size);
  Piece AcceptHeld(size_t skipped);
  void BeginStamp(bool keep);
  void Release();

  const bool raw_;
  const bool keep_;
  /// The current frame's.
  Channel channel_ = Channel::kStdout;
  Phase phase_ = Phase::kStamp;
  /// Whether the timestamp being read stays in the output.
  bool keep_this_;
  uint8_t held_[kMaxTimestamp] = {};
  size_t held_size_ = 0;
  size_t released_ = 0;
  /// Raw framing: bytes of this line's content after which the engine cuts it.
  size_t partial_left_;
  /// Whether a channel's last frame left its line unfinished.
  std::array<bool, kChannels> continues_{};
  uint8_t last_byte_ = 0;
  std::array<std::string, kChannels> last_;
};

}  // namespace demux
