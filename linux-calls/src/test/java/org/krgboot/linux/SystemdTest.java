package org.krgboot.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemdTest {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;

  @TempDir Path path;

  /** Stands for the service manager. The first byte of an abstract name is a NUL. */
  private static int listenOn(byte[] name) throws LinuxException {
    Scratch mine = Scratch.mine();
    int socket = (int) mine.call(SystemCall.SOCKET, AF_UNIX, SOCK_DGRAM, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(2 + name.length);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
      mine.call(SystemCall.BIND, socket, address.address(), address.byteSize());
    }
    return socket;
  }

  private static String receive(int socket) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(8192);
      long size = Scratch.mine().call(SystemCall.READ, socket, into.address(), into.byteSize());
      return new String(into.asSlice(0, size).toArray(JAVA_BYTE), UTF_8);
    }
  }

  @Test
  void the_state_arrives_as_one_datagram_at_a_path() throws Exception {
    String socketPath = path.resolve("notify").toString();
    int manager = listenOn(socketPath.getBytes(UTF_8));
    assertThat(Systemd.notify(socketPath, "READY=1\nSTATUS=serving caf\u00e9")).isTrue();
    assertThat(Systemd.notify(socketPath, "WATCHDOG=1")).isTrue();
    assertThat(receive(manager)).isEqualTo("READY=1\nSTATUS=serving caf\u00e9");
    assertThat(receive(manager)).isEqualTo("WATCHDOG=1");
    FileCalls.close(manager);
  }

  @Test
  void the_state_arrives_at_an_abstract_name() throws Exception {
    String name = "krgboot-test-" + ProcessHandle.current().pid();
    int manager = listenOn(("\0" + name).getBytes(UTF_8));
    assertThat(Systemd.notify("@" + name, "STOPPING=1")).isTrue();
    assertThat(receive(manager)).isEqualTo("STOPPING=1");
    FileCalls.close(manager);
  }

  @Test
  void without_a_service_manager_nothing_is_sent() throws Exception {
    assertThat(Systemd.notify(null, "READY=1")).isFalse();
    assertThat(Systemd.notify("", "READY=1")).isFalse();
  }

  @Test
  void a_socket_that_nobody_reads_or_whose_name_is_odd_is_a_refusal() {
    assertThatThrownBy(() -> Systemd.notify(path.resolve("none").toString(), "READY=1"))
        .hasMessage("connect: ENOENT (2)");
    assertThatThrownBy(() -> Systemd.notify("vsock:2:1234", "READY=1"))
        .hasMessage("NOTIFY_SOCKET: EINVAL (22)");
    assertThatThrownBy(() -> Systemd.notify("/" + "x".repeat(108), "READY=1"))
        .hasMessage("NOTIFY_SOCKET: EINVAL (22)");
  }
}
