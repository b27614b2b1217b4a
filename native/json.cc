#include "json.h"

#include <array>
#include <cstring>

#include "sanitize.h"
#include "simd.h"
#include "utf8.h"

namespace demux {
namespace {

constexpr uint8_t kHex[] = "0123456789abcdef";

/// One or three bytes of UTF-8 for a code point below U+10000 that is not in two-byte range.
void SetText(EscapedItem* item, uint32_t point) {
  item->bytes[0] = static_cast<uint8_t>(0xE0 | (point >> 12));
  item->bytes[1] = static_cast<uint8_t>(0x80 | ((point >> 6) & 0x3F));
  item->bytes[2] = static_cast<uint8_t>(0x80 | (point & 0x3F));
  item->text = item->escaped = 3;
}

void SetShort(EscapedItem* item, char letter) {
  item->bytes[0] = '\\';
  item->bytes[1] = static_cast<uint8_t>(letter);
  item->escaped = 2;
}

void SetHex(EscapedItem* item, uint8_t byte) {
  std::memcpy(item->bytes, "\\u00", 4);
  item->bytes[4] = kHex[byte >> 4];
  item->bytes[5] = kHex[byte & 0x0F];
  item->escaped = 6;
}

char ShortForm(uint8_t byte) {
  switch (byte) {
    case '"':
    case '\\':
      return static_cast<char>(byte);
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

EscapedItem AsciiItem(uint8_t byte, bool sanitized) {
  EscapedItem item{1, 1, 1, false, {byte}};
  const uint32_t picture = sanitized ? ControlPicture(byte) : 0;
  if (picture != 0) {
    SetText(&item, picture);
  } else if (ShortForm(byte) != 0) {
    SetShort(&item, ShortForm(byte));
  } else if (byte < 0x20) {
    SetHex(&item, byte);
  }
  return item;
}

using AsciiTable = std::array<EscapedItem, 128>;

AsciiTable MakeTable(bool sanitized) {
  AsciiTable table{};
  for (size_t byte = 0; byte < table.size(); ++byte) table[byte] = AsciiItem(static_cast<uint8_t>(byte), sanitized);
  return table;
}

const AsciiTable kPlainTable = MakeTable(false);
const AsciiTable kSanitizedTable = MakeTable(true);

EscapedItem WideItem(ByteView in, Sanitize mode) {
  const Utf8Step step = DecodeStep(in);
  const uint8_t length = static_cast<uint8_t>(step.length);
  EscapedItem item{length, length, length, step.kind != Utf8Kind::kValid, {}};
  if (item.replaced || IsMasked(CodePoint(in.data, step.length), mode)) {
    SetText(&item, kReplacementPoint);
  } else {
    std::memcpy(item.bytes, in.data, step.length);
  }
  return item;
}

/// Length of the whole, well-formed and unmasked character of several bytes at the start of `in`, else 0.
template <Sanitize kMode>
inline size_t PlainWide(ByteView in) {
  const Utf8Step step = DecodeStep(in);
  if (step.kind != Utf8Kind::kValid) return 0;
  if (kMode != Sanitize::kNone && IsMasked(CodePoint(in.data, step.length), kMode)) return 0;
  return step.length;
}

/// The walk shared by copying and skipping. Every block store lies inside `in.size` bytes of `to`.
template <Sanitize kMode, bool kCopy>
class PlainRun {
 public:
  PlainRun(ByteView in, uint8_t* to) : in_(in), to_(to) {}

  size_t Length() {
    do {
      TakeAscii();
    } while (TakeWide());
    return at_;
  }

 private:
  static constexpr bool kDel = kMode != Sanitize::kNone;

  void TakeAscii() {
    while (in_.size - at_ >= kBlock) {
      const size_t plain = FirstSpecial<kDel>(in_.data + at_);
      if (kCopy) CopyBlock(to_ + at_, in_.data + at_);
      at_ += plain;
      if (plain < kBlock) return;
    }
    while (at_ < in_.size && !IsSpecial<kDel>(in_[at_])) {
      if (kCopy) to_[at_] = in_[at_];
      ++at_;
    }
  }

  /// Takes the characters of several bytes that follow. False if the run ends here.
  bool TakeWide() {
    const size_t start = at_;
    while (at_ < in_.size && in_[at_] >= 0x80) {
      TakeTriples();
      if (at_ == in_.size || in_[at_] < 0x80) break;
      const size_t length = PlainWide<kMode>(in_.From(at_));
      if (length == 0) return false;
      for (size_t i = 0; kCopy && i < length; ++i) to_[at_ + i] = in_[at_ + i];
      at_ += length;
    }
    return at_ > start;
  }

  void TakeTriples() {
    while (in_.size - at_ >= kBlock && IsFiveTriples<kMode == Sanitize::kStrict>(in_.data + at_)) {
      if (kCopy) CopyBlock(to_ + at_, in_.data + at_);
      at_ += kBlock - 1;
    }
  }

  ByteView in_;
  uint8_t* to_;
  size_t at_ = 0;
};

template <bool kCopy>
size_t RunLength(Sanitize mode, ByteView in, uint8_t* to) {
  switch (mode) {
    case Sanitize::kAnsi:
      return PlainRun<Sanitize::kAnsi, kCopy>(in, to).Length();
    case Sanitize::kStrict:
      return PlainRun<Sanitize::kStrict, kCopy>(in, to).Length();
    default:
      return PlainRun<Sanitize::kNone, kCopy>(in, to).Length();
  }
}

}  // namespace

size_t JsonEscaper::CopyPlain(ByteView in, uint8_t* to) const { return RunLength<true>(mode_, in, to); }

size_t JsonEscaper::SkipPlain(ByteView in) const { return RunLength<false>(mode_, in, nullptr); }

EscapedItem JsonEscaper::Next(ByteView in) const {
  if (in[0] >= 0x80) return WideItem(in, mode_);
  return (mode_ == Sanitize::kNone ? kPlainTable : kSanitizedTable)[in[0]];
}

size_t JsonEscaper::Measure(ByteView in) const {
  size_t size = 0;
  for (size_t at = 0; at < in.size;) {
    const size_t plain = SkipPlain(in.From(at));
    at += plain;
    size += plain;
    if (at == in.size) break;
    const EscapedItem item = Next(in.From(at));
    at += item.raw;
    size += item.escaped;
  }
  return size;
}

uint8_t* JsonEscaper::Write(ByteView in, uint8_t* to) const {
  for (size_t at = 0; at < in.size;) {
    const size_t plain = CopyPlain(in.From(at), to);
    at += plain;
    to += plain;
    if (at == in.size) break;
    const EscapedItem item = Next(in.From(at));
    std::memcpy(to, item.bytes, kItemRoom);
    at += item.raw;
    to += item.escaped;
  }
  return to;
}

}  // namespace demux
