package org.krgboot.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipeTest {
  private static final int SIZE = 1 << 20;
  private static final int LOOPBACK = 0x7f000001;

  @TempDir Path path;
  private final byte[] content = new byte[SIZE + 5000];

  private int file() throws Exception {
    new Random(1).nextBytes(content);
    Path file = Files.write(path.resolve("file"), content);
    return FileCalls.open(file.toString().getBytes(US_ASCII), OpenFlags.O_RDONLY, 0);
  }

  @Test
  void it_carries_a_part_of_a_file_to_a_socket_as_that_takes_it() throws Exception {
    int file = file();
    int listener = TcpSockets.listen(LOOPBACK, 0, 1);
    try (Pipe pipe = Pipe.open(SIZE);
        Socket peer = new Socket(InetAddress.getLoopbackAddress(), TcpSockets.port(listener))) {
      int socket = accept(listener);
      DataInputStream in = new DataInputStream(peer.getInputStream());
      for (int offset : new int[] {0, 4096, 100, 3}) {
        int count = SIZE - 4096;
        assertThat(pipe.takes(offset, count)).isTrue();
        assertThat(pipe.fill(file, offset, count)).isEqualTo(count);
        byte[] got = new byte[count];
        for (int done = 0; done < count; ) {
          int sent = pipe.send(socket);
          if (sent != TcpSockets.WOULD_BLOCK) {
            in.readFully(got, done, sent);
            done += sent;
            assertThat(pipe.held()).isEqualTo(count - done);
          }
        }
        assertThat(got).isEqualTo(Arrays.copyOfRange(content, offset, offset + count));
      }
      FileCalls.close(socket);
    } finally {
      FileCalls.close(listener);
      FileCalls.close(file);
    }
  }

  private static int accept(int listener) throws LinuxException {
    TcpSockets.Accepted accepted = TcpSockets.accept(listener);
    while (accepted == null) {
      accepted = TcpSockets.accept(listener);
    }
    return accepted.socket();
  }

  @Test
  void it_holds_less_at_the_end_of_a_file_and_nothing_once_it_is_cleared() throws Exception {
    int file = file();
    try (Pipe pipe = Pipe.open(SIZE)) {
      assertThat(pipe.fill(file, SIZE, SIZE)).isEqualTo(5000);
      assertThat(pipe.held()).isEqualTo(5000);
      pipe.clear();
      assertThat(pipe.held()).isZero();
      assertThat(pipe.fill(file, 2 * SIZE, SIZE)).isZero();
      assertThat(pipe.fill(file, 0, SIZE)).as("all of its room").isEqualTo(SIZE);
      pipe.clear();
      assertThat(pipe.takes(1, SIZE)).as("a part of one page more").isFalse();
      assertThatThrownBy(() -> pipe.fill(-1, 0, SIZE)).hasMessageContaining("splice: EBADF");
    } finally {
      FileCalls.close(file);
    }
  }
}
