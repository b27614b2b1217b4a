#include "demuxer.h"

#include <algorithm>

#include "options.h"

namespace demux {
namespace {

constexpr size_t kMaxSystemError = 4096;

const Options& Validated(const Options& options) {
  Validate(options);
  return options;
}

bool IsSystemError(const FrameHeader& header) {
  return header.complete() && header.type() == static_cast<uint8_t>(FrameType::kSystemError);
}

}  // namespace

void State::CopyTo(double* figures) const {
  figures[0] = static_cast<double>(out_end);
  figures[1] = static_cast<double>(channel_bytes[0]);
  figures[2] = static_cast<double>(channel_bytes[1]);
  figures[3] = static_cast<double>(delivered_bytes);
  figures[4] = static_cast<double>(lines);
  figures[5] = chunk_open ? 1 : 0;
  figures[6] = static_cast<double>(replacements);
  figures[7] = static_cast<double>(status);
}

Demuxer::Demuxer(const Options& options)
    : options_(Validated(options)), stamps_(options.framing, options.timestamps), sink_(options) {}

size_t Demuxer::Push(ByteView in, Output* out) {
  sink_.CheckOutput(*out, kMinOutput, 0);
  size_t taken = in.size;
  if (status_ == Status::kOpen) {
    taken = options_.framing == Framing::kRaw ? TakePayload(in, out) : PushFrames(in, out);
  }
  out_end_ = out->end;
  return status_ == Status::kOpen ? taken : in.size;
}

size_t Demuxer::PushFrames(ByteView in, Output* out) {
  size_t at = 0;
  while (at < in.size && status_ == Status::kOpen) {
    if (!header_.complete()) {
      at += header_.Take(in.From(at));
      if (header_.complete()) BeginFrame();
      continue;
    }
    const ByteView payload = in.From(at, static_cast<size_t>(std::min<uint64_t>(remaining_, SIZE_MAX)));
    const size_t taken = IsSystemError(header_) ? TakeSystemError(payload) : TakePayload(payload, out);
    at += taken;
    remaining_ -= taken;
    if (remaining_ == 0) EndFrame();
    if (taken < payload.size) break;
  }
  return at;
}

void Demuxer::BeginFrame() {
  remaining_ = header_.payload();
  switch (header_.type()) {
    case static_cast<uint8_t>(FrameType::kStdin):
    case static_cast<uint8_t>(FrameType::kStdout):
      channel_ = Channel::kStdout;
      break;
    case static_cast<uint8_t>(FrameType::kStderr):
      channel_ = Channel::kStderr;
      break;
    case static_cast<uint8_t>(FrameType::kSystemError):
      if (remaining_ == 0) status_ = Status::kSystemError;
      return;
    default:
      status_ = Status::kCorrupt;
      return;
  }
  if (remaining_ == 0) {
    header_.Clear();
  } else {
    stamps_.BeginFrame(channel_);
  }
}

void Demuxer::EndFrame() {
  if (IsSystemError(header_)) {
    status_ = Status::kSystemError;
  } else {
    stamps_.EndFrame(channel_);
  }
  header_.Clear();
}

size_t Demuxer::TakeSystemError(ByteView in) {
  const ByteView text = in.From(0, kMaxSystemError - system_error_.size());
  system_error_.append(reinterpret_cast<const char*>(text.data), text.size);
  if (system_error_.size() == kMaxSystemError) status_ = Status::kSystemError;
  return in.size;
}

size_t Demuxer::TakePayload(ByteView in, Output* out) {
  if (options_.timestamps == Timestamps::kAbsent) return TakeContent(in, out);
  const bool ends_frame = options_.framing == Framing::kMultiplexed && in.size == remaining_;
  return TakeStamped(in, ends_frame, out);
}

size_t Demuxer::TakeStamped(ByteView in, bool ends_frame, Output* out) {
  size_t at = 0;
  while (at < in.size && status_ == Status::kOpen) {
    if (!TakeHeldBack(out)) return at;
    const StampReader::Piece piece = stamps_.Next(in.From(at), ends_frame);
    at += piece.skipped;
    const size_t taken = TakeContent(in.From(at, piece.content), out);
    stamps_.TookContent(in.From(at, taken));
    at += taken;
    if (taken < piece.content) break;
  }
  return at;
}

bool Demuxer::TakeHeldBack(Output* out) {
  const ByteView held = stamps_.held_back();
  if (held.empty()) return true;
  const size_t taken = TakeContent(held, out);
  stamps_.TookHeldBack(taken);
  return taken == held.size;
}

size_t Demuxer::TakeContent(ByteView in, Output* out) {
  const size_t taken = sink_.Take(channel_, in, out);
  if (sink_.full()) status_ = Status::kLimit;
  return taken;
}

void Demuxer::Flush(Output* out) {
  sink_.CheckOutput(*out, 0, 0);
  sink_.Flush(out);
  out_end_ = out->end;
}

void Demuxer::Finish(Output* out) {
  sink_.CheckOutput(*out, 0, kMinOutput);
  if (status_ == Status::kOpen) {
    stamps_.Finish();
    TakeHeldBack(out);
  }
  if (IsSystemError(header_)) {
    status_ = Status::kSystemError;
  } else if (status_ == Status::kOpen && !header_.empty()) {
    status_ = Status::kTruncated;
  }
  sink_.Finish(out);
  out_end_ = out->end;
}

State Demuxer::state() const {
  State state{};
  state.out_end = out_end_;
  state.channel_bytes[0] = sink_.bytes(Channel::kStdout);
  state.channel_bytes[1] = sink_.bytes(Channel::kStderr);
  state.delivered_bytes = sink_.delivered();
  state.lines = sink_.lines();
  state.chunk_open = sink_.chunk_open();
  state.replacements = sink_.replacements();
  state.status = status_;
  return state;
}

std::string Demuxer::SystemError() const {
  std::string text;
  ByteView rest{reinterpret_cast<const uint8_t*>(system_error_.data()), system_error_.size()};
  while (!rest.empty()) {
    const Utf8Step step = DecodeStep(rest);
    if (step.kind == Utf8Kind::kValid) {
      text.append(reinterpret_cast<const char*>(rest.data), step.length);
    } else {
      text += "\xEF\xBF\xBD";
    }
    rest = rest.From(step.length);
  }
  return text;
}

}  // namespace demux
