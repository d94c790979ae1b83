package org.krgboot.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A boot server's namespace with a switch in it (10.11.12.1/24 on {@code boot0}), and simulated
 * nodes, each a namespace on that switch. Nothing leaves them.
 */
final class NodeNetwork implements AutoCloseable {
  static final String SERVER_ADDRESS = "10.11.12.1";
  static final String INTERFACE = "boot0";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;
  private final List<String> namespaces = new ArrayList<>();

  private NodeNetwork(String name) {
    this.name = name;
  }

  static NodeNetwork make() throws IOException, InterruptedException {
    assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: network namespaces need root");
    assumeTrue(Shell.has("ip"), "SKIPPED: `ip` is missing (package iproute2)");
    assumeTrue(Shell.has("udhcpc"), "SKIPPED: `udhcpc` is missing (package udhcpc)");
    assumeTrue(Shell.has("curl"), "SKIPPED: `curl` is missing (package curl)");
    NodeNetwork network =
        new NodeNetwork("krgnn" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet());
    try {
      Shell server = network.namespace(network.name + "s");
      server.must("ip", "link", "add", INTERFACE, "type", "bridge");
      server.must("ip", "addr", "add", SERVER_ADDRESS + "/24", "dev", INTERFACE);
      server.must("ip", "link", "set", INTERFACE, "up");
      return network;
    } catch (IOException | AssertionError e) {
      network.close();
      throw e;
    }
  }

  private Shell namespace(String namespace) throws IOException, InterruptedException {
    Shell.onThisHost().must("ip", "netns", "add", namespace);
    namespaces.add(namespace);
    Shell shell = Shell.in(namespace);
    shell.must("ip", "link", "set", "lo", "up");
    return shell;
  }

  Shell server() {
    return Shell.in(name + "s");
  }

  /** One more machine on the switch, without an address. */
  Shell machine(String mac) throws IOException, InterruptedException {
    int number = namespaces.size();
    Shell machine = namespace(name + "n" + number);
    String port = "port" + number;
    server()
        .must(
            "ip",
            "link",
            "add",
            port,
            "type",
            "veth",
            "peer",
            "name",
            SimulatedNode.INTERFACE,
            "address",
            mac,
            "netns",
            name + "n" + number);
    server().must("ip", "link", "set", port, "master", INTERFACE, "up");
    machine.must("ip", "link", "set", SimulatedNode.INTERFACE, "up");
    return machine;
  }

  /** One more node, switched off. */
  SimulatedNode node() throws IOException, InterruptedException {
    String mac = String.format("52:54:00:00:02:%02x", namespaces.size());
    return new SimulatedNode(machine(mac), mac);
  }

  @Override
  public void close() throws IOException {
    try {
      for (String namespace : namespaces) {
        Shell.onThisHost().run("ip", "netns", "del", namespace);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
