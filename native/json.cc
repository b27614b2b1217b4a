#include "json.h"

#include <algorithm>
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

const AsciiTable& TableFor(Sanitize mode) { return mode == Sanitize::kNone ? kPlainTable : kSanitizedTable; }

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

/// The walk shared by writing and measuring.
template <Sanitize kMode, bool kWrite>
class RunWriter {
 public:
  RunWriter(ByteView in, uint8_t* to, size_t room, size_t text_room)
      : in_(in), to_(to), room_(room), text_room_(text_room) {}

  JsonEscaper::Run Write() {
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
    const EscapedItem& item = TableFor(kMode)[in_[at_]];
    if (room_ - escaped_ < kItemRoom || text_room_ - text_ < item.text) return false;
    if (kWrite) std::memcpy(to_ + escaped_, item.bytes, kItemRoom);
    ++at_;
    text_ += item.text;
    escaped_ += item.escaped;
    return true;
  }

  ByteView in_;
  uint8_t* to_;
  size_t room_;
  size_t text_room_;
  size_t at_ = 0;
  size_t text_ = 0;
  size_t escaped_ = 0;
};

template <bool kWrite>
JsonEscaper::Run WriteIn(Sanitize mode, ByteView in, uint8_t* to, size_t room, size_t text_room) {
  switch (mode) {
    case Sanitize::kAnsi:
      return RunWriter<Sanitize::kAnsi, kWrite>(in, to, room, text_room).Write();
    case Sanitize::kStrict:
      return RunWriter<Sanitize::kStrict, kWrite>(in, to, room, text_room).Write();
    default:
      return RunWriter<Sanitize::kNone, kWrite>(in, to, room, text_room).Write();
  }
}

}  // namespace

JsonEscaper::Run JsonEscaper::WriteRun(ByteView in, uint8_t* to, size_t room, size_t text_room) const {
  return WriteIn<true>(mode_, in, to, room, text_room);
}

JsonEscaper::Run JsonEscaper::MeasureRun(ByteView in) const {
  return WriteIn<false>(mode_, in, nullptr, SIZE_MAX, SIZE_MAX);
}

EscapedItem JsonEscaper::Next(ByteView in) const {
  return in[0] >= 0x80 ? WideItem(in, mode_) : TableFor(mode_)[in[0]];
}

size_t JsonEscaper::Measure(ByteView in) const {
  size_t size = 0;
  for (size_t at = 0; at < in.size;) {
    const Run run = MeasureRun(in.From(at));
    at += run.raw;
    size += run.escaped;
    if (at == in.size) break;
    const EscapedItem item = Next(in.From(at));
    at += item.raw;
    size += item.escaped;
  }
  return size;
}

uint8_t* JsonEscaper::Write(ByteView in, uint8_t* to, size_t room) const {
  uint8_t* const end = to + room;
  for (size_t at = 0; at < in.size;) {
    const Run run = WriteRun(in.From(at), to, static_cast<size_t>(end - to), SIZE_MAX);
    at += run.raw;
    to += run.escaped;
    if (at == in.size) break;
    const EscapedItem item = Next(in.From(at));
    std::memcpy(to, item.bytes, kItemRoom);
    at += item.raw;
    to += item.escaped;
  }
  return to;
}

}  // namespace demux
