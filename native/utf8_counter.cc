#include "utf8_counter.h"

namespace demux {

void Utf8Counter::Take(Channel channel, ByteView in) {
  Utf8Carry& carry = carry_[IndexOf(channel)];
  size_t used = carry.empty() ? 0 : TakeCarried(&carry, in);
  while (used < in.size) {
    used += escaper_.MeasureRun(in.From(used)).raw;
    if (used == in.size || carry.TakeIncomplete(in.From(used))) return;
    used += TakeItem(in.From(used));
  }
}

size_t Utf8Counter::TakeCarried(Utf8Carry* carry, ByteView in) {
  uint8_t buffer[4];
  const ByteView joined = carry->JoinedWith(in, buffer);
  const size_t carried = carry->view().size;
  if (carry->TakeIncomplete(joined)) return in.size;
  carry->Clear();
  return TakeItem(joined) - carried;
}

size_t Utf8Counter::TakeItem(ByteView in) {
  const EscapedItem item = escaper_.Next(in);
  if (item.replaced) ++replacements_;
  return item.raw;
}

void Utf8Counter::Finish() {
  for (Utf8Carry& carry : carry_) {
    if (!carry.empty()) TakeItem(carry.view());
    carry.Clear();
  }
}

}  // namespace demux
