#include "unread.h"

#ifdef __linux__
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#endif

namespace demux {

// Linux alone: macOS answers both questions at the writing end with 0, whatever is unread (FIONREAD and SO_NWRITE look
// at that end's own buffer, and the bytes are in the reader's). Windows has no such question.
#ifdef __linux__

namespace {

/// TCP's answer would be what the other system has not acknowledged, read or not.
bool IsUnixSocket(int fd) {
  int domain = 0;
  socklen_t size = sizeof(domain);
  return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

}  // namespace

std::optional<size_t> UnreadBytes(int fd) {
  struct stat facts;
  if (fstat(fd, &facts) != 0) return std::nullopt;
  int bytes = -1;
  if (S_ISFIFO(facts.st_mode)) {
    ioctl(fd, FIONREAD, &bytes);
  } else if (S_ISSOCK(facts.st_mode) && IsUnixSocket(fd)) {
    ioctl(fd, TIOCOUTQ, &bytes);
  }
  if (bytes < 0) return std::nullopt;
  return static_cast<size_t>(bytes);
}

#else

std::optional<size_t> UnreadBytes(int) { return std::nullopt; }

#endif

}  // namespace demux
