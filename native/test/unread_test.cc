#include "unread.h"

#include "check.h"

using demux::UnreadBytes;

#ifdef __linux__

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

/// Both ends of something with a reader and a writer, closed at the end.
struct Ends {
  Ends() = default;
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  ~Ends() {
    for (const int fd : fds) close(fd);
  }
  int reader() const { return fds[0]; }
  int writer() const { return fds[1]; }
  int fds[2] = {-1, -1};
};

void Write(int fd, const std::string& text) {
  CHECK(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

void Read(int fd, size_t bytes) {
  std::vector<char> buffer(bytes);
  CHECK(read(fd, buffer.data(), bytes) == static_cast<ssize_t>(bytes));
}

}  // namespace

TEST(CountsWhatIsUnreadInAPipe) {
  Ends ends;
  CHECK(pipe(ends.fds) == 0);
  CHECK(UnreadBytes(ends.writer()) == 0u);
  Write(ends.writer(), "hello");
  Write(ends.writer(), "you");
  CHECK(UnreadBytes(ends.writer()) == 8u);
  Read(ends.reader(), 6);
  CHECK(UnreadBytes(ends.writer()) == 2u);
  Read(ends.reader(), 2);
  CHECK(UnreadBytes(ends.writer()) == 0u);
}

TEST(CountsAtLeastWhatIsUnreadInAUnixSocket) {
  Ends ends;
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.fds) == 0);
  CHECK(UnreadBytes(ends.writer()) == 0u);
  for (const size_t bytes : {size_t{1}, size_t{100}, size_t{5'000}, size_t{60'000}}) {
    Write(ends.writer(), std::string(bytes, 'x'));
    CHECK(UnreadBytes(ends.writer()) >= bytes);
    Read(ends.reader(), bytes - 1);
    CHECK(UnreadBytes(ends.writer()) >= 1u);
    Read(ends.reader(), 1);
    CHECK(UnreadBytes(ends.writer()) == 0u);
  }
}

TEST(DoesNotTakeWhatTheOtherDirectionHasForUnread) {
  Ends ends;
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.fds) == 0);
  Write(ends.reader(), "hello");
  CHECK(UnreadBytes(ends.writer()) == 0u);
}

TEST(KnowsNothingOfFilesOtherSocketsAndWhatIsClosed) {
  Ends ends;
  ends.fds[0] = open("/dev/null", O_WRONLY | O_CLOEXEC);
  ends.fds[1] = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(!UnreadBytes(ends.fds[0]).has_value());
  CHECK(!UnreadBytes(ends.fds[1]).has_value());
  CHECK(!UnreadBytes(-1).has_value());
  CHECK(!UnreadBytes(1 << 20).has_value());
}

#else

TEST(KnowsNothingWhereTheSystemDoesNotTell) { CHECK(!UnreadBytes(1).has_value()); }

#endif
