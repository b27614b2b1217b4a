#pragma once

#include <cstddef>
#include <optional>

namespace demux {

/// What was written to `fd`, a pipe or Unix socket, and its reader has not read. At least as many bytes as there are: a
/// socket's are counted with the kernel's overhead, but 0 is none. No value where the system does not tell.
std::optional<size_t> UnreadBytes(int fd);

}  // namespace demux
