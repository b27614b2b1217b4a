#pragma once

#include <optional>

#include "chunk_writer.h"
#include "line_counter.h"
#include "retention.h"
#include "types.h"
#include "utf8_counter.h"

namespace demux {

/// Where the channels' bytes end up once frames and timestamps are taken off: counted, kept, written as chunks.
class ContentSink {
 public:
  explicit ContentSink(const Options& options);

  /// Returns how much was taken: all of it, unless `out` is full or the bound on lines is reached.
  size_t Take(Channel channel, ByteView in, Output* out);
  /// Whether the bound on lines is reached.
  bool full() const { return lines_.reached(); }

  /// Closes the open chunk, if any.
  void Flush(Output* out);
  void Finish(Output* out);
  KeptText Kept(size_t max_escaped) { return retention_.Take(max_escaped); }

  /// Throws std::out_of_range if `out` is below `size` in all, has less room than `room`, or does not go on with the
  /// open chunk.
  void CheckOutput(const Output& out, size_t size, size_t room) const;

  uint64_t bytes(Channel channel) const { return bytes_[IndexOf(channel)]; }
  uint64_t lines() const { return lines_.lines(); }
  uint64_t delivered() const { return writer_ ? writer_->delivered() : 0; }
  bool chunk_open() const { return writer_ && writer_->is_open(); }
  uint64_t replacements() const { return writer_ ? writer_->replacements() : counter_.replacements(); }

 private:
  LineCounter lines_;
  Retention retention_;
  std::optional<ChunkWriter> writer_;
  /// Used where no chunks are written and there is text.
  Utf8Counter counter_;
  const bool counts_;
  uint64_t bytes_[kChannels] = {};
};

}  // namespace demux
