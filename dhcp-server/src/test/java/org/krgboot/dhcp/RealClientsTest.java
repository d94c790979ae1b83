package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clients that nodes have, against the server on port 67, each in its own network namespace.
 * Needs root (namespaces, raw sockets) and {@code ip}; each test needs its client.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RealClientsTest {
  private static final String SERVER_SIDE = "krgs" + ProcessHandle.current().pid();
  private static final String NODE_SIDE = "krgn" + ProcessHandle.current().pid();

  @TempDir Path directory;
  private Process server;
  private final List<Process> running = new ArrayList<>();

  @BeforeEach
  void lay_the_wire() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: needs root");
    assumeTool("ip");
    run("ip", "netns", "add", SERVER_SIDE);
    run("ip", "netns", "add", NODE_SIDE);
    run(
        "ip",
        "link",
        "add",
        "boot0",
        "netns",
        SERVER_SIDE,
        "address",
        "52:54:00:91:00:01",
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        NODE_SIDE,
        "address",
        "52:54:00:91:00:02");
    run("ip", "-n", SERVER_SIDE, "address", "add", "10.91.0.1/24", "dev", "boot0");
    run("ip", "-n", SERVER_SIDE, "link", "set", "boot0", "up");
    run("ip", "-n", SERVER_SIDE, "link", "set", "lo", "up");
    run("ip", "-n", NODE_SIDE, "link", "set", "eth0", "up");
    startServer();
  }

  private void startServer() throws IOException {
    server =
        in(
            SERVER_SIDE,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            ServerInNamespace.class.getName(),
            directory.resolve("state.db").toString(),
            "by-flag",
            "10.91.0.0/24,10.91.0.1,10.91.0.101-10.91.0.199,boot0");
    awaitLine(server, "ready");
  }

  @AfterEach
  void clear() throws IOException, InterruptedException {
    for (Process process : running) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    if (server != null) {
      run("ip", "netns", "del", NODE_SIDE);
      run("ip", "netns", "del", SERVER_SIDE);
    }
  }

  @Test
  void dhclient_gets_address_name_and_root() throws IOException, InterruptedException {
    assumeTool("dhclient");
    Path leases = directory.resolve("dhclient.leases");
    Path config = directory.resolve("dhclient.conf");
    Files.writeString(
        config,
        "request subnet-mask, broadcast-address, routers, domain-name, domain-name-servers,"
            + " host-name, ntp-servers, root-path;\n");
    Process client =
        in(
            NODE_SIDE,
            "dhclient",
            "-4",
            "-d",
            "-v",
            "-1",
            "-sf",
            "/bin/true",
            "-cf",
            config.toString(),
            "-lf",
            leases.toString(),
            "-pf",
            directory.resolve("dhclient.pid").toString(),
            "eth0");
    awaitLine(client, "bound to 10.91.0.101");
    assertThat(Files.readString(leases))
        .contains("fixed-address 10.91.0.101;")
        .contains("filename \"pxelinux.0\";")
        .contains("option host-name \"krgnode101\";")
        .contains("option domain-name \"mycluster.home\";")
        .contains("option root-path \"10.91.0.1:/NFSROOT/kerrighed,v3,tcp,rsize=1048576")
        .contains("option dhcp-server-identifier 10.91.0.1;")
        .contains("option dhcp-lease-time 43200;");
  }

  @Test
  void udhcpc_gets_address_and_name_and_gives_them_back() throws IOException, InterruptedException {
    assumeTool("busybox");
    Path told = directory.resolve("told");
    Path script = directory.resolve("script");
    Files.writeString(
        script,
        """
        #!/bin/sh
        if [ "$1" = bound ]; then
          env > %s
          ip address add "$ip/$mask" dev "$interface" && echo configured
        fi
        """
            .formatted(told));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Process client =
        in(
            NODE_SIDE,
            "busybox",
            "udhcpc",
            "-f",
            "-R",
            "-i",
            "eth0",
            "-s",
            script.toString(),
            "-O",
            "hostname",
            "-O",
            "rootpath",
            "-O",
            "bootfile");
    awaitLine(client, "lease of 10.91.0.101 obtained");
    awaitLine(client, "configured");
    awaitLine(server, "AddressAcknowledged");
    // Process.destroy() would close the pipe, and udhcpc dies of it before it can say RELEASE.
    client.toHandle().destroy();
    awaitLine(server, "AddressReturned");
    assertThat(Files.readString(told))
        .contains("ip=10.91.0.101")
        .contains("siaddr=10.91.0.1")
        .contains("boot_file=pxelinux.0")
        .contains("hostname=krgnode101")
        .contains("serverid=10.91.0.1");
  }

  private Process in(String namespace, String... command) throws IOException {
    List<String> whole =
        new ArrayList<>(List.of("ip", "netns", "exec", namespace, "timeout", "40"));
    whole.addAll(List.of(command));
    Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
    running.add(process);
    return process;
  }

  /** Reads until a line has the text in it. */
  private static void awaitLine(Process process, String text) throws IOException {
    BufferedReader lines = process.inputReader();
    StringBuilder seen = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("ended without '" + text + "':\n" + seen);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
  }

  private static void assumeTool(String name) {
    boolean found =
        List.of("/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/").stream()
            .anyMatch(place -> Files.isExecutable(Path.of(place + name)));
    assumeTrue(found, "skipped: needs the program '" + name + "'");
  }
}
