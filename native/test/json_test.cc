#include "json.h"

#include "check.h"
#include "sanitize.h"
#include "utf8.h"

using check::View;
using demux::JsonEscaper;
using demux::Sanitize;

namespace {

/// One item at a time: slow, and independent of blocks and runs.
std::string ByItems(const JsonEscaper& escaper, const std::string& text) {
  std::string escaped;
  for (size_t at = 0; at < text.size();) {
    const demux::EscapedItem item = escaper.Next(View(text).From(at));
    escaped.append(reinterpret_cast<const char*>(item.bytes), item.escaped);
    at += item.raw;
  }
  return escaped;
}

/// In a buffer of exactly the size asked for, so that a sanitizer sees every byte too many.
std::string AtOnce(const JsonEscaper& escaper, const std::string& text) {
  const size_t size = escaper.Measure(View(text));
  std::vector<uint8_t> buffer(size + demux::kItemRoom);
  const uint8_t* end = escaper.Write(View(text), buffer.data(), buffer.size());
  CHECK(end == buffer.data() + size);
  return std::string(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace

TEST(EscapesAsJson) {
  const JsonEscaper escaper(Sanitize::kNone);
  CHECK(AtOnce(escaper, "a\"\\\b\f\n\r\t\x01\x1f\x7f") == "a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f");
  CHECK(AtOnce(escaper, "\xff\xe2\x82") == "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(SanitizesControlsAndHiddenCharacters) {
  CHECK(AtOnce(JsonEscaper(Sanitize::kAnsi), "\x1b\x7f\xc2\x9b\t") == "\xe2\x90\x9b\xe2\x90\xa1\xef\xbf\xbd\\t");
  CHECK(AtOnce(JsonEscaper(Sanitize::kAnsi), "\xe2\x80\x8b") == "\xe2\x80\x8b");
  CHECK(AtOnce(JsonEscaper(Sanitize::kStrict), "\xe2\x80\x8b\xd8\x9c") == "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(RunsAgreeWithItems) {
  for (const Sanitize mode : {Sanitize::kNone, Sanitize::kAnsi, Sanitize::kStrict}) {
    const JsonEscaper escaper(mode);
    for (int round = 0; round < 3000; ++round) {
      const std::string text = check::SomeOutput(check::Below(30));
      CHECK(AtOnce(escaper, text) == ByItems(escaper, text));
    }
  }
}

TEST(RunsStayWithinTheirRoom) {
  const JsonEscaper escaper(Sanitize::kAnsi);
  for (int round = 0; round < 5000; ++round) {
    const std::string text = check::SomeOutput(20);
    std::vector<uint8_t> buffer(check::Below(100));
    const size_t text_room = check::Below(100);
    const demux::EscapedRun run = escaper.WriteRun(View(text), buffer.data(), buffer.size(), text_room);
    CHECK(run.escaped <= buffer.size() && run.text <= text_room && run.raw <= text.size());
    const std::string written(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(run.escaped));
    CHECK(written == ByItems(escaper, text.substr(0, run.raw)));
  }
}

TEST(EveryCodePointIsPlainOrMasked) {
  for (uint32_t point = 0x80; point <= 0x10FFFF; ++point) {
    if (point >= 0xD800 && point <= 0xDFFF) continue;
    std::string text;
    if (point < 0x800) {
      text += static_cast<char>(0xC0 | (point >> 6));
    } else if (point < 0x10000) {
      text += static_cast<char>(0xE0 | (point >> 12));
      text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    } else {
      text += static_cast<char>(0xF0 | (point >> 18));
      text += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
      text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    }
    text += static_cast<char>(0x80 | (point & 0x3F));
    CHECK(demux::CodePoint(View(text).data, text.size()) == point);
    const JsonEscaper escaper(Sanitize::kStrict);
    const std::string five = text + text + text + text + text + "x";
    CHECK((escaper.MeasureRun(View(five)).raw == five.size()) == !demux::IsMasked(point, Sanitize::kStrict));
  }
}
