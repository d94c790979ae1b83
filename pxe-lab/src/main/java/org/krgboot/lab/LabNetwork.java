package org.krgboot.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/**
 * A network namespace with a bridge, on which the server has its address and each node a tap. Needs
 * root. Closing it removes all of it; what still runs inside must have ended before.
 */
public final class LabNetwork implements AutoCloseable {
  /** The bridge: the interface on which the daemon serves. */
  public static final String BRIDGE = "br0";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String namespace;
  private final Ipv4 server;
  private final int nodes;

  private LabNetwork(String namespace, Ipv4 server, int nodes) {
    this.namespace = namespace;
    this.server = server;
    this.nodes = nodes;
  }

  /**
   * Makes the network, whole or not at all.
   *
   * @param server the server's address in {@code subnet}
   * @param nodes how many taps to make
   */
  public static LabNetwork create(Subnet subnet, Ipv4 server, int nodes) throws LabException {
    return create(server, nodes, setUp(subnet, server, nodes));
  }

  static LabNetwork create(Ipv4 server, int nodes, List<List<String>> setUp) throws LabException {
    String namespace =
        "krgboot-lab-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    LabTools.run(List.of("ip", "netns", "add", namespace));
    LabNetwork network = new LabNetwork(namespace, server, nodes);
    try {
      for (List<String> arguments : setUp) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(arguments);
        LabTools.run(command);
      }
      return network;
    } catch (LabException e) {
      try {
        network.close();
      } catch (LabException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  /** What {@code ip} is told, in order. */
  static List<List<String>> setUp(Subnet subnet, Ipv4 server, int nodes) {
    List<List<String>> commands = new ArrayList<>();
    commands.add(words("link set lo up"));
    // No forward delay: a node's first DISCOVER would be lost in it. No snooping: router
    // solicitations of the ROMs have to reach the server.
    commands.add(words("link add br0 type bridge forward_delay 0 mcast_snooping 0"));
    String address = server + "/" + subnet.prefixLength();
    commands.add(words("addr add " + address + " broadcast " + subnet.broadcast() + " dev br0"));
    commands.add(words("link set br0 up"));
    for (int node = 1; node <= nodes; node++) {
      commands.add(words("tuntap add tap" + node + " mode tap"));
      commands.add(words("link set tap" + node + " master br0 up"));
    }
    return commands;
  }

  private static List<String> words(String line) {
    return List.of(line.split(" ", -1));
  }

  /** The namespace's own name on this machine. */
  public String namespace() {
    return namespace;
  }

  public Ipv4 server() {
    return server;
  }

  /**
   * The tap of a node.
   *
   * @param node from 1
   */
  public String tap(int node) {
    if (node < 1 || node > nodes) {
      throw new IllegalArgumentException("the lab has nodes 1 to " + nodes + ", not " + node);
    }
    return "tap" + node;
  }

  /** The command line that runs {@code command} inside. The process is the command's own. */
  public List<String> inside(List<String> command) {
    List<String> line = new ArrayList<>();
    line.add(LabTools.find("ip").map(Object::toString).orElse("ip"));
    line.addAll(List.of("netns", "exec", namespace));
    line.addAll(command);
    return line;
  }

  @Override
  public void close() throws LabException {
    LabTools.run(List.of("ip", "netns", "delete", namespace));
  }
}
