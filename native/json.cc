#include "json.h"

#include <cstring>

#include "run_writer.h"

namespace demux {
namespace {

template <bool kWrite>
EscapedRun WriteIn(Sanitize mode, ByteView in, uint8_t* to, size_t room, size_t text_room) {
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

EscapedRun JsonEscaper::WriteRun(ByteView in, uint8_t* to, size_t room, size_t text_room) const {
  return WriteIn<true>(mode_, in, to, room, text_room);
}

EscapedRun JsonEscaper::MeasureRun(ByteView in) const { return WriteIn<false>(mode_, in, nullptr, SIZE_MAX, SIZE_MAX); }

EscapedItem JsonEscaper::Next(ByteView in) const {
  return in[0] >= 0x80 ? WideItem(in, mode_) : AsciiItems(mode_)[in[0]];
}

size_t JsonEscaper::Measure(ByteView in) const {
  size_t size = 0;
  for (size_t at = 0; at < in.size;) {
    const EscapedRun run = MeasureRun(in.From(at));
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
    const EscapedRun run = WriteRun(in.From(at), to, static_cast<size_t>(end - to), SIZE_MAX);
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
