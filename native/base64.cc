#include "base64.h"

namespace demux {
namespace {

constexpr uint8_t kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void WriteGroup(uint32_t bits, uint8_t* to) {
  for (size_t i = 0; i < 4; ++i) to[i] = kAlphabet[(bits >> (18 - 6 * i)) & 0x3F];
}

}  // namespace

uint8_t* WriteBase64(ByteView in, uint8_t* to) {
  size_t at = 0;
  for (; in.size - at >= 3; at += 3, to += 4) {
    WriteGroup(uint32_t{in[at]} << 16 | uint32_t{in[at + 1]} << 8 | in[at + 2], to);
  }
  const size_t rest = in.size - at;
  if (rest == 0) return to;
  WriteGroup(uint32_t{in[at]} << 16 | (rest == 2 ? uint32_t{in[at + 1]} << 8 : 0), to);
  if (rest == 1) to[2] = '=';
  to[3] = '=';
  return to + 4;
}

}  // namespace demux
