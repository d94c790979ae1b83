package org.krgboot.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.KrgbootDaemon;
import org.krgboot.model.BootEvent;
import org.krgboot.settings.SettingKey;
import org.krgboot.settings.SettingsException;

class EmbeddingTest {
  @TempDir Path directory;

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private KrgbootDaemon.Builder daemon(String name, int tftpPort) throws IOException {
    Path files = Files.createDirectories(directory.resolve(name + "-files"));
    Files.writeString(files.resolve("hello"), "from " + name);
    return KrgbootDaemon.builder()
        .set(SettingKey.ONLY, List.of("tftp"))
        .set(SettingKey.LISTEN, "127.0.0.1")
        .set(SettingKey.STATE_DIR, directory.resolve(name).toString())
        .set(SettingKey.TFTP_ROOT, files.toString())
        .set(SettingKey.TFTP_PORT, tftpPort)
        .set(SettingKey.STATUS_PORT, 0);
  }

  /** RFC 1350: a read request, and the one block of the answer, which is acknowledged. */
  private static String fetch(int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(60_000);
      byte[] request = "\0\1hello\0octet\0".getBytes(StandardCharsets.US_ASCII);
      InetAddress loopback = InetAddress.getLoopbackAddress();
      socket.send(new DatagramPacket(request, request.length, loopback, port));
      DatagramPacket answer = new DatagramPacket(new byte[600], 600);
      socket.receive(answer);
      socket.send(new DatagramPacket(new byte[] {0, 4, 0, 1}, 4, answer.getSocketAddress()));
      return new String(answer.getData(), 4, answer.getLength() - 4, StandardCharsets.US_ASCII);
    }
  }

  @Test
  void several_daemons_run_in_one_process_and_each_tells_its_own_events() throws Exception {
    int first = freePort();
    int second = freePort();
    BlockingQueue<BootEvent> events = new LinkedBlockingQueue<>();
    try (KrgbootDaemon one = daemon("one", first).onEvent(events::add).start();
        KrgbootDaemon two = daemon("two", second).start()) {
      assertThat(fetch(first)).isEqualTo("from one");
      assertThat(fetch(second)).isEqualTo("from two");
      assertThat(fileSent(events)).isEqualTo("hello");
      assertThat(one.silentServers(Duration.ofMinutes(1))).isEmpty();
      assertThat(two.nodes()).isEmpty();
      assertThat(one.apiSocket()).exists().isNotEqualTo(two.apiSocket());
    }
  }

  @Test
  void what_a_builder_is_told_after_a_start_is_for_the_next_daemon() throws Exception {
    int first = freePort();
    KrgbootDaemon.Builder builder = daemon("one", first);
    try (KrgbootDaemon one = builder.start();
        KrgbootDaemon two =
            builder
                .set(SettingKey.STATE_DIR, directory.resolve("two").toString())
                .set(SettingKey.TFTP_PORT, freePort())
                .start();
        AdminClient ofOne = new AdminClient(one.apiSocket())) {
      assertThat(ofOne.reload().changes()).isEqualTo("nothing changed");
      assertThat(fetch(first)).isEqualTo("from one");
      assertThat(two.apiSocket()).isNotEqualTo(one.apiSocket());
    }
  }

  /** Other events, such as that the configuration holds, come before it. */
  private static String fileSent(BlockingQueue<BootEvent> events) throws InterruptedException {
    BootEvent event = events.poll(1, TimeUnit.MINUTES);
    while (event != null && !(event instanceof BootEvent.FileSent)) {
      event = events.poll(1, TimeUnit.MINUTES);
    }
    return event instanceof BootEvent.FileSent sent ? sent.file() : "nothing";
  }

  @Test
  void a_daemon_that_was_stopped_can_be_started_again_on_its_state_and_its_ports()
      throws Exception {
    int port = freePort();
    for (int time = 0; time < 2; time++) {
      try (KrgbootDaemon _ = daemon("again", port).start()) {
        assertThat(fetch(port)).isEqualTo("from again");
      }
    }
    assertThat(directory.resolve("again/api.sock")).doesNotExist();
  }

  @Test
  void wrong_settings_and_a_port_that_is_taken_are_exceptions_that_say_what_is_wrong()
      throws Exception {
    assertThatThrownBy(() -> daemon("x", freePort()).set(SettingKey.TFTP_DSCP, "many").start())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("tftp.dscp");
    try (DatagramSocket holder = holder()) {
      assertThatThrownBy(() -> daemon("y", holder.getLocalPort()).start())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("" + holder.getLocalPort());
    }
  }

  private static DatagramSocket holder() throws SocketException {
    return new DatagramSocket(0, InetAddress.getLoopbackAddress());
  }

  @Test
  void the_example_is_short() throws Exception {
    Path source = Path.of("src/main/java/org/krgboot/example/BootAppliance.java");
    assertThat(Files.readAllLines(source)).hasSizeLessThan(40);
  }

  @Test
  void the_example_says_why_it_cannot_serve() {
    PrintStream out = System.out;
    InputStream in = System.in;
    try {
      System.setOut(new PrintStream(new ByteArrayOutputStream()));
      System.setIn(new ByteArrayInputStream("quit\n".getBytes(StandardCharsets.US_ASCII)));
      String[] arguments = {"none0", directory.resolve("z").toString(), directory.toString()};
      assertThatThrownBy(() -> BootAppliance.main(arguments))
          .hasMessageContaining("no interface none0");
    } finally {
      System.setOut(out);
      System.setIn(in);
    }
  }
}
