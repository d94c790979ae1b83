package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.commons.net.tftp.TFTP;
import org.apache.commons.net.tftp.TFTPClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;

/** Clients that others wrote fetch files; every byte is compared. */
class ForeignClientsTest {
  private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
  private static final byte[] KERNEL = bytes(3_000_017, 1);
  private static final byte[] WHOLE_BLOCKS = bytes(512 * 40, 2);
  private static final byte[] TEXT = "one\ntwo\nthree\n".getBytes();

  @TempDir Path here;
  private final List<BootEvent> events = new CopyOnWriteArrayList<>();
  private TftpServer server;

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static BootFileTree.Answer open(String name, Ipv4 node) {
    return switch (name) {
      case "kernel", "/kernel" -> new BootFileTree.Answer.Found(new MemoryFile(KERNEL));
      case "blocks" -> new BootFileTree.Answer.Found(new MemoryFile(WHOLE_BLOCKS));
      case "text" -> new BootFileTree.Answer.Found(new MemoryFile(TEXT));
      case "empty" -> new BootFileTree.Answer.Found(new MemoryFile(new byte[0]));
      default -> new BootFileTree.Answer.Refused(BootFileTree.Why.NOT_FOUND, "no " + name);
    };
  }

  private int start() throws IOException {
    server =
        TftpServer.start(
            TftpConfig.on(LOOPBACK, 0),
            ForeignClientsTest::open,
            events::add,
            InstantSource.system());
    return server.port();
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private static void needs(String program, String debianPackage) {
    boolean there =
        Files.isExecutable(Path.of("/usr/bin", program))
            || Files.isExecutable(Path.of("/bin", program));
    assumeTrue(there, "SKIPPED: `" + program + "` is missing (package " + debianPackage + ")");
  }

  private int run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(here.toFile())
            .redirectErrorStream(true)
            .redirectOutput(here.resolve("output").toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(List.of(command) + " did not end");
    }
    return process.exitValue();
  }

  private void assertFetched(String name, byte[] expected) throws IOException {
    assertThat(Files.readAllBytes(here.resolve(name)))
        .as("see: %s", Files.readString(here.resolve("output")))
        .isEqualTo(expected);
  }

  @Test
  void curl_fetches_with_several_block_sizes() throws Exception {
    needs("curl", "curl");
    int port = start();
    for (String size : List.of("8", "512", "1468", "65464")) {
      String file = size.equals("8") ? "blocks" : "kernel";
      run("curl", "-sS", "--tftp-blksize", size, "-o", "got-" + size, url(port, file));
      assertFetched("got-" + size, file.equals("kernel") ? KERNEL : WHOLE_BLOCKS);
    }
    // curl itself refuses an OACK that says tsize 0.
    assertThat(run("curl", "-sS", "--tftp-no-options", url(port, "empty"))).isZero();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.counters().get("tftp.sent.files") < 5 && System.nanoTime() < end) {
      Thread.sleep(5); // curl leaves before its last ACK has arrived
    }
    assertThat(server.counters()).containsEntry("tftp.sent.files", 5L);
  }

  private static String url(int port, String file) {
    return "tftp://127.0.0.1:" + port + "/" + file;
  }

  @Test
  void tftp_hpa_fetches_binary_and_text() throws Exception {
    needs("tftp", "tftp-hpa");
    String port = String.valueOf(start());
    run("tftp", "-m", "binary", "127.0.0.1", port, "-c", "get", "kernel");
    assertFetched("kernel", KERNEL);
    run("tftp", "-m", "ascii", "127.0.0.1", port, "-c", "get", "text");
    assertFetched("text", TEXT);
  }

  @Test
  void atftp_fetches_with_windows() throws Exception {
    needs("atftp", "atftp");
    int port = start();
    for (int window : new int[] {1, 4, 16, 64}) {
      List<String> command = new ArrayList<>(List.of("atftp", "--option", "blksize 1468"));
      command.addAll(List.of("--option", "windowsize " + window, "--option", "tsize 0"));
      command.addAll(List.of("-g", "-r", "kernel", "-l", "got-" + window));
      command.addAll(List.of("127.0.0.1", String.valueOf(port)));
      run(command.toArray(String[]::new));
      assertFetched("got-" + window, KERNEL);
    }
  }

  @Test
  void busybox_fetches() throws Exception {
    needs("busybox", "busybox");
    String port = String.valueOf(start());
    run("busybox", "tftp", "-g", "-b", "1468", "-r", "kernel", "-l", "got", "127.0.0.1", port);
    assertFetched("got", KERNEL);
  }

  @Test
  void commons_net_fetches() throws Exception {
    int port = start();
    TFTPClient client = new TFTPClient();
    client.setDefaultTimeout(java.time.Duration.ofSeconds(5));
    client.open();
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    client.receiveFile("blocks", TFTP.BINARY_MODE, got, InetAddress.getByName("127.0.0.1"), port);
    client.close();
    assertThat(got.toByteArray()).isEqualTo(WHOLE_BLOCKS);
  }

  @Test
  void a_file_that_is_not_there_is_told_to_the_client_and_to_the_operator() throws Exception {
    needs("curl", "curl");
    int exit = run("curl", "-sS", url(start(), "nothing"));
    assertThat(exit).isEqualTo(68); // CURLE_TFTP_NOTFOUND
    assertThat(events).hasSize(1);
    assertThat(events.getFirst()).isInstanceOf(BootEvent.FileRefused.class);
  }
}
