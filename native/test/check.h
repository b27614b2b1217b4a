#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "types.h"

/// As much of a test framework as the core needs: `TEST(name) { CHECK(…); }`, all run by main.cc.
namespace check {

using Test = std::pair<const char*, std::function<void()>>;

inline std::vector<Test>& Tests() {
  static std::vector<Test> tests;
  return tests;
}

struct Registered {
  Registered(const char* name, std::function<void()> body) { Tests().emplace_back(name, std::move(body)); }
};

inline void That(bool holds, const char* what, const char* file, int line) {
  if (holds) return;
  std::fprintf(stderr, "%s:%d: %s\n", file, line, what);
  std::exit(1);
}

/// The same numbers on every run and every platform.
inline std::mt19937& Random() {
  static std::mt19937 random(20260102);
  return random;
}

inline size_t Below(size_t bound) { return Random()() % bound; }

inline demux::ByteView View(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

/// Text, characters at every range's edge, and bytes that are no characters.
inline std::string SomeOutput(size_t pieces) {
  static const std::vector<std::string> kPieces = {
      "a",
      "words, longer than a block of sixteen",
      "\"",
      "\\",
      "\n",
      "\x1b[31m",
      std::string(1, '\0'),
      "\x7f",
      "\xc3\xa9",
      "\xd0\x9f\xd1\x80",
      "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae\xe6\x96\x87\xe5\xad\x97",
      "\xf0\x9f\x98\x80",
      "\xc2\x85",
      "\xe2\x80\x8b",
      "\xef\xbb\xbf",
      "\xf3\xa0\x80\x81",
      "\xd8\x9c",
      "\x80",
      "\xc0",
      "\xe2",
      "\xe2\x82",
      "\xed\xa0\x80",
      "\xf0\x90",
      "\xf4\x90",
      "\xff"};
  std::string text;
  for (size_t i = 0; i < pieces; ++i) text += kPieces[Below(kPieces.size())];
  return text;
}

}  // namespace check

#define TEST(name)                                               \
  static void name();                                            \
  static const check::Registered registered_##name(#name, name); \
  static void name()

#define CHECK(condition) check::That((condition), #condition, __FILE__, __LINE__)
