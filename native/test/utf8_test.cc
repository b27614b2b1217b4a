#include "utf8.h"

#include "check.h"

using check::View;
using demux::BoundaryAround;
using demux::DecodeStep;
using demux::Utf8Carry;
using demux::Utf8Kind;

namespace {

bool StepIs(const std::string& text, Utf8Kind kind, size_t length) {
  const demux::Utf8Step step = DecodeStep(View(text));
  return step.kind == kind && step.length == length;
}

/// Begins of all steps of a text, and its end.
std::vector<size_t> Boundaries(const std::string& text) {
  std::vector<size_t> boundaries = {0};
  while (boundaries.back() < text.size()) {
    boundaries.push_back(boundaries.back() + DecodeStep(View(text).From(boundaries.back())).length);
  }
  return boundaries;
}

}  // namespace

TEST(DecodeStepTakesMaximalSubparts) {
  CHECK(StepIs("A", Utf8Kind::kValid, 1));
  CHECK(StepIs("\xc3\xa9", Utf8Kind::kValid, 2));
  CHECK(StepIs("\xf4\x8f\xbf\xbf", Utf8Kind::kValid, 4));
  CHECK(StepIs("\x80", Utf8Kind::kInvalid, 1));
  CHECK(StepIs("\xc1\x80", Utf8Kind::kInvalid, 1));
  CHECK(StepIs("\xe0\x9f\x80", Utf8Kind::kInvalid, 1));
  CHECK(StepIs("\xed\xa0\x80", Utf8Kind::kInvalid, 1));
  CHECK(StepIs("\xf0\x8f", Utf8Kind::kInvalid, 1));
  CHECK(StepIs("\xf4\x90", Utf8Kind::kInvalid, 1));
  CHECK(StepIs("\xf0\x90\x80\x41", Utf8Kind::kInvalid, 3));
  CHECK(StepIs("\xe2\x82", Utf8Kind::kIncomplete, 2));
  CHECK(StepIs("\xf0\x90\x80", Utf8Kind::kIncomplete, 3));
}

TEST(BoundaryAroundAgreesWithDecodingFromTheStart) {
  for (int round = 0; round < 2000; ++round) {
    const std::string text = check::SomeOutput(12);
    const std::vector<size_t> boundaries = Boundaries(text);
    for (size_t at = 0, next = 0; at <= text.size(); ++at) {
      while (boundaries[next] < at) ++next;
      const size_t before = boundaries[next] == at ? at : boundaries[next - 1];
      const size_t begin = at < 3 ? 0 : at - 3;
      const demux::ByteView window = View(text).From(begin, at - begin + 3);
      const auto found = BoundaryAround(window, at - begin);
      CHECK(begin + found.before == before);
      CHECK(begin + found.after == boundaries[next]);
    }
  }
}

TEST(CarryTakesOnlyTheBeginningOfACharacter) {
  Utf8Carry carry;
  CHECK(!carry.TakeIncomplete(View("")));
  CHECK(!carry.TakeIncomplete(View("\xff")));
  CHECK(!carry.TakeIncomplete(View("\xe2\x82\xac")));
  CHECK(carry.TakeIncomplete(View("\xf0\x9f\x98")));
  uint8_t buffer[4];
  const demux::ByteView joined = carry.JoinedWith(View("\x80rest"), buffer);
  CHECK(joined.size == 4 && DecodeStep(joined).kind == Utf8Kind::kValid);
  carry.Clear();
  CHECK(carry.empty());
}
