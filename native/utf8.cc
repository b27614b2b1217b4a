#include "utf8.h"

#include <algorithm>
#include <cstring>

namespace demux {
namespace {

constexpr size_t kMaxLength = 4;

bool IsContinuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

size_t LengthByLead(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

/// Unicode table 3-7: the second byte's range excludes overlong forms, surrogates and what lies past U+10FFFF.
bool IsSecond(uint8_t lead, uint8_t byte) {
  switch (lead) {
    case 0xE0:
      return byte >= 0xA0 && byte <= 0xBF;
    case 0xED:
      return byte >= 0x80 && byte <= 0x9F;
    case 0xF0:
      return byte >= 0x90 && byte <= 0xBF;
    case 0xF4:
      return byte >= 0x80 && byte <= 0x8F;
    default:
      return IsContinuation(byte);
  }
}

}  // namespace

Utf8Step DecodeStep(ByteView in) {
  const size_t need = LengthByLead(in[0]);
  if (need == 0) return {Utf8Kind::kInvalid, 1};
  for (size_t i = 1; i < need; ++i) {
    if (i == in.size) return {Utf8Kind::kIncomplete, i};
    const bool fits = i == 1 ? IsSecond(in[0], in[1]) : IsContinuation(in[i]);
    if (!fits) return {Utf8Kind::kInvalid, i};
  }
  return {Utf8Kind::kValid, need};
}

uint32_t CodePoint(const uint8_t* bytes, size_t length) {
  static constexpr uint8_t kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t point = bytes[0] & kLeadBits[length];
  for (size_t i = 1; i < length; ++i) point = (point << 6) | (bytes[i] & 0x3F);
  return point;
}

Utf8Boundary BoundaryAround(ByteView window, size_t at) {
  for (size_t back = 1; back < kMaxLength && back <= at; ++back) {
    const size_t start = at - back;
    if (IsContinuation(window[start])) continue;
    const size_t end = start + DecodeStep(window.From(start)).length;
    if (end > at && at < window.size) return {start, end};
    break;
  }
  return {at, at};
}

bool Utf8Carry::TakeIncomplete(ByteView tail) {
  if (tail.empty() || tail.size >= kMaxLength) return false;
  if (DecodeStep(tail).kind != Utf8Kind::kIncomplete) return false;
  std::memcpy(bytes_, tail.data, tail.size);
  size_ = tail.size;
  return true;
}

ByteView Utf8Carry::JoinedWith(ByteView next, uint8_t* buffer) const {
  const size_t added = std::min(next.size, kMaxLength - size_);
  std::memcpy(buffer, bytes_, size_);
  if (added > 0) std::memcpy(buffer + size_, next.data, added);
  return {buffer, size_ + added};
}

}  // namespace demux
