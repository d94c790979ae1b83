package org.krgboot.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two hosts on one cable: the boot server's namespace (10.11.12.1/24 on {@code boot0}) and a
 * client's ({@code node0}, without address). Nothing leaves them; the name is this run's own.
 */
final class TestNetwork implements AutoCloseable {
  static final String SERVER_ADDRESS = "10.11.12.1";
  static final String SERVER_INTERFACE = "boot0";
  static final String CLIENT_INTERFACE = "node0";
  private static final AtomicInteger COUNT = new AtomicInteger();

  final String server;
  final String client;

  private TestNetwork(String name) {
    this.server = name + "s";
    this.client = name + "c";
  }

  static TestNetwork make() throws IOException, InterruptedException {
    assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: network namespaces need root");
    assumeTrue(Shell.has("ip"), "SKIPPED: `ip` is missing (package iproute2)");
    TestNetwork network =
        new TestNetwork("krgit" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet());
    try {
      network.build();
      return network;
    } catch (IOException | AssertionError e) {
      network.close();
      throw e;
    }
  }

  private void build() throws IOException, InterruptedException {
    Shell host = Shell.onThisHost();
    host.must("ip", "netns", "add", server);
    host.must("ip", "netns", "add", client);
    host.must(
        "ip",
        "link",
        "add",
        SERVER_INTERFACE,
        "netns",
        server,
        "type",
        "veth",
        "peer",
        "name",
        CLIENT_INTERFACE,
        "netns",
        client);
    serverShell().must("ip", "link", "set", "lo", "up");
    serverShell().must("ip", "addr", "add", SERVER_ADDRESS + "/24", "dev", SERVER_INTERFACE);
    serverShell().must("ip", "link", "set", SERVER_INTERFACE, "up");
    clientShell().must("ip", "link", "set", "lo", "up");
    clientShell().must("ip", "link", "set", CLIENT_INTERFACE, "up");
  }

  Shell serverShell() {
    return Shell.in(server);
  }

  Shell clientShell() {
    return Shell.in(client);
  }

  /** Gives the client an address by hand, for tests that do not go through DHCP. */
  void addressClient(String address) throws IOException, InterruptedException {
    clientShell().must("ip", "addr", "replace", address + "/24", "dev", CLIENT_INTERFACE);
  }

  @Override
  public void close() throws IOException {
    try {
      Shell.onThisHost().run("ip", "netns", "del", server);
      Shell.onThisHost().run("ip", "netns", "del", client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
