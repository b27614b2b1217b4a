#include "retention.h"

#include <algorithm>
#include <cstring>

#include "base64.h"
#include "utf8.h"

namespace demux {
namespace {

/// Bytes on each side of a cut that tell whether it goes through a character.
constexpr size_t kContext = 3;
/// Left free for the two omission marks when a budget is first cut in proportion.
constexpr uint64_t kMarkerRoom = 128;

size_t Reach(const Options& options) { return options.keep_bytes - options.keep_bytes / 2; }

ByteView View(const std::vector<uint8_t>& bytes) { return {bytes.data(), bytes.size()}; }

/// Makes place for `wanted` bytes in all, never more than `most`, in steps that double.
void Reserve(std::vector<uint8_t>* bytes, size_t wanted, size_t most) {
  if (wanted > bytes->capacity()) bytes->reserve(std::min(most, std::max(wanted, 2 * bytes->capacity())));
}

/// What each channel may keep of `budget`: half, and what the other does not need of its own.
std::array<uint64_t, kChannels> Allot(uint64_t budget, uint64_t first, uint64_t second) {
  const uint64_t half = budget / 2;
  if (first <= half) return {first, std::min(second, budget - first)};
  if (second <= half) return {std::min(first, budget - second), second};
  return {std::min(first, budget - half), half};
}

}  // namespace

HeadAndTail::HeadAndTail(size_t reach) : capacity_(reach + kContext) {}

void HeadAndTail::Append(ByteView in) {
  total_ += in.size;
  const ByteView rest = FillHead(in);
  if (!rest.empty()) AppendTail(rest);
}

ByteView HeadAndTail::FillHead(ByteView in) {
  const size_t taken = std::min(capacity_ - head_.size(), in.size);
  Reserve(&head_, head_.size() + taken, capacity_);
  if (taken > 0) head_.insert(head_.end(), in.data, in.data + taken);
  return in.From(taken);
}

void HeadAndTail::AppendTail(ByteView in) {
  // Whatever the same call would overwrite again is skipped.
  const ByteView last = in.From(in.size - std::min(in.size, capacity_));
  uint64_t position = total_ - head_.size() - last.size;
  const size_t stored = static_cast<size_t>(std::min<uint64_t>(capacity_, position + last.size));
  Reserve(&tail_, stored, capacity_);
  tail_.resize(stored);
  for (size_t used = 0; used < last.size;) {
    const size_t index = static_cast<size_t>(position % capacity_);
    const ByteView piece = last.From(used, capacity_ - index);
    std::memcpy(tail_.data() + index, piece.data, piece.size);
    used += piece.size;
    position += piece.size;
  }
}

std::vector<uint8_t> HeadAndTail::Copy(uint64_t from, uint64_t to) const {
  std::vector<uint8_t> bytes;
  bytes.reserve(static_cast<size_t>(to - from));
  while (from < to) {
    const bool in_head = from < head_.size();
    const size_t index = static_cast<size_t>(in_head ? from : (from - head_.size()) % capacity_);
    const ByteView piece = View(in_head ? head_ : tail_).From(index, static_cast<size_t>(to - from));
    bytes.insert(bytes.end(), piece.data, piece.data + piece.size);
    from += piece.size;
  }
  return bytes;
}

void HeadAndTail::Release() {
  std::vector<uint8_t>().swap(head_);
  std::vector<uint8_t>().swap(tail_);
}

Retention::Retention(const Options& options)
    : base64_(options.encoding == Encoding::kBase64),
      escaper_(options.sanitize),
      keep_bytes_(options.keep_bytes),
      stores_{HeadAndTail(Reach(options)), HeadAndTail(Reach(options))} {}

KeptText Retention::Take(size_t max_escaped) {
  const uint64_t total = stores_[0].total() + stores_[1].total();
  uint64_t budget = std::min(keep_bytes_, total);
  const uint64_t target = max_escaped > kMarkerRoom ? max_escaped - kMarkerRoom : 0;
  auto parts = PartsWithin(budget);
  size_t size = Measure(parts[0]) + Measure(parts[1]);
  for (bool first = true; size > max_escaped && budget > 0; first = false) {
    // The second time on a sixteenth goes at least: text that escapes unevenly would take many small cuts.
    const uint64_t most = first ? budget - 1 : budget - budget / 16 - 1;
    budget = std::min(most, budget * target / size);
    parts = PartsWithin(budget);
    size = Measure(parts[0]) + Measure(parts[1]);
  }
  KeptText kept;
  kept.truncated = budget < total;
  for (size_t i = 0; i < kChannels; ++i) {
    if (size <= max_escaped) kept.channels[i] = Write(parts[i]);
    stores_[i].Release();
  }
  return kept;
}

std::array<Retention::Parts, kChannels> Retention::PartsWithin(uint64_t budget) const {
  const auto allotted = Allot(budget, stores_[0].total(), stores_[1].total());
  return {PartsOf(stores_[0], allotted[0]), PartsOf(stores_[1], allotted[1])};
}

Retention::Cut Retention::CutTo(const HeadAndTail& store, uint64_t allotment) const {
  const uint64_t total = store.total();
  if (total <= allotment) return {total, total};
  const uint64_t head = allotment / 2;
  return {ToBoundary(store, head, false), ToBoundary(store, total - (allotment - head), true)};
}

uint64_t Retention::ToBoundary(const HeadAndTail& store, uint64_t at, bool forward) const {
  if (base64_) return at;
  const uint64_t begin = at - std::min<uint64_t>(at, kContext);
  const uint64_t end = std::min<uint64_t>(store.total(), at + kContext);
  const std::vector<uint8_t> window = store.Copy(begin, end);
  const Utf8Boundary boundary = BoundaryAround(View(window), static_cast<size_t>(at - begin));
  return begin + (forward ? boundary.after : boundary.before);
}

Retention::Parts Retention::PartsOf(const HeadAndTail& store, uint64_t allotment) const {
  const Cut cut = CutTo(store, allotment);
  Parts parts{store.Copy(0, cut.head), {}, store.Copy(cut.tail, store.total())};
  if (cut.head == cut.tail) return parts;
  const bool own_line = parts.head.empty() || (!base64_ && parts.head.back() == '\n');
  parts.marker = own_line ? "" : R"(\n)";
  parts.marker += "[... " + std::to_string(cut.tail - cut.head) + R"( bytes omitted ...]\n)";
  return parts;
}

size_t Retention::Measure(const Parts& parts) const {
  return MeasureText(parts.head) + parts.marker.size() + MeasureText(parts.tail);
}

std::vector<uint8_t> Retention::Write(const Parts& parts) const {
  const size_t size = Measure(parts);
  std::vector<uint8_t> text(size + kItemRoom);
  Output out{text.data(), text.size(), 0};
  WriteText(parts.head, &out);
  std::copy(parts.marker.begin(), parts.marker.end(), out.Next());
  out.end += parts.marker.size();
  WriteText(parts.tail, &out);
  text.resize(size);
  return text;
}

size_t Retention::MeasureText(const std::vector<uint8_t>& bytes) const {
  return base64_ ? Base64Size(bytes.size()) : escaper_.Measure(View(bytes));
}

void Retention::WriteText(const std::vector<uint8_t>& bytes, Output* out) const {
  uint8_t* const end =
      base64_ ? WriteBase64(View(bytes), out->Next()) : escaper_.Write(View(bytes), out->Next(), out->Room());
  out->end = static_cast<size_t>(end - out->data);
}

}  // namespace demux
