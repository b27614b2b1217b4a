#include "check.h"

int main() {
  for (const auto& [name, body] : check::Tests()) {
    std::printf("%s\n", name);
    std::fflush(stdout);
    body();
  }
  std::printf("%zu tests passed\n", check::Tests().size());
  return 0;
}
