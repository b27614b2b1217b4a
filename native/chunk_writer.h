#pragma once

#include <array>
#include <string>

#include "json.h"
#include "types.h"
#include "utf8.h"

namespace demux {

/// Longest progress token, as JSON text: two envelopes, as `Finish` may need, fit into kMinOutput.
inline constexpr size_t kMaxTokenBytes = 7168;
/// Room a caller's buffer must have in all.
inline constexpr size_t kMinOutput = 16384;

/// Writes channels' bytes as `notifications/progress` lines, one per chunk. One chunk is open at a time; whatever is
/// written leaves room for the open chunk's closing part, so that it can always be closed.
class ChunkWriter {
 public:
  explicit ChunkWriter(const Options& options);

  /// Takes bytes of a channel; fewer than given only if `out` is nearly full, and then no chunk is open.
  size_t Write(Output* out, Channel channel, ByteView in);

  /// Closes the open chunk, if any.
  void Close(Output* out);

  /// No more input comes: what is left of incomplete characters is written. Needs kMinOutput of room.
  void Finish(Output* out);

  bool is_open() const { return open_; }
  /// End of the open chunk's text in its buffer; meaningless if none is open.
  size_t open_end() const { return open_end_; }
  /// Room that closing the open chunk may take.
  size_t ClosingRoom() const;
  uint64_t delivered() const { return delivered_; }
  uint64_t replacements() const { return replacements_; }

 private:
  size_t WriteText(Output* out, Channel channel, ByteView in);
  size_t WriteCarried(Output* out, Channel channel, ByteView in);
  bool WriteItem(Output* out, Channel channel, const EscapedItem& item);
  size_t WriteRaw(Output* out, Channel channel, ByteView in);
  size_t FillGroup(Output* out, ByteView in);
  size_t WriteGroups(Output* out, ByteView in);
  bool EnsureOpen(Output* out, Channel channel);
  void Count(Output* out, size_t raw, size_t text, size_t escaped);

  const bool base64_;
  const JsonEscaper escaper_;
  /// What a full chunk holds: bytes of text, or raw bytes with base64.
  const size_t capacity_;
  const std::string opening_;

  std::array<Utf8Carry, kChannels> carry_;
  /// Raw bytes of each channel that stand in chunks, the open one included.
  std::array<uint64_t, kChannels> written_{};
  uint64_t delivered_ = 0;
  uint64_t sequence_ = 0;
  uint64_t replacements_ = 0;

  bool open_ = false;
  Channel channel_ = Channel::kStdout;
  size_t open_end_ = 0;
  size_t left_ = 0;
  uint64_t raw_ = 0;
  /// Bytes of an unfinished base64 group of the open chunk.
  uint8_t group_[3] = {};
  size_t grouped_ = 0;
};

}  // namespace demux
