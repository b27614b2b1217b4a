#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// The demultiplexer's core. It knows neither Node nor N-API, so that it can be tested and sanitized by itself.
namespace demux {

enum class Channel : uint8_t { kStdout = 0, kStderr = 1 };
inline constexpr size_t kChannels = 2;
inline size_t IndexOf(Channel channel) { return static_cast<size_t>(channel); }

enum class Framing { kMultiplexed, kRaw };
enum class Timestamps { kAbsent, kKeep, kStrip };
enum class Encoding { kUtf8, kBase64 };
enum class Sanitize { kNone, kAnsi, kStrict };
enum class Status { kOpen = 0, kLimit = 1, kCorrupt = 2, kSystemError = 3, kTruncated = 4 };

/// Read-only bytes owned by somebody else.
struct ByteView {
  const uint8_t* data = nullptr;
  size_t size = 0;

  uint8_t operator[](size_t index) const { return data[index]; }
  bool empty() const { return size == 0; }
  /// The view from `index` on, at most `count` long; `index` must not be past the end.
  ByteView From(size_t index, size_t count = SIZE_MAX) const {
    const size_t rest = size - index;
    return {data + index, count < rest ? count : rest};
  }
};

/// A caller's buffer being filled: `end` is where the next byte goes.
struct Output {
  uint8_t* data = nullptr;
  size_t size = 0;
  size_t end = 0;

  size_t Room() const { return size - end; }
  uint8_t* Next() const { return data + end; }
};

struct Options {
  Framing framing = Framing::kMultiplexed;
  Timestamps timestamps = Timestamps::kAbsent;
  Encoding encoding = Encoding::kUtf8;
  Sanitize sanitize = Sanitize::kNone;
  size_t keep_bytes = 0;
  /// 0 is no bound.
  uint64_t max_lines = 0;
  bool stream = false;
  size_t chunk_bytes = 0;
  std::string progress_token_json;
};

}  // namespace demux
