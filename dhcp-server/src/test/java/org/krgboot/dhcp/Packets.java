package org.krgboot.dhcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** The vocabulary of the tests: what clients send, written byte by byte without the codec. */
final class Packets {
  static final MacAddress NODE_1 = MacAddress.parse("52:54:00:00:00:01");
  static final MacAddress NODE_2 = MacAddress.parse("52:54:00:00:00:02");
  static final MacAddress NODE_7 = MacAddress.parse("52:54:00:00:00:07");

  private final byte[] header = new byte[240];
  private final ByteArrayOutputStream options = new ByteArrayOutputStream();

  private Packets(MacAddress mac) {
    header[0] = 1;
    header[1] = 1;
    header[2] = 6;
    put(4, ByteBuffer.allocate(4).putInt(0x12345678).array());
    put(28, mac.octets());
    put(236, new byte[] {99, (byte) 130, 83, 99});
  }

  static Packets from(MacAddress mac) {
    return new Packets(mac);
  }

  static Packets discover(MacAddress mac) {
    return from(mac).option(53, 1);
  }

  static Packets request(MacAddress mac) {
    return from(mac).option(53, 3);
  }

  static Packets selecting(MacAddress mac, String address, String server) {
    return request(mac).address(50, address).address(54, server);
  }

  static Packets initReboot(MacAddress mac, String address) {
    return request(mac).address(50, address);
  }

  static Packets renewing(MacAddress mac, String address) {
    return request(mac).current(address);
  }

  static Packets release(MacAddress mac, String address, String server) {
    return from(mac).option(53, 7).address(54, server).current(address);
  }

  static Packets decline(MacAddress mac, String address, String server) {
    return from(mac).option(53, 4).address(50, address).address(54, server);
  }

  static Packets inform(MacAddress mac, String address) {
    return from(mac).option(53, 8).current(address);
  }

  Packets put(int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, header, offset, bytes.length);
    return this;
  }

  Packets current(String address) {
    return put(12, Ipv4.parse(address).octets());
  }

  Packets relay(String address) {
    return put(24, Ipv4.parse(address).octets());
  }

  /** As the Linux kernel does. */
  Packets withAllOnesInYiaddrAndSiaddr() {
    return put(16, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
  }

  Packets option(int code, int... value) {
    options.write(code);
    options.write(value.length);
    for (int octet : value) {
      options.write(octet);
    }
    return this;
  }

  Packets option(int code, byte[] value) {
    options.write(code);
    options.write(value.length);
    options.writeBytes(value);
    return this;
  }

  Packets text(int code, String value) {
    return option(code, value.getBytes(StandardCharsets.ISO_8859_1));
  }

  Packets address(int code, String value) {
    return option(code, Ipv4.parse(value).octets());
  }

  Packets raw(int... octets) {
    for (int octet : octets) {
      options.write(octet);
    }
    return this;
  }

  /** As it is so far, without END. */
  byte[] unended() {
    return ByteBuffer.allocate(header.length + options.size())
        .put(header)
        .put(options.toByteArray())
        .array();
  }

  byte[] bytes() {
    return raw(255).unended();
  }

  ByteBuf buffer() {
    return Unpooled.wrappedBuffer(bytes());
  }

  DhcpRequest decoded() {
    return (DhcpRequest) DhcpCodec.decode(buffer());
  }
}
