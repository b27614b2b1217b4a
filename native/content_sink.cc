#include "content_sink.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace demux {

ContentSink::ContentSink(const Options& options)
    : lines_(options.max_lines), retention_(options), counts_(!options.stream && options.encoding == Encoding::kUtf8) {
  if (options.stream) writer_.emplace(options);
}

size_t ContentSink::Take(Channel channel, ByteView in, Output* out) {
  if (in.empty()) return 0;
  const ByteView wanted = in.From(0, lines_.Within(in));
  const size_t size = writer_ ? writer_->Write(out, channel, wanted) : wanted.size;
  const ByteView taken = wanted.From(0, size);
  bytes_[IndexOf(channel)] += size;
  retention_.Append(channel, taken);
  lines_.Take(channel, taken);
  if (counts_) counter_.Take(channel, taken);
  return size;
}

void ContentSink::Flush(Output* out) {
  if (writer_) writer_->Close(out);
}

void ContentSink::Finish(Output* out) {
  if (writer_) writer_->Finish(out);
  counter_.Finish();
  lines_.Finish();
}

void ContentSink::CheckOutput(const Output& out, size_t size, size_t room) const {
  if (!writer_) return;
  const size_t needed = std::max(room, writer_->ClosingRoom());
  if (out.size < size || out.Room() < needed) {
    throw std::out_of_range("out must have " + std::to_string(std::max(size, out.end + needed)) + " bytes, not " +
                            std::to_string(out.size));
  }
  if (writer_->is_open() && out.end != writer_->open_end()) {
    throw std::out_of_range("outStart must be " + std::to_string(writer_->open_end()) +
                            ", where the open chunk ended, not " + std::to_string(out.end));
  }
}

}  // namespace demux
