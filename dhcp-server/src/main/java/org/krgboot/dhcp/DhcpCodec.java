package org.krgboot.dhcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** Datagram to {@link DhcpRequest}, {@link DhcpReply} to datagram. RFC 2131 section 2. */
final class DhcpCodec {
  private static final int FROM_CLIENT = 1;
  private static final int FROM_SERVER = 2;

  /** Hardware type of Ethernet, RFC 1700. */
  private static final int ETHERNET = 1;

  private static final int CHADDR_LENGTH = 16;
  private static final int SNAME_OFFSET = 44;
  private static final int SNAME_LENGTH = 64;
  private static final int FILE_OFFSET = 108;
  private static final int FILE_LENGTH = 128;
  private static final int COOKIE_OFFSET = 236;
  private static final int OPTIONS_OFFSET = 240;

  /** What makes a BOOTP message one with options, RFC 2132 section 2. */
  private static final int MAGIC_COOKIE = 0x63825363;

  /** Bits of option 52: {@code file}, {@code sname}. */
  private static final int OVERLOAD_FILE = 1;

  private static final int OVERLOAD_SNAME = 2;
  private static final int MAX_OPTION_PART = 255;

  /** BOOTP's message length, RFC 951; some relays drop shorter ones. */
  private static final int MIN_REPLY = 300;

  /** Each area of options ends with END, RFC 2131 section 4.1. */
  private static final int END_LENGTH = 1;

  private static final int OVERLOAD_LENGTH = 3;

  /** What is kept first when not everything fits; whatever is not named here comes after. */
  private static final List<Integer> IMPORTANCE =
      List.of(
          OptionCode.MESSAGE_TYPE,
          OptionCode.SERVER_ID,
          OptionCode.LEASE_TIME,
          OptionCode.RAPID_COMMIT,
          OptionCode.SUBNET_MASK,
          OptionCode.RELAY_AGENT,
          OptionCode.CLIENT_ID,
          OptionCode.CLASSLESS_ROUTES,
          OptionCode.ROUTERS,
          OptionCode.ROOT_PATH,
          OptionCode.HOST_NAME,
          OptionCode.BOOT_FILE_NAME,
          OptionCode.VENDOR_CLASS,
          OptionCode.VENDOR_OPTIONS,
          OptionCode.IPXE,
          OptionCode.TFTP_SERVER_NAME,
          OptionCode.DNS_SERVERS,
          OptionCode.DOMAIN_NAME,
          OptionCode.NTP_SERVERS,
          OptionCode.BROADCAST_ADDRESS,
          OptionCode.RENEWAL_TIME,
          OptionCode.REBINDING_TIME);

  private DhcpCodec() {}

  /**
   * Reads a whole datagram, from its reader index to its writer index. Moves neither, keeps nothing
   * of it, and throws for no content.
   */
  static Decoded decode(ByteBuf in) {
    ByteBuf packet = in.slice();
    if (packet.readableBytes() < COOKIE_OFFSET) {
      return refused(Decoded.Why.MALFORMED);
    }
    if (packet.getUnsignedByte(0) != FROM_CLIENT) {
      return refused(
          packet.getUnsignedByte(0) == FROM_SERVER
              ? Decoded.Why.FROM_A_SERVER
              : Decoded.Why.MALFORMED);
    }
    if (packet.readableBytes() < OPTIONS_OFFSET || packet.getInt(COOKIE_OFFSET) != MAGIC_COOKIE) {
      return refused(Decoded.Why.BOOTP);
    }
    return options(packet)
        .map(options -> request(packet, options))
        .orElseGet(() -> refused(Decoded.Why.MALFORMED));
  }

  private static Decoded request(ByteBuf packet, DhcpOptions options) {
    byte[] kind = options.bytes(OptionCode.MESSAGE_TYPE);
    if (!options.has(OptionCode.MESSAGE_TYPE)) {
      return refused(Decoded.Why.BOOTP);
    }
    Optional<MessageType> type = kind.length == 1 ? MessageType.of(kind[0]) : Optional.empty();
    if (type.isEmpty() || !lengthsAreRight(options) || isNoMachine(packet.getInt(24))) {
      return refused(Decoded.Why.MALFORMED);
    }
    if (!type.get().isFromClient()) {
      return refused(Decoded.Why.FROM_A_SERVER);
    }
    MacAddress mac = MacAddress.of(ByteBufUtil.getBytes(packet, 28, MacAddress.LENGTH));
    if (!isEthernet(packet) || !isOneMachine(mac)) {
      return refused(Decoded.Why.NOT_ETHERNET);
    }
    return new DhcpRequest(
        type.get(),
        mac,
        packet.getInt(4),
        packet.getUnsignedShort(10),
        new Ipv4(packet.getInt(12)),
        new Ipv4(packet.getInt(24)),
        options);
  }

