package org.krgboot.dhcp;

import java.nio.charset.StandardCharsets;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/**
 * What the server says to one client.
 *
 * @param current {@code ciaddr}
 * @param yours {@code yiaddr}: the address that the client gets
 * @param nextServer {@code siaddr}: where the boot file is; the Linux kernel also takes it for the
 *     NFS server
 * @param serverName {@code sname}, at most 63 bytes
 * @param bootFile {@code file}, at most 127 bytes
 * @param options in the order in which they are sent; option 82 goes last whatever its place
 * @param maxPayload no more bytes than this are sent
 */
record DhcpReply(
    MessageType type,
    MacAddress mac,
    int xid,
    int flags,
    Ipv4 current,
    Ipv4 yours,
    Ipv4 nextServer,
    Ipv4 relay,
    String serverName,
    String bootFile,
    DhcpOptions options,
    int maxPayload) {
  /** The client cannot take unicast yet, RFC 2131 section 2. */
  static final int BROADCAST_FLAG = 0x8000;

  /** What every host must take, RFC 2131 section 2; an IP datagram with its headers. */
  private static final int DEFAULT_DATAGRAM = 576;

  /** Ethernet's. Several boot clients cannot join fragments, the Linux kernel's among them. */
  private static final int LARGEST_DATAGRAM = 1500;

  private static final int IP_AND_UDP_HEADERS = 28;

  /** With its NUL the field has 128 bytes, RFC 2131 section 2. */
  private static final int MAX_FILE = 127;

  /** A reply to {@code request} that says nothing yet. */
  static Builder to(DhcpRequest request, MessageType type) {
    return new Builder(request, type);
  }

  private static int maxPayload(DhcpRequest request) {
    int asked = request.options().number16(OptionCode.MAX_MESSAGE_SIZE).orElse(DEFAULT_DATAGRAM);
    return Math.clamp(asked, DEFAULT_DATAGRAM, LARGEST_DATAGRAM) - IP_AND_UDP_HEADERS;
  }

  /** Says a reply by name. */
  static final class Builder {
    private final DhcpRequest request;
    private final MessageType type;
    private int flags;
    private Ipv4 current = Ipv4.ANY;
    private Ipv4 yours = Ipv4.ANY;
    private Ipv4 nextServer = Ipv4.ANY;
    private String serverName = "";
    private String bootFile = "";

    private Builder(DhcpRequest request, MessageType type) {
      this.request = request;
      this.type = type;
      this.flags = request.flags();
    }

    Builder broadcastFlag() {
      flags |= BROADCAST_FLAG;
      return this;
    }

    Builder current(Ipv4 address) {
      current = address;
      return this;
    }

    Builder yours(Ipv4 address) {
      yours = address;
      return this;
    }

    Builder boot(NodeOptions node) {
      return boot(
          node.nextServer(), node.serverName(), node.boot().of(BootClient.of(request)).name());
    }

    /** {@code file} is left empty where the name is too long for it; option 67 has it all. */
    Builder boot(Ipv4 server, String name, String file) {
      nextServer = server;
      serverName = name;
      bootFile = file.getBytes(StandardCharsets.UTF_8).length <= MAX_FILE ? file : "";
      return this;
    }

    DhcpReply options(DhcpOptions options) {
      return new DhcpReply(
          type,
          request.mac(),
          request.xid(),
          flags,
          current,
          yours,
          nextServer,
          request.relay(),
          serverName,
          bootFile,
          options,
          maxPayload(request));
    }
  }
}
