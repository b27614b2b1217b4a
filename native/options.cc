#include "options.h"

#include <stdexcept>

#include "chunk_writer.h"

namespace demux {
namespace {

constexpr size_t kMinChunk = 256;
constexpr size_t kMaxChunk = 1048576;
constexpr size_t kMaxKeep = 67108864;

void CheckRange(const char* name, size_t value, size_t least, size_t most) {
  if (value >= least && value <= most) return;
  throw std::out_of_range(std::string(name) + " must be " + std::to_string(least) + " to " + std::to_string(most) +
                          ", not " + std::to_string(value));
}

bool IsJsonNumber(const std::string& text) {
  const size_t first = text[0] == '-' ? 1 : 0;
  const bool digit = first < text.size() && text[first] >= '0' && text[first] <= '9';
  return digit && text.find_first_not_of("0123456789+-.eE", first) == std::string::npos;
}

/// A quoted string without control characters, so that it cannot end the line or the string it is put into.
bool IsJsonString(const std::string& text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  const size_t last = text.size() - 1;
  for (size_t i = 1; i < last; ++i) {
    if (text[i] == '"' || static_cast<unsigned char>(text[i]) < 0x20) return false;
    if (text[i] == '\\' && ++i == last) return false;
  }
  return true;
}

void CheckToken(const std::string& token) {
  CheckRange("progressTokenJson's size", token.size(), 1, kMaxTokenBytes);
  if (IsJsonNumber(token) || IsJsonString(token)) return;
  throw std::invalid_argument("progressTokenJson must be a JSON string or number");
}

}  // namespace

void Validate(const Options& options) {
  CheckRange("keepBytes", options.keep_bytes, 0, kMaxKeep);
  if (!options.stream) return;
  CheckRange("chunkBytes", options.chunk_bytes, kMinChunk, kMaxChunk);
  CheckToken(options.progress_token_json);
}

}  // namespace demux