  private static Decoded refused(Decoded.Why why) {
    return new Decoded.Refused(why);
  }

  private static boolean isEthernet(ByteBuf packet) {
    return packet.getUnsignedByte(1) == ETHERNET && packet.getUnsignedByte(2) == MacAddress.LENGTH;
  }

  /** Not all zero, and not a group address (the lowest bit of the first octet). */
  private static boolean isOneMachine(MacAddress mac) {
    return mac.bits() != 0 && (mac.bits() >>> 40 & 1) == 0;
  }

  /** A relay's address to which no reply may go: multicast, reserved, broadcast. */
  private static boolean isNoMachine(int address) {
    return address >>> 29 == 0b111;
  }

  private static boolean lengthsAreRight(DhcpOptions options) {
    return hasLengthIfPresent(options, OptionCode.REQUESTED_ADDRESS, 4)
        && hasLengthIfPresent(options, OptionCode.SERVER_ID, 4)
        && hasLengthIfPresent(options, OptionCode.MAX_MESSAGE_SIZE, 2)
        && hasLengthIfPresent(options, OptionCode.RAPID_COMMIT, 0)
        && options.bytes(OptionCode.CLIENT_ARCHITECTURE).length % 2 == 0;
  }

  private static boolean hasLengthIfPresent(DhcpOptions options, int code, int length) {
    return !options.has(code) || options.bytes(code).length == length;
  }

  /** All options of the packet, or empty if a length runs over the end of its area. */
  private static Optional<DhcpOptions> options(ByteBuf packet) {
    DhcpOptions.Builder all = new DhcpOptions.Builder();
    int length = packet.readableBytes() - OPTIONS_OFFSET;
    if (!readArea(packet.slice(OPTIONS_OFFSET, length), all)) {
      return Optional.empty();
    }
    DhcpOptions first = all.build();
    byte[] overload = first.bytes(OptionCode.OVERLOAD);
    if (first.has(OptionCode.OVERLOAD) && !saysWhichFields(overload)) {
      return Optional.empty();
    }
    int areas = overload.length == 0 ? 0 : overload[0];
    boolean readable =
        ((areas & OVERLOAD_FILE) == 0 || readArea(packet.slice(FILE_OFFSET, FILE_LENGTH), all))
            && ((areas & OVERLOAD_SNAME) == 0
                || readArea(packet.slice(SNAME_OFFSET, SNAME_LENGTH), all));
    return readable ? Optional.of(all.build()) : Optional.empty();
  }

  /** RFC 2132 section 9.3: 1, 2 or 3. */
  private static boolean saysWhichFields(byte[] overload) {
    return overload.length == 1
        && overload[0] >= OVERLOAD_FILE
        && overload[0] <= (OVERLOAD_FILE | OVERLOAD_SNAME);
  }

  /** Reads up to END, or to the end of the area: some clients leave END out. */
  private static boolean readArea(ByteBuf area, DhcpOptions.Builder into) {
    while (area.isReadable()) {
      int code = area.readUnsignedByte();
      if (code == OptionCode.END) {
        return true;
      }
      if (code == OptionCode.PAD) {
        continue;
      }
      if (!area.isReadable()
          || area.readableBytes() < 1 + area.getUnsignedByte(area.readerIndex())) {
        return false;
      }
      byte[] part = new byte[area.readUnsignedByte()];
      area.readBytes(part);
      into.join(code, part);
    }
    return true;
  }

  /** Writes the reply as one UDP payload of 300 to {@code reply.maxPayload()} bytes. */
  static void encode(DhcpReply reply, ByteBuf out) {
    int start = out.writerIndex();
    Layout layout = layout(reply);
    writeHeader(reply, layout, out);
    writeOptions(reply, layout.main(), out);
    if (layout.overload() != 0) {
      writeOption(OptionCode.OVERLOAD, new byte[] {(byte) layout.overload()}, out);
    }
    if (layout.main().get(OptionCode.RELAY_AGENT)) {
      writeOption(OptionCode.RELAY_AGENT, reply.options().bytes(OptionCode.RELAY_AGENT), out);
    }
    out.writeByte(OptionCode.END);
    out.writeZero(Math.max(0, MIN_REPLY - (out.writerIndex() - start)));
  }

