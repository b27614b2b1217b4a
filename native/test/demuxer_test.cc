#include "demuxer.h"

#include <algorithm>
#include <stdexcept>

#include "base64.h"
#include "check.h"

using check::Below;
using check::View;
using demux::Demuxer;
using demux::Options;
using demux::Output;

namespace {

std::string Frame(char type, const std::string& payload) {
  const size_t size = payload.size();
  std::string header = {type, 0, 0, 0};
  for (const int shift : {24, 16, 8, 0}) header += static_cast<char>((size >> shift) & 0xFF);
  return header + payload;
}

Options Streaming() {
  Options options;
  options.keep_bytes = 1000;
  options.stream = true;
  options.chunk_bytes = 256;
  options.progress_token_json = "7";
  return options;
}

Options SomeOptions() {
  Options options = Streaming();
  options.framing = Below(2) ? demux::Framing::kRaw : demux::Framing::kMultiplexed;
  options.timestamps = static_cast<demux::Timestamps>(Below(3));
  options.encoding = Below(3) ? demux::Encoding::kUtf8 : demux::Encoding::kBase64;
  options.sanitize = static_cast<demux::Sanitize>(Below(3));
  options.keep_bytes = Below(2) ? Below(50) : Below(5000);
  options.max_lines = Below(4) ? 0 : Below(20);
  options.stream = Below(4) > 0;
  options.chunk_bytes = 256 + Below(1000);
  if (Below(10) == 0) options.progress_token_json = '"' + std::string(demux::kMaxTokenBytes - 2, 't') + '"';
  return options;
}

std::string SomeFrames() {
  static const std::string kStamp = "2026-01-02T03:04:05.123456789Z ";
  std::string input;
  for (size_t i = Below(12); i > 0; --i) {
    const std::string stamp = kStamp.substr(0, Below(3) ? std::string::npos : Below(kStamp.size()));
    const char type = static_cast<char>(Below(60) ? Below(3) : Below(5));
    input += Frame(type, (Below(2) ? stamp : "") + check::SomeOutput(Below(Below(5) ? 30 : 900)));
  }
  return input;
}

/// Buffers of exactly their size on the heap: a sanitizer sees every byte read or written beyond them.
class Run {
 public:
  explicit Run(const Options& options) : demuxer_(options) { HandOn(); }

  void Push(const std::string& input) {
    for (size_t at = 0; at < input.size();) {
      const size_t size = std::min(input.size() - at, Below(3) ? 1 + Below(40) : 1 + Below(9000));
      at += PushOnce(std::vector<uint8_t>(input.begin() + static_cast<std::ptrdiff_t>(at),
                                          input.begin() + static_cast<std::ptrdiff_t>(at + size)));
    }
  }

  void Finish() {
    Flush();
    demuxer_.Finish(&out_);
    HandOn();
  }

  Demuxer& demuxer() { return demuxer_; }
  const std::string& lines() const { return lines_; }

 private:
  size_t PushOnce(const std::vector<uint8_t>& input) {
    const size_t taken = demuxer_.Push({input.data(), input.size()}, &out_);
    if (taken < input.size()) {
      CHECK(!demuxer_.state().chunk_open);
      HandOn();
    } else if (Below(5) == 0) {
      Flush();
    }
    return taken;
  }

  void Flush() {
    demuxer_.Flush(&out_);
    HandOn();
  }

  void HandOn() {
    lines_.append(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(out_.end));
    buffer_ = std::vector<uint8_t>(demux::kMinOutput + Below(100));
    out_ = {buffer_.data(), buffer_.size(), 0};
  }

  Demuxer demuxer_;
  std::vector<uint8_t> buffer_;
  Output out_;
  std::string lines_;
};

template <typename Error>
bool Refuses(const Options& options) {
  try {
    Demuxer demuxer(options);
    return false;
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

TEST(WritesALinePerChunk) {
  Run run(Streaming());
  run.Push(Frame(2, "x\n"));
  run.Finish();
  CHECK(run.lines().find(R"("message":"x\n",)") != std::string::npos);
  CHECK(run.lines().find(R"({"channel":"stderr","seq":0,"offset":0,"bytes":)") != std::string::npos);
  CHECK(run.lines().back() == '\n');
}

TEST(RandomInputKeepsItsFigures) {
  for (int round = 0; round < 3000; ++round) {
    const Options options = SomeOptions();
    const std::string input = SomeFrames();
    Run run(options);
    run.Push(input);
    run.Finish();
    const demux::State state = run.demuxer().state();
    CHECK(!state.chunk_open);
    CHECK(state.channel_bytes[0] + state.channel_bytes[1] <= input.size());
    CHECK(state.delivered_bytes == (options.stream ? state.channel_bytes[0] + state.channel_bytes[1] : 0));
    CHECK(options.max_lines == 0 || state.lines <= options.max_lines);
    const size_t most = Below(2) ? Below(3000) : 1 << 20;
    const demux::KeptText kept = run.demuxer().Kept(most);
    CHECK(kept.channels[0].size() + kept.channels[1].size() <= most);
  }
}

TEST(RandomBytesAreFrames) {
  for (int round = 0; round < 2000; ++round) {
    Options options = SomeOptions();
    std::string input(Below(300), '\0');
    for (char& byte : input) byte = static_cast<char>(Below(3) ? Below(4) : Below(256));
    Run run(options);
    run.Push(input);
    run.Finish();
    run.demuxer().SystemError();
  }
}

TEST(StoresNoMoreThanWhatCame) {
  Options options;
  options.keep_bytes = 67108864;
  std::vector<Demuxer> many;
  many.reserve(10000);
  // 10000 of them would be terabytes if storage were not grown on demand.
  for (int i = 0; i < 10000; ++i) many.emplace_back(options);
  Output none;
  const std::string input = Frame(1, "ten bytes.");
  for (Demuxer& demuxer : many) CHECK(demuxer.Push(View(input), &none) == input.size());
}

TEST(RefusesImpossibleOptions) {
  Options options = Streaming();
  options.chunk_bytes = 255;
  CHECK(Refuses<std::out_of_range>(options));
  options = Streaming();
  options.keep_bytes = 67108865;
  CHECK(Refuses<std::out_of_range>(options));
  for (const char* token : {"{}", "\"a\"b\"", "\"\n\"", "\"a\\\"", "-", "null"}) {
    options = Streaming();
    options.progress_token_json = token;
    CHECK(Refuses<std::invalid_argument>(options));
  }
}

TEST(EncodesBase64) {
  for (const auto& [raw, text] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xff\xfe\xfd", "//79"}}) {
    std::vector<uint8_t> buffer(demux::Base64Size(raw.size()));
    CHECK(demux::WriteBase64(View(raw), buffer.data()) == buffer.data() + buffer.size());
    CHECK(std::string(buffer.begin(), buffer.end()) == text);
  }
}
