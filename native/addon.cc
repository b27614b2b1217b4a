#include <napi.h>

#include <cmath>
#include <cstring>
#include <initializer_list>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "demuxer.h"
#include "unread.h"

// Converts arguments and results between JavaScript and the core; nothing is decided here.
namespace {

/// Runs `body` with the core's exceptions turned into JavaScript's.
template <typename Body>
auto Guarded(Napi::Env env, Body body) {
  try {
    return body();
  } catch (const std::out_of_range& error) {
    throw Napi::RangeError::New(env, error.what());
  } catch (const std::invalid_argument& error) {
    throw Napi::TypeError::New(env, error.what());
  } catch (const std::bad_alloc&) {
    throw Napi::Error::New(env, "The demuxer is out of memory");
  }
}

template <typename Value>
Value OneOf(const Napi::Object& options, const char* name,
            std::initializer_list<std::pair<const char*, Value>> choices) {
  const Napi::Value given = options.Get(name);
  const std::string text = given.IsString() ? given.As<Napi::String>().Utf8Value() : "";
  std::string expected;
  for (const auto& [label, value] : choices) {
    if (given.IsString() && text == label) return value;
    expected += expected.empty() ? label : std::string(", ") + label;
  }
  throw Napi::TypeError::New(options.Env(), std::string(name) + " must be one of " + expected);
}

uint64_t ToWhole(Napi::Env env, const Napi::Value& given, const char* name) {
  if (!given.IsNumber()) throw Napi::TypeError::New(env, std::string(name) + " must be a number");
  const double number = given.As<Napi::Number>().DoubleValue();
  constexpr double kMaxSafe = 9007199254740991.0;
  if (number >= 0 && number <= kMaxSafe && std::floor(number) == number) return static_cast<uint64_t>(number);
  throw Napi::RangeError::New(env, std::string(name) + " must be a whole number of at least 0");
}

size_t ToSize(Napi::Env env, const Napi::Value& given, const char* name) {
  return static_cast<size_t>(ToWhole(env, given, name));
}

size_t ToOffset(Napi::Env env, const Napi::Value& given, const char* name, size_t least, size_t most) {
  const size_t offset = ToSize(env, given, name);
  if (offset >= least && offset <= most) return offset;
  throw Napi::RangeError::New(env, std::string(name) + " must be " + std::to_string(least) + " to " +
                                       std::to_string(most) + ", not " + std::to_string(offset));
}

void ReadStream(const Napi::Value& given, demux::Options* options) {
  if (given.IsNull()) return;
  if (!given.IsObject()) throw Napi::TypeError::New(given.Env(), "stream must be an object or null");
  const Napi::Object stream = given.As<Napi::Object>();
  const Napi::Value token = stream.Get("progressTokenJson");
  if (!token.IsString()) throw Napi::TypeError::New(given.Env(), "progressTokenJson must be a string");
  options->stream = true;
  options->chunk_bytes = ToSize(given.Env(), stream.Get("chunkBytes"), "chunkBytes");
  options->progress_token_json = token.As<Napi::String>().Utf8Value();
}

demux::Options ReadOptions(const Napi::CallbackInfo& info) {
  if (!info[0].IsObject()) throw Napi::TypeError::New(info.Env(), "options must be an object");
  const Napi::Object given = info[0].As<Napi::Object>();
  demux::Options options;
  options.framing = OneOf<demux::Framing>(
      given, "framing", {{"multiplexed", demux::Framing::kMultiplexed}, {"raw", demux::Framing::kRaw}});
  options.timestamps = OneOf<demux::Timestamps>(given, "timestamps",
                                                {{"absent", demux::Timestamps::kAbsent},
                                                 {"keep", demux::Timestamps::kKeep},
                                                 {"strip", demux::Timestamps::kStrip}});
  options.encoding = OneOf<demux::Encoding>(given, "encoding",
                                            {{"utf8", demux::Encoding::kUtf8}, {"base64", demux::Encoding::kBase64}});
  options.sanitize = OneOf<demux::Sanitize>(
      given, "sanitize",
      {{"none", demux::Sanitize::kNone}, {"ansi", demux::Sanitize::kAnsi}, {"strict", demux::Sanitize::kStrict}});
  options.keep_bytes = ToSize(info.Env(), given.Get("keepBytes"), "keepBytes");
  options.max_lines = ToWhole(info.Env(), given.Get("maxLines"), "maxLines");
  ReadStream(given.Get("stream"), &options);
  return options;
}

Napi::Uint8Array ToBytes(const Napi::Value& given, const char* name) {
  const bool fits = given.IsTypedArray() && given.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  if (!fits) throw Napi::TypeError::New(given.Env(), std::string(name) + " must be a Uint8Array");
  return given.As<Napi::Uint8Array>();
}

Napi::Uint8Array CopyOf(Napi::Env env, const std::vector<uint8_t>& bytes) {
  Napi::Uint8Array copy = Napi::Uint8Array::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(copy.Data(), bytes.data(), bytes.size());
  return copy;
}

class Demuxer : public Napi::ObjectWrap<Demuxer> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Demuxer",
                       {InstanceMethod<&Demuxer::Push>("push"), InstanceMethod<&Demuxer::Flush>("flush"),
                        InstanceMethod<&Demuxer::Finish>("finish"), InstanceMethod<&Demuxer::Kept>("kept"),
                        InstanceMethod<&Demuxer::LastTimestamps>("lastTimestamps"),
                        InstanceMethod<&Demuxer::SystemError>("systemError")});
  }

  explicit Demuxer(const Napi::CallbackInfo& info)
      : ObjectWrap(info), core_(Guarded(info.Env(), [&] { return demux::Demuxer(ReadOptions(info)); })) {
    const Napi::Float64Array state = Napi::Float64Array::New(info.Env(), demux::State::kLength);
    state_ = Napi::Persistent(state);
    info.This().As<Napi::Object>().DefineProperty(Napi::PropertyDescriptor::Value("state", state, napi_enumerable));
  }

 private:
  Napi::Value Push(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    Napi::Uint8Array input = ToBytes(info[0], "input");
    const size_t start = ToOffset(env, info[1], "start", 0, input.ByteLength());
    const size_t end = ToOffset(env, info[2], "end", start, input.ByteLength());
    demux::Output out = ReadOutput(env, info[3], info[4]);
    const demux::ByteView in{input.Data() + start, end - start};
    CheckApart(env, in, out);
    const size_t taken = Guarded(env, [&] { return core_.Push(in, &out); });
    WriteState();
    return Napi::Number::New(env, static_cast<double>(taken));
  }

  Napi::Value Flush(const Napi::CallbackInfo& info) {
    demux::Output out = ReadOutput(info.Env(), info[0], info[1]);
    Guarded(info.Env(), [&] { core_.Flush(&out); });
    return WriteStateAndEnd(info.Env(), out);
  }

  Napi::Value Finish(const Napi::CallbackInfo& info) {
    demux::Output out = ReadOutput(info.Env(), info[0], info[1]);
    Guarded(info.Env(), [&] { core_.Finish(&out); });
    return WriteStateAndEnd(info.Env(), out);
  }

  Napi::Value Kept(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const size_t max_escaped = ToSize(env, info[0], "maxEscapedBytes");
    const demux::KeptText kept = Guarded(env, [&] { return core_.Kept(max_escaped); });
    Napi::Object result = Napi::Object::New(env);
    result.Set("stdout", CopyOf(env, kept.channels[0]));
    result.Set("stderr", CopyOf(env, kept.channels[1]));
    result.Set("truncated", kept.truncated);
    return result;
  }

  Napi::Value LastTimestamps(const Napi::CallbackInfo& info) {
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("stdout", core_.last_timestamp(demux::Channel::kStdout));
    result.Set("stderr", core_.last_timestamp(demux::Channel::kStderr));
    return result;
  }

  Napi::Value SystemError(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), core_.SystemError()); }

  static demux::Output ReadOutput(Napi::Env env, const Napi::Value& given, const Napi::Value& start) {
    Napi::Uint8Array out = ToBytes(given, "out");
    return {out.Data(), out.ByteLength(), ToOffset(env, start, "outStart", 0, out.ByteLength())};
  }

  /// Input is read while output is written: they must not be the same memory.
  static void CheckApart(Napi::Env env, const demux::ByteView& in, const demux::Output& out) {
    if (in.empty() || out.size == 0 || in.data + in.size <= out.data || out.data + out.size <= in.data) return;
    throw Napi::RangeError::New(env, "input and out must not overlap");
  }

  /// Looked up anew each time: JavaScript may have detached the array.
  void WriteState() {
    Napi::Float64Array state = state_.Value();
    if (state.ElementLength() == demux::State::kLength) core_.state().CopyTo(state.Data());
  }

  Napi::Value WriteStateAndEnd(Napi::Env env, const demux::Output& out) {
    WriteState();
    return Napi::Number::New(env, static_cast<double>(out.end));
  }

  demux::Demuxer core_;
  Napi::Reference<Napi::Float64Array> state_;
};

/// `unreadBytes(fd)`: a number, or undefined where the system does not tell.
Napi::Value UnreadBytes(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "fd must be a number");
  const std::optional<size_t> bytes = demux::UnreadBytes(info[0].As<Napi::Number>().Int32Value());
  if (!bytes.has_value()) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(*bytes));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Demuxer", Demuxer::Define(env));
  exports.Set("unreadBytes", Napi::Function::New<UnreadBytes>(env, "unreadBytes"));
  return exports;
}

}  // namespace

NODE_API_MODULE(demuxer, Init)