  /** Which options go where; what is in none of the sets is left out. */
  private record Layout(BitSet main, BitSet file, BitSet sname) {
    /** The value of option 52, or 0 if it is not needed. */
    int overload() {
      return (file.isEmpty() ? 0 : OVERLOAD_FILE) | (sname.isEmpty() ? 0 : OVERLOAD_SNAME);
    }
  }

  /**
   * All in the options field if they fit. If not, the least important ones go to {@code file} where
   * no boot file stands, and to {@code sname}; the Linux kernel's client does not look there.
   */
  private static Layout layout(DhcpReply reply) {
    DhcpOptions options = reply.options();
    int room = reply.maxPayload() - OPTIONS_OFFSET - END_LENGTH;
    BitSet all = new BitSet();
    int length = 0;
    for (int place = 0; place < options.count(); place++) {
      all.set(options.code(place));
      length += encodedLength(reply, options.code(place));
    }
    if (length <= room) {
      return new Layout(all, new BitSet(), new BitSet());
    }
    Set<Integer> left = new LinkedHashSet<>(IMPORTANCE);
    left.retainAll(options.codes());
    left.addAll(options.codes());
    BitSet main = take(left, room - OVERLOAD_LENGTH, reply);
    left.remove(OptionCode.RELAY_AGENT);
    BitSet file =
        reply.bootFile().isEmpty() ? take(left, FILE_LENGTH - END_LENGTH, reply) : new BitSet();
    return new Layout(main, file, take(left, SNAME_LENGTH - END_LENGTH, reply));
  }

  /** Takes out of {@code left}, in its order, each that still fits. */
  private static BitSet take(Set<Integer> left, int room, DhcpReply reply) {
    BitSet taken = new BitSet();
    int free = room;
    for (int code : List.copyOf(left)) {
      int length = encodedLength(reply, code);
      if (length <= free) {
        free -= length;
        taken.set(code);
        left.remove(code);
      }
    }
    return taken;
  }

  private static int encodedLength(DhcpReply reply, int code) {
    int length = reply.options().bytes(code).length;
    int parts = Math.max(1, (length + MAX_OPTION_PART - 1) / MAX_OPTION_PART);
    return length + 2 * parts;
  }

  private static void writeHeader(DhcpReply reply, Layout layout, ByteBuf out) {
    out.writeByte(FROM_SERVER).writeByte(ETHERNET).writeByte(MacAddress.LENGTH).writeByte(0);
    out.writeInt(reply.xid()).writeShort(0).writeShort(reply.flags());
    out.writeInt(reply.current().bits()).writeInt(reply.yours().bits());
    out.writeInt(reply.nextServer().bits()).writeInt(reply.relay().bits());
    out.writeBytes(reply.mac().octets()).writeZero(CHADDR_LENGTH - MacAddress.LENGTH);
    writeField(reply.serverName(), SNAME_LENGTH, reply, layout.sname(), out);
    writeField(reply.bootFile(), FILE_LENGTH, reply, layout.file(), out);
    out.writeInt(MAGIC_COOKIE);
  }

  /**
   * The options if there are any, else the text; it and a NUL fit, as its settings have checked.
   */
  private static void writeField(
      String text, int length, DhcpReply reply, BitSet options, ByteBuf out) {
    int end = out.writerIndex() + length;
    if (options.isEmpty()) {
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    } else {
      writeOptions(reply, options, out);
      out.writeByte(OptionCode.END);
    }
    out.writeZero(end - out.writerIndex());
  }

  /** In the order of the reply; option 82 has its own place. */
  private static void writeOptions(DhcpReply reply, BitSet chosen, ByteBuf out) {
    for (int place = 0; place < reply.options().count(); place++) {
      int code = reply.options().code(place);
      if (code != OptionCode.RELAY_AGENT && chosen.get(code)) {
        writeOption(code, reply.options().bytes(code), out);
      }
    }
  }

  /** In parts of at most 255 bytes, RFC 3396. */
  private static void writeOption(int code, byte[] value, ByteBuf out) {
    int from = 0;
    do {
      int part = Math.min(MAX_OPTION_PART, value.length - from);
      out.writeByte(code).writeByte(part).writeBytes(value, from, part);
      from += part;
    } while (from < value.length);
  }
}
