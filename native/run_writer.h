#pragma once

#include <algorithm>
#include <cstring>

#include "escaped_item.h"
#include "sanitize.h"
#include "simd.h"
#include "utf8.h"

namespace demux {

/// Length of the whole, well-formed and unmasked character of several bytes at the start of `in`, else 0.
template <Sanitize kMode>
inline size_t PlainWide(ByteView in) {
  // Most two-byte characters, without a closer look: C2 leads the C1 controls, D8 a bidi control.
  const bool open = in[0] > 0xC2 && in[0] < 0xE0 && (kMode != Sanitize::kStrict || in[0] != 0xD8);
  if (open && in.size > 1 && (in[1] & 0xC0) == 0x80) return 2;
  const Utf8Step step = DecodeStep(in);
  if (step.kind != Utf8Kind::kValid) return 0;
  if (kMode != Sanitize::kNone && IsMasked(CodePoint(in.data, step.length), kMode)) return 0;
  return step.length;
}

/// Takes as much of the start of `in` as needs no decision about a character of several bytes, and as there is room
/// for. Without `kWrite` it only measures.
template <Sanitize kMode, bool kWrite>
class RunWriter {
 public:
  RunWriter(ByteView in, uint8_t* to, size_t room, size_t text_room)
      : in_(in), to_(to), room_(room), text_room_(text_room) {}

  EscapedRun Write() {
    do {
      TakePlain();
    } while (at_ < in_.size && TakeEscaped() && room_ - escaped_ >= kItemRoom);
    return {at_, text_, escaped_};
  }

 private:
  static constexpr bool kDel = kMode != Sanitize::kNone;

  /// Takes what can be copied as it is. Inside, `limit` keeps every store within the room.
  void TakePlain() {
    const size_t start = at_;
    const size_t limit = start + std::min({in_.size - at_, room_ - escaped_, text_room_ - text_});
    do {
      TakeAscii(limit);
    } while (TakeWide(limit));
    text_ += at_ - start;
  }

  void TakeAscii(size_t limit) {
    while (limit - at_ >= kBlock) {
      const size_t plain = FirstSpecial<kDel>(in_.data + at_);
      CopyPlainBlock();
      at_ += plain;
      escaped_ += plain;
      if (plain < kBlock) return;
    }
    while (at_ < limit && !IsSpecial<kDel>(in_[at_])) CopyPlain(1);
  }

  /// Takes the characters of several bytes that follow. False if the plain run ends here.
  bool TakeWide(size_t limit) {
    const size_t start = at_;
    while (at_ < limit && in_[at_] >= 0x80) {
      TakeTriples(limit);
      if (at_ == limit || in_[at_] < 0x80) break;
      const size_t length = PlainWide<kMode>({in_.data + at_, limit - at_});
      if (length == 0) return false;
      CopyPlain(length);
    }
    return at_ > start;
  }

  void TakeTriples(size_t limit) {
    while (limit - at_ >= kBlock && IsFiveTriples<kMode == Sanitize::kStrict>(in_.data + at_)) {
      CopyPlainBlock();
      at_ += kBlock - 1;
      escaped_ += kBlock - 1;
    }
  }

  void CopyPlainBlock() {
    if (kWrite) CopyBlock(to_ + escaped_, in_.data + at_);
  }

  void CopyPlain(size_t length) {
    for (size_t i = 0; kWrite && i < length; ++i) to_[escaped_ + i] = in_[at_ + i];
    at_ += length;
    escaped_ += length;
  }

  /// Takes one ASCII character that has to be escaped. False if there is none, or no room for it.
  bool TakeEscaped() {
    if (in_[at_] >= 0x80) return false;
    const EscapedItem& item = ascii_[in_[at_]];
    if (room_ - escaped_ < kItemRoom || text_room_ - text_ < item.text) return false;
    if (kWrite) std::memcpy(to_ + escaped_, item.bytes, kItemRoom);
    ++at_;
    text_ += item.text;
    escaped_ += item.escaped;
    return true;
  }

  const EscapedItem* const ascii_ = AsciiItems(kMode);
  ByteView in_;
  uint8_t* to_;
  size_t room_;
  size_t text_room_;
  size_t at_ = 0;
  size_t text_ = 0;
  size_t escaped_ = 0;
};

}  // namespace demux
