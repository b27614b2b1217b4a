#pragma once

#include <string>

#include "content_sink.h"
#include "frame.h"
#include "stamp_reader.h"
#include "types.h"

namespace demux {

/// Figures of `Demuxer.state` in src/frames/demuxer.ts, in the order of its STATE.
struct State {
  static constexpr size_t kLength = 8;

  uint64_t out_end;
  uint64_t channel_bytes[kChannels];
  uint64_t delivered_bytes;
  uint64_t lines;
  bool chunk_open;
  uint64_t replacements;
  Status status;

  void CopyTo(double* figures) const;
};

/// What the engine sends, as what the client reads: frames, channels, whole characters, chunks, lines of JSON-RPC.
/// The contract, with every case of input, stands in src/frames/demuxer.ts.
class Demuxer {
 public:
  /// Throws std::out_of_range or std::invalid_argument, naming the option.
  explicit Demuxer(const Options& options);

  /// Returns how many bytes of `in` were taken. Like `Flush` and `Finish`, throws std::out_of_range if `out` has no
  /// room or does not go on where the open chunk ended.
  size_t Push(ByteView in, Output* out);
  void Flush(Output* out);
  void Finish(Output* out);
  KeptText Kept(size_t max_escaped) { return sink_.Kept(max_escaped); }

  State state() const;
  const std::string& last_timestamp(Channel channel) const { return stamps_.last(channel); }
  /// UTF-8.
  std::string SystemError() const;

 private:
  size_t PushFrames(ByteView in, Output* out);
  void BeginFrame();
  void EndFrame();
  size_t TakePayload(ByteView in, Output* out);
  size_t TakeSystemError(ByteView in);
  size_t TakeStamped(ByteView in, bool ends_frame, Output* out);
  bool TakeHeldBack(Output* out);
  size_t TakeContent(ByteView in, Output* out);

  const Options options_;
  FrameHeader header_;
  /// Payload bytes of the current frame that have not come yet.
  uint64_t remaining_ = 0;
  Channel channel_ = Channel::kStdout;
  StampReader stamps_;
  ContentSink sink_;
  std::string system_error_;
  size_t out_end_ = 0;
  Status status_ = Status::kOpen;
};

}  // namespace demux
