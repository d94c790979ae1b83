package org.krgboot.dhcp;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dhcp4java.DHCPPacket;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * Nodes that boot all at once, each with a MAC address of its own: DISCOVER, REQUEST, and each
 * again every four seconds until it is answered, as boot ROMs do. They are behind a relay at
 * 127.0.0.2.
 */
final class Storm implements AutoCloseable {
  private static final String RELAY = "127.0.0.2";
  private static final Duration RETRY = Duration.ofSeconds(4);

  private static final class Node {
    final MacAddress mac;
    Packets next;
    long sentAt;
    int retries;

    Node(MacAddress mac) {
      this.mac = mac;
      this.next = Packets.discover(mac);
    }
  }

  private final DatagramSocket relay;
  private final InetSocketAddress server;
  private final Map<MacAddress, Node> booting = new HashMap<>();
  private final Map<MacAddress, Ipv4> acknowledged = new HashMap<>();
  private int mostRetries;

  Storm(int port) throws IOException {
    relay = new DatagramSocket(null);
    relay.setReuseAddress(true);
    relay.setReceiveBufferSize(4 << 20);
    relay.bind(new InetSocketAddress(InetAddress.getByName(RELAY), port));
    relay.setSoTimeout(20);
    server = new InetSocketAddress(InetAddress.getByName(ServerOnLoopback.ADDRESS), port);
  }

  /** Switches {@code count} nodes on, within {@code time}. */
  void begin(long firstMac, int count, Duration time) throws IOException {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Node node = new Node(new MacAddress(firstMac + i));
      booting.put(node.mac, node);
      while (System.nanoTime() - start < time.toNanos() * i / count) {
        receive();
      }
      send(node);
    }
  }

  /** Has a node that had an address come back as after a reset. */
  void again(MacAddress mac) throws IOException {
    Node node = new Node(mac);
    booting.put(mac, node);
    send(node);
  }

  /** Goes on until so many nodes have an address, or all. */
  void until(int served) throws IOException {
    while (acknowledged.size() < served && !booting.isEmpty()) {
      receive();
      long now = System.nanoTime();
      for (Node node : List.copyOf(booting.values())) {
        if (now - node.sentAt > RETRY.toNanos()) {
          node.retries++;
          mostRetries = Math.max(mostRetries, node.retries);
          send(node);
        }
      }
    }
  }

  /** Takes in what has arrived already. */
  void drain() throws IOException {
    boolean more = true;
    while (more) {
      more = receive();
    }
  }

  void allServed() throws IOException {
    until(Integer.MAX_VALUE);
  }

  Map<MacAddress, Ipv4> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  List<MacAddress> served() {
    return new ArrayList<>(acknowledged.keySet());
  }

  /** How often one message of a node had to be repeated at most. */
  int mostRetries() {
    return mostRetries;
  }

  private void send(Node node) throws IOException {
    byte[] bytes = node.next.relay(RELAY).bytes();
    node.sentAt = System.nanoTime();
    relay.send(new DatagramPacket(bytes, bytes.length, server));
  }

  private boolean receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    try {
      relay.receive(packet);
    } catch (SocketTimeoutException e) {
      return false;
    }
    DHCPPacket reply = DHCPPacket.getPacket(packet);
    MacAddress mac = new MacAddress(ByteBuffer.wrap(reply.getChaddr()).getLong() >>> 16);
    Ipv4 address = Ipv4.parse(reply.getYiaddr().getHostAddress());
    Node node = booting.get(mac);
    if (reply.getDHCPMessageType() == 5) {
      acknowledge(mac, address);
    } else if (node != null && reply.getDHCPMessageType() == 2) {
      node.next = Packets.selecting(mac, address.toString(), ServerOnLoopback.ADDRESS);
      node.retries = 0;
      send(node);
    } else if (node != null && reply.getDHCPMessageType() == 6) {
      node.next = Packets.discover(mac);
      send(node);
    }
    return true;
  }

  private void acknowledge(MacAddress mac, Ipv4 address) {
    booting.remove(mac);
    Ipv4 before = acknowledged.put(mac, address);
    if (before != null && !before.equals(address)) {
      throw new AssertionError(mac + " had " + before + " and got " + address);
    }
  }

  @Override
  public void close() {
    relay.close();
  }
}
