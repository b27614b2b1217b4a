#include "escaped_item.h"

#include <array>
#include <cstring>

#include "sanitize.h"
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

}  // namespace

const EscapedItem* AsciiItems(Sanitize mode) {
  return (mode == Sanitize::kNone ? kPlainTable : kSanitizedTable).data();
}

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

}  // namespace demux
