package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random bytes on every port change nothing, and one counter each says so. */
class StrangersTest {
  private static final int PACKETS = 500;
  private static final String LOOPBACK = "127.0.0.1";

  @TempDir Path directory;

  @Test
  void random_bytes_on_every_port_are_counted_and_change_nothing() throws Exception {
    // Below the ports that the kernel gives to whoever asks for any.
    int base = 12_000 + (int) (ProcessHandle.current().pid() % 4000) * 5;
    Files.createDirectories(directory.resolve("root/boot"));
    Files.writeString(directory.resolve("root/boot/vmlinuz-1"), "kernel");
    try (TestDaemon daemon =
        TestDaemon.start(
            Shell.onThisHost(),
            directory.resolve("state"),
            "--listen",
            LOOPBACK,
            "--range",
            "127.0.0.101-127.0.0.110",
            "--root",
            directory.resolve("root").toString(),
            "--tftp-root",
            directory.resolve("tftp").toString(),
            "--dhcp-port",
            "" + base,
            "--tftp-port",
            "" + (base + 2),
            "--nfs-port",
            "" + (base + 3),
            "--mount-port",
            "" + (base + 4),
            "--portmap-port",
            "" + (base + 5))) {
      String nodes = daemon.ask("nodes").output();
      for (int port = base; port <= base + 5; port++) {
        if (port != base + 1) {
          sendDatagrams(port);
        }
      }
      for (int port = base + 3; port <= base + 5; port++) {
        sendStreams(port);
      }
      assertThat(daemon.counter("dhcp.malformed")).isGreaterThan(0);
      assertThat(daemon.counter("tftp.malformed")).isGreaterThan(0);
      assertThat(daemon.counter("nfs.malformed")).isGreaterThan(0);
      assertThat(daemon.counter("mount.malformed")).isGreaterThan(0);
      assertThat(daemon.counter("portmap.malformed")).isGreaterThan(0);
      assertThat(daemon.ask("nodes").output()).isEqualTo(nodes);
      assertThat(daemon.log()).doesNotContain("Exception").doesNotContain("\tat ");
      assertThat(daemon.stop()).as("exit status after SIGTERM").isZero();
    }
  }

  private static void sendDatagrams(int port) throws IOException {
    Random random = new Random(port);
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < PACKETS; i++) {
        byte[] bytes = new byte[random.nextInt(1, 1200)];
        random.nextBytes(bytes);
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(LOOPBACK), port));
      }
    }
  }

  private static void sendStreams(int port) {
    Random random = new Random(port);
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[random.nextInt(4, 5000)];
      random.nextBytes(bytes);
      bytes[0] = (byte) 0x80; // the last fragment, of a length that fits: so that it is looked at
      bytes[1] = 0;
      bytes[2] = (byte) ((bytes.length - 4) >> 8);
      bytes[3] = (byte) (bytes.length - 4);
      try (Socket socket = new Socket(LOOPBACK, port)) {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        socket.setSoTimeout(5000);
        socket.getInputStream().readAllBytes();
      } catch (IOException e) {
        continue; // the server hung up in the middle of rubbish: its good right
      }
    }
  }
}
