#include "chunk_writer.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "base64.h"

namespace demux {
namespace {

/// Room kept behind an open chunk's text: the closing part with four numbers of 20 digits, a last base64 group, and an
/// item's copy.
constexpr size_t kClosingRoom = 256;
/// A chunk is not opened for less escaped text than this.
constexpr size_t kLeastText = 256;

void Append(Output* out, std::string_view text) {
  std::memcpy(out->Next(), text.data(), text.size());
  out->end += text.size();
}

void Append(Output* out, uint64_t number) {
  char* const begin = reinterpret_cast<char*>(out->Next());
  const auto result = std::to_chars(begin, begin + out->Room(), number);
  out->end += static_cast<size_t>(result.ptr - begin);
}

std::string Opening(const std::string& token) {
  return R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" + token + R"(,"message":")";
}

size_t Capacity(const Options& options) {
  return options.encoding == Encoding::kBase64 ? options.chunk_bytes / 4 * 3 : options.chunk_bytes;
}

}  // namespace

ChunkWriter::ChunkWriter(const Options& options)
    : base64_(options.encoding == Encoding::kBase64),
      escaper_(options.sanitize),
      capacity_(Capacity(options)),
      opening_(Opening(options.progress_token_json)) {}

size_t ChunkWriter::ClosingRoom() const { return open_ ? kClosingRoom : 0; }

size_t ChunkWriter::Write(Output* out, Channel channel, ByteView in) {
  if (open_ && channel_ != channel) Close(out);
  return base64_ ? WriteRaw(out, channel, in) : WriteText(out, channel, in);
}

size_t ChunkWriter::WriteText(Output* out, Channel channel, ByteView in) {
  Utf8Carry& carry = carry_[IndexOf(channel)];
  size_t used = 0;
  if (!carry.empty()) {
    used = WriteCarried(out, channel, in);
    if (!carry.empty()) return used;
  }
  while (used < in.size) {
    // First, so that no chunk is opened for a character that is not there yet.
    if (carry.TakeIncomplete(in.From(used))) return in.size;
    if (!EnsureOpen(out, channel)) break;
    const EscapedRun run = escaper_.WriteRun(in.From(used), out->Next(), out->Room() - kClosingRoom, left_);
    used += run.raw;
    if (run.raw > 0) {
      Count(out, run.raw, run.text, run.escaped);
      continue;
    }
    const EscapedItem item = escaper_.Next(in.From(used));
    if (!WriteItem(out, channel, item)) break;
    used += item.raw;
  }
  return used;
}

size_t ChunkWriter::WriteCarried(Output* out, Channel channel, ByteView in) {
  Utf8Carry& carry = carry_[IndexOf(channel)];
  uint8_t buffer[4];
  const ByteView joined = carry.JoinedWith(in, buffer);
  const size_t carried = carry.view().size;
  if (carry.TakeIncomplete(joined)) return in.size;
  const EscapedItem item = escaper_.Next(joined);
  if (!WriteItem(out, channel, item)) return 0;
  carry.Clear();
  return item.raw - carried;
}

bool ChunkWriter::WriteItem(Output* out, Channel channel, const EscapedItem& item) {
  if (open_ && item.text > left_) Close(out);
  if (!EnsureOpen(out, channel)) return false;
  std::memcpy(out->Next(), item.bytes, kItemRoom);
  if (item.replaced) ++replacements_;
  Count(out, item.raw, item.text, item.escaped);
  return true;
}

size_t ChunkWriter::WriteRaw(Output* out, Channel channel, ByteView in) {
  size_t used = 0;
  while (used < in.size && EnsureOpen(out, channel)) {
    const ByteView rest = in.From(used);
    used += grouped_ > 0 || rest.size < 3 ? FillGroup(out, rest) : WriteGroups(out, rest);
  }
  return used;
}

/// Takes one byte into the unfinished group, and writes the group once it is whole. A full chunk ends with a group.
size_t ChunkWriter::FillGroup(Output* out, ByteView in) {
  group_[grouped_++] = in[0];
  const bool whole = grouped_ == sizeof group_;
  if (whole) {
    WriteBase64({group_, grouped_}, out->Next());
    grouped_ = 0;
  }
  Count(out, 1, 1, whole ? 4 : 0);
  return 1;
}

size_t ChunkWriter::WriteGroups(Output* out, ByteView in) {
  const size_t room = (out->Room() - kClosingRoom) / 4;
  const size_t raw = std::min({in.size / 3, left_ / 3, room}) * 3;
  WriteBase64(in.From(0, raw), out->Next());
  Count(out, raw, raw, raw / 3 * 4);
  return raw;
}

/// False if `out` has no room for another item; then no chunk is open.
bool ChunkWriter::EnsureOpen(Output* out, Channel channel) {
  if (open_ && out->Room() >= kClosingRoom + kItemRoom) return true;
  if (open_) Close(out);
  if (out->Room() < opening_.size() + kClosingRoom + kLeastText) return false;
  Append(out, opening_);
  open_ = true;
  open_end_ = out->end;
  channel_ = channel;
  left_ = capacity_;
  raw_ = 0;
  return true;
}

void ChunkWriter::Count(Output* out, size_t raw, size_t text, size_t escaped) {
  out->end += escaped;
  open_end_ = out->end;
  written_[IndexOf(channel_)] += raw;
  raw_ += raw;
  left_ -= text;
  if (left_ == 0) Close(out);
}

void ChunkWriter::Close(Output* out) {
  if (!open_) return;
  if (grouped_ > 0) out->end += static_cast<size_t>(WriteBase64({group_, grouped_}, out->Next()) - out->Next());
  grouped_ = 0;
  open_ = false;
  delivered_ += raw_;
  Append(out, R"(","progress":)");
  Append(out, delivered_);
  Append(out, R"(,"_meta":{"mcp-docker-exec/chunk":{"channel":")");
  Append(out, channel_ == Channel::kStdout ? "stdout" : "stderr");
  Append(out, R"(","seq":)");
  Append(out, sequence_++);
  Append(out, R"(,"offset":)");
  Append(out, written_[IndexOf(channel_)] - raw_);
  Append(out, R"(,"bytes":)");
  Append(out, raw_);
  Append(out, "}}}}\n");
}

void ChunkWriter::Finish(Output* out) {
  for (const Channel channel : {Channel::kStdout, Channel::kStderr}) {
    Utf8Carry& carry = carry_[IndexOf(channel)];
    if (carry.empty()) continue;
    if (open_ && channel_ != channel) Close(out);
    if (WriteItem(out, channel, escaper_.Next(carry.view()))) carry.Clear();
  }
  Close(out);
}

}  // namespace demux
