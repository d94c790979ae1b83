package org.krgboot.tftp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.krgboot.linux.Errno;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.OpenFlags;
import org.krgboot.linux.UdpSockets;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;

/** What becomes of a socket for requests that does not work as one should. */
@Timeout(60)
class RequestHandlerTest {
  private static final TftpConfig CONFIG = TftpConfig.on(Ipv4.parse("127.0.0.1"), 0);

  private final Services services =
      new Services(
          CONFIG,
          (_, _) -> new BootFileTree.Answer.Refused(BootFileTree.Why.NOT_FOUND, "none"),
          _ -> {},
          InstantSource.system(),
          Runnable::run);
  private final Transport transport = new Transport(CONFIG, services.bugs());

  RequestHandlerTest() throws IOException {}

  @AfterEach
  void close() {
    transport.close();
  }

  private RequestHandler on(int descriptor) {
    return new RequestHandler(services, transport, transport.nextLoop(), descriptor);
  }

  private static int open(String device) throws LinuxException {
    return FileCalls.open(device.getBytes(US_ASCII), OpenFlags.O_RDONLY, 0);
  }

  @Test
  void what_cannot_be_waited_for_is_told_at_the_start_and_closed() throws Exception {
    int nothing = open("/dev/null");
    assertThatThrownBy(() -> on(nothing).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no requests are heard")
        .hasMessageContaining("EPERM");
    assertClosed(nothing);
  }

  @Test
  void a_server_that_is_closed_before_it_hears_leaves_no_socket() throws Exception {
    int socket = UdpSockets.open();
    RequestHandler late = on(socket);
    transport.close();
    assertThatThrownBy(late::start).isInstanceOf(IOException.class);
    assertClosed(socket);
  }

  private static void assertClosed(int descriptor) {
    assertThatThrownBy(() -> FileCalls.lseek(descriptor, 0, 0))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
  }

  @Test
  void a_socket_that_receives_nothing_any_more_is_known() throws Exception {
    RequestHandler deaf = on(open("/dev/random")); // always ready, and no socket
    assertThat(deaf.hears()).isTrue();
    deaf.start();
    while (deaf.hears()) {
      Thread.onSpinWait();
    }
    assertThat(transport.answers(Duration.ofSeconds(30))).as("the others work on").isTrue();
  }
}
