#include "timestamp.h"

#include <algorithm>
#include <cstring>

namespace demux {
namespace {

bool IsDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/// `0` in the pattern stands for any digit.
bool Matches(ByteView text, const char* pattern) {
  const size_t size = std::strlen(pattern);
  if (text.size < size) return false;
  for (size_t i = 0; i < size; ++i) {
    const uint8_t wanted = static_cast<uint8_t>(pattern[i]);
    if (wanted == '0' ? !IsDigit(text[i]) : text[i] != wanted) return false;
  }
  return true;
}

constexpr size_t kSeconds = 19;
constexpr size_t kMaxFraction = 9;

/// Size of `.` and the digits after it, 0 if there are none.
size_t FractionSize(ByteView text) {
  if (text.empty() || text[0] != '.') return 0;
  size_t size = 1;
  while (size < text.size && size <= kMaxFraction && IsDigit(text[size])) ++size;
  return size == 1 ? 0 : size;
}

bool IsZone(ByteView text) {
  if (text.size == 1) return text[0] == 'Z';
  return text.size == 6 && (Matches(text, "+00:00") || Matches(text, "-00:00"));
}

}  // namespace

bool IsTimestampByte(uint8_t byte) {
  return IsDigit(byte) || byte == '-' || byte == ':' || byte == '.' || byte == '+' || byte == 'T' || byte == 'Z';
}

bool IsTimestamp(ByteView text) {
  if (!Matches(text, "0000-00-00T00:00:00")) return false;
  const ByteView rest = text.From(kSeconds);
  return IsZone(rest.From(FractionSize(rest)));
}

size_t TimestampLength(ByteView in) {
  const size_t limit = std::min(in.size, kMaxTimestamp + 1);
  for (size_t i = kMinTimestamp; i < limit; ++i) {
    if (in[i] == ' ') return IsTimestamp(in.From(0, i)) ? i : 0;
  }
  return 0;
}

}  // namespace demux
