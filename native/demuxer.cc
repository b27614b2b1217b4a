#include "demuxer.h"

#include <algorithm>
#include <stdexcept>

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
    : options_(Validated(options)),
      stamps_(options.framing, options.timestamps),
      lines_(options.max_lines),
      retention_(options) {
  if (options.stream) writer_.emplace(options);
}

void Demuxer::CheckOutput(const Output& out, size_t size, size_t room) const {
  if (!writer_) return;
  if (out.size < size || out.Room() < room) {
    throw std::out_of_range("out must have " + std::to_string(std::max(size, out.end + room)) + " bytes, not " +
                            std::to_string(out.size));
  }
  if (writer_->is_open() && out.end != writer_->open_end()) {
    throw std::out_of_range("outStart must be " + std::to_string(writer_->open_end()) +
                            ", where the open chunk ended, not " + std::to_string(out.end));
  }
}

size_t Demuxer::Push(ByteView in, Output* out) {
  CheckOutput(*out, kMinOutput, writer_ ? writer_->ClosingRoom() : 0);
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

/// Takes bytes of the current channel: all of them, unless `out` is full or the bound on lines is reached.
size_t Demuxer::TakeContent(ByteView in, Output* out) {
  if (in.empty()) return 0;
  const ByteView wanted = in.From(0, lines_.Within(in));
  const size_t taken = writer_ ? writer_->Write(out, channel_, wanted) : wanted.size;
  Account(wanted.From(0, taken));
  return taken;
}

void Demuxer::Account(ByteView content) {
  channel_bytes_[IndexOf(channel_)] += content.size;
  retention_.Append(channel_, content);
  lines_.Take(channel_, content);
  if (!writer_ && options_.encoding == Encoding::kUtf8) counter_.Take(channel_, content);
  if (lines_.reached()) status_ = Status::kLimit;
}

void Demuxer::Flush(Output* out) {
  CheckOutput(*out, 0, writer_ ? writer_->ClosingRoom() : 0);
  if (writer_) writer_->Close(out);
  out_end_ = out->end;
}

void Demuxer::Finish(Output* out) {
  CheckOutput(*out, 0, kMinOutput);
  if (status_ == Status::kOpen) {
    stamps_.Finish();
    TakeHeldBack(out);
  }
  if (IsSystemError(header_)) status_ = Status::kSystemError;
  if (writer_) writer_->Finish(out);
  counter_.Finish();
  lines_.Finish();
  out_end_ = out->end;
}

State Demuxer::state() const {
  State state{};
  state.out_end = out_end_;
  for (size_t i = 0; i < kChannels; ++i) state.channel_bytes[i] = channel_bytes_[i];
  state.delivered_bytes = writer_ ? writer_->delivered() : 0;
  state.lines = lines_.lines();
  state.chunk_open = writer_ && writer_->is_open();
  state.replacements = writer_ ? writer_->replacements() : counter_.replacements();
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
