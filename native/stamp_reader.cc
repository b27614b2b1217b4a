#include "stamp_reader.h"

#include <algorithm>
#include <cstring>

namespace demux {
namespace {

/// Docker's log copier cuts longer lines into messages of this size (moby daemon/logger/copier.go).
constexpr size_t kPartialBytes = 16384;

}  // namespace

StampReader::StampReader(Framing framing, Timestamps mode)
    : raw_(framing == Framing::kRaw),
      keep_(mode == Timestamps::kKeep),
      keep_this_(mode == Timestamps::kKeep),
      partial_left_(kPartialBytes) {}

void StampReader::BeginFrame(Channel channel) {
  channel_ = channel;
  BeginStamp(keep_ && !continues_[IndexOf(channel)]);
  last_byte_ = 0;
}

void StampReader::EndFrame(Channel channel) { continues_[IndexOf(channel)] = last_byte_ != '\n'; }

StampReader::Piece StampReader::Next(ByteView in, bool ends_frame) {
  if (phase_ == Phase::kStamp) return NextInStamp(in, ends_frame);
  if (!raw_) return {0, in.size};
  const ByteView line = in.From(0, partial_left_);
  const void* newline = std::memchr(line.data, '\n', line.size);
  if (newline == nullptr) return {0, line.size};
  return {0, static_cast<size_t>(static_cast<const uint8_t*>(newline) - in.data) + 1};
}

StampReader::Piece StampReader::NextInStamp(ByteView in, bool ends_frame) {
  const size_t in_place = held_size_ == 0 ? TimestampLength(in) : 0;
  if (in_place > 0) {
    last_[IndexOf(channel_)].assign(reinterpret_cast<const char*>(in.data), in_place);
    return AcceptInPlace(in_place);
  }
  for (size_t i = 0; i < in.size; ++i) {
    if (in[i] == ' ' && IsTimestamp({held_, held_size_})) return AcceptHeld(i);
    const bool last = ends_frame && i + 1 == in.size;
    // The byte that decides is left for the content: while it waits, the caller knows that there is more to come.
    if (last || held_size_ == kMaxTimestamp || !IsTimestampByte(in[i])) {
      partial_left_ -= held_size_;
      Release();
      return {i, 0};
    }
    held_[held_size_++] = in[i];
  }
  return {in.size, 0};
}

StampReader::Piece StampReader::AcceptInPlace(size_t size) {
  phase_ = Phase::kContent;
  if (!keep_this_) return {size + 1, 0};
  partial_left_ += size + 1;
  return {0, 0};
}

StampReader::Piece StampReader::AcceptHeld(size_t skipped) {
  last_[IndexOf(channel_)].assign(reinterpret_cast<const char*>(held_), held_size_);
  Release();
  if (keep_this_) {
    ++partial_left_;  // For the space.
    return {skipped, 0};
  }
  released_ = held_size_;
  return {skipped + 1, 0};
}

void StampReader::TookContent(ByteView content) {
  if (content.empty()) return;
  last_byte_ = content[content.size - 1];
  if (!raw_) return;
  partial_left_ -= content.size;
  if (last_byte_ == '\n') {
    BeginStamp(keep_);
  } else if (partial_left_ == 0) {
    BeginStamp(false);
  }
}

ByteView StampReader::held_back() const {
  if (phase_ == Phase::kStamp) return {};
  return {held_ + released_, held_size_ - released_};
}

void StampReader::BeginStamp(bool keep) {
  phase_ = Phase::kStamp;
  keep_this_ = keep;
  held_size_ = released_ = 0;
  partial_left_ = kPartialBytes;
}

void StampReader::Release() { phase_ = Phase::kContent; }

}  // namespace demux
