#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if !defined(DEMUX_SCALAR) && (defined(__SSE2__) || defined(_M_X64))
#define DEMUX_SSE2 1
#include <emmintrin.h>
#elif !defined(DEMUX_SCALAR) && (defined(__aarch64__) || defined(_M_ARM64))
#define DEMUX_NEON 1
#include <arm_neon.h>
#endif
#if defined(_MSC_VER)
#include <intrin.h>
#endif

/// Looks at 16 bytes at a time with what every x86-64 and every arm64 has; anything else takes the portable way.
namespace demux {

inline constexpr size_t kBlock = 16;

inline void CopyBlock(uint8_t* to, const uint8_t* from) { std::memcpy(to, from, kBlock); }

/// Whether a byte of text cannot stand in a JSON string as it is, or is not ASCII. `kDel`: U+007F counts too.
template <bool kDel>
inline bool IsSpecial(uint8_t byte) {
  return byte < 0x20 || byte >= (kDel ? 0x7F : 0x80) || byte == '"' || byte == '\\';
}

#if defined(DEMUX_SSE2)

inline size_t LowestBit(unsigned mask) {
#if defined(_MSC_VER)
  unsigned long index = 0;
  _BitScanForward(&index, mask);
  return index;
#else
  return static_cast<size_t>(__builtin_ctz(mask));
#endif
}

inline __m128i LoadBlock(const uint8_t* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }

inline __m128i Fill(int byte) { return _mm_set1_epi8(static_cast<char>(byte)); }

/// Index of the first special byte of the block, `kBlock` if there is none.
template <bool kDel>
inline size_t FirstSpecial(const uint8_t* from) {
  const __m128i bytes = LoadBlock(from);
  __m128i special = _mm_cmpeq_epi8(_mm_min_epu8(bytes, Fill(0x1F)), bytes);
  special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, Fill('"')));
  special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, Fill('\\')));
  if (kDel) special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, Fill(0x7F)));
  // movemask takes the top bits, and a byte that is not ASCII has its own set.
  const int mask = _mm_movemask_epi8(_mm_or_si128(special, bytes));
  return mask == 0 ? kBlock : LowestBit(static_cast<unsigned>(mask));
}

/// Whether the first 15 bytes of the block are five three-byte characters that need no closer look: not led by E0 or
/// ED, where overlong forms and surrogates live, nor by E2 or EF with `kStrict`, where hidden characters do.
template <bool kStrict>
inline bool IsFiveTriples(const uint8_t* from) {
  const __m128i bytes = LoadBlock(from);
  const __m128i bits =
      _mm_setr_epi8(-16, -64, -64, -16, -64, -64, -16, -64, -64, -16, -64, -64, -16, -64, -64, 0);  // F0 C0 C0 …
  const __m128i form = _mm_setr_epi8(-32, -128, -128, -32, -128, -128, -32, -128, -128, -32, -128, -128, -32, -128,
                                     -128, 0);  // E0 80 80 …
  const __m128i shaped = _mm_cmpeq_epi8(_mm_and_si128(bytes, bits), form);
  __m128i doubtful = _mm_or_si128(_mm_cmpeq_epi8(bytes, Fill(0xE0)), _mm_cmpeq_epi8(bytes, Fill(0xED)));
  if (kStrict) {
    doubtful = _mm_or_si128(doubtful, _mm_cmpeq_epi8(bytes, Fill(0xE2)));
    doubtful = _mm_or_si128(doubtful, _mm_cmpeq_epi8(bytes, Fill(0xEF)));
  }
  return (_mm_movemask_epi8(_mm_andnot_si128(doubtful, shaped)) & 0x7FFF) == 0x7FFF;
}

#elif defined(DEMUX_NEON)

template <bool kDel>
inline size_t FirstSpecial(const uint8_t* from) {
  const uint8x16_t bytes = vld1q_u8(from);
  uint8x16_t special = vorrq_u8(vcltq_u8(bytes, vdupq_n_u8(0x20)), vcgeq_u8(bytes, vdupq_n_u8(kDel ? 0x7F : 0x80)));
  special = vorrq_u8(special, vceqq_u8(bytes, vdupq_n_u8('"')));
  special = vorrq_u8(special, vceqq_u8(bytes, vdupq_n_u8('\\')));
  // NEON has no movemask: narrowing by four bits leaves a nibble per byte.
  const uint8x8_t nibbles = vshrn_n_u16(vreinterpretq_u16_u8(special), 4);
  const uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(nibbles), 0);
  if (mask == 0) return kBlock;
#if defined(_MSC_VER)
  unsigned long index = 0;
  _BitScanForward64(&index, mask);
  return index / 4;
#else
  return static_cast<size_t>(__builtin_ctzll(mask)) / 4;
#endif
}

template <bool kStrict>
inline bool IsFiveTriples(const uint8_t* from) {
  static const uint8_t kBits[kBlock] = {0xF0, 0xC0, 0xC0, 0xF0, 0xC0, 0xC0, 0xF0, 0xC0,
                                        0xC0, 0xF0, 0xC0, 0xC0, 0xF0, 0xC0, 0xC0, 0};
  static const uint8_t kForm[kBlock] = {0xE0, 0x80, 0x80, 0xE0, 0x80, 0x80, 0xE0, 0x80,
                                        0x80, 0xE0, 0x80, 0x80, 0xE0, 0x80, 0x80, 0};
  const uint8x16_t bytes = vld1q_u8(from);
  const uint8x16_t shaped = vceqq_u8(vandq_u8(bytes, vld1q_u8(kBits)), vld1q_u8(kForm));
  uint8x16_t doubtful = vorrq_u8(vceqq_u8(bytes, vdupq_n_u8(0xE0)), vceqq_u8(bytes, vdupq_n_u8(0xED)));
  if (kStrict) {
    doubtful = vorrq_u8(doubtful, vceqq_u8(bytes, vdupq_n_u8(0xE2)));
    doubtful = vorrq_u8(doubtful, vceqq_u8(bytes, vdupq_n_u8(0xEF)));
  }
  // The sixteenth byte is not looked at.
  const uint8x16_t good = vsetq_lane_u8(0xFF, vbicq_u8(shaped, doubtful), 15);
  return vminvq_u8(good) == 0xFF;
}

#else

template <bool kDel>
inline size_t FirstSpecial(const uint8_t* from) {
  for (size_t i = 0; i < kBlock; ++i) {
    if (IsSpecial<kDel>(from[i])) return i;
  }
  return kBlock;
}

template <bool kStrict>
inline bool IsFiveTriples(const uint8_t*) {
  return false;
}

#endif

}  // namespace demux
