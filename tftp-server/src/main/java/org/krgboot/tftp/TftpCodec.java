package org.krgboot.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.krgboot.tftp.TftpPacket.ErrorCode;
import org.krgboot.tftp.TftpPacket.Malformed;
import org.krgboot.tftp.TftpPacket.Mode;
import org.krgboot.tftp.TftpPacket.Option;

/** Between the bytes of a datagram and its meaning. Any bytes give a packet, never an exception. */
final class TftpCodec {
  /** Octets of opcode and block number before the bytes of a DATA packet. */
  static final int DATA_HEADER = 4;

  /**
   * RFC 2347 allows a request of 512 octets. Longer ones are read too, since long names in deep
   * directories exist, but nothing needs more than one Ethernet frame.
   */
  static final int LONGEST_REQUEST = 1468;

  /** Opcodes, RFC 1350 section 5; OACK is RFC 2347. */
  private static final int RRQ = 1;

  private static final int WRQ = 2;
  private static final int DATA = 3;
  private static final int ACK = 4;
  private static final int ERROR = 5;
  private static final int OACK = 6;

  /** More of them cannot be sensible; the RFCs define fewer than ten options. */
  private static final int MOST_OPTIONS = 32;

  private TftpCodec() {}

  /** Reads one datagram. {@code Data.bytes} is a view of {@code datagram}, not retained. */
  static TftpPacket decode(ByteBuf datagram) {
    if (datagram.readableBytes() < 4) {
      return new Malformed(ErrorCode.ILLEGAL_OPERATION, "a packet of less than 4 octets");
    }
    int opcode = datagram.readUnsignedShort();
    return switch (opcode) {
      case RRQ, WRQ -> request(opcode, datagram);
      case DATA -> new TftpPacket.Data(datagram.readUnsignedShort(), datagram.slice());
      case ACK -> new TftpPacket.Ack(datagram.readUnsignedShort());
      case ERROR -> failure(datagram);
      case OACK -> optionAck(datagram);
      default -> new Malformed(ErrorCode.ILLEGAL_OPERATION, "operation " + opcode + " is unknown");
    };
  }

  private static TftpPacket request(int opcode, ByteBuf in) {
    if (in.readableBytes() > LONGEST_REQUEST) {
      return new Malformed(ErrorCode.ILLEGAL_OPERATION, "the request is too long");
    }
    try {
      String file = text(in, ErrorCode.ILLEGAL_OPERATION, "the file name has no end");
      String mode = text(in, ErrorCode.ILLEGAL_OPERATION, "the mode is missing or has no end");
      if (file.isEmpty()) {
        return new Malformed(ErrorCode.ILLEGAL_OPERATION, "the file name is empty");
      }
      if (opcode == WRQ) {
        return new TftpPacket.WriteRequest(file);
      }
      return new TftpPacket.ReadRequest(file, mode(mode), options(in));
    } catch (BadPacketException bad) {
      return bad.malformed;
    }
  }

  private static Mode mode(String text) throws BadPacketException {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "octet" -> Mode.OCTET;
      case "netascii" -> Mode.NETASCII;
      case "mail" -> throw new BadPacketException(ErrorCode.ILLEGAL_OPERATION, "no mail mode here");
      default -> throw new BadPacketException(ErrorCode.ILLEGAL_OPERATION, "unknown mode");
    };
  }

  private static List<Option> options(ByteBuf in) throws BadPacketException {
    List<Option> options = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (in.isReadable() && !onlyPadding(in)) {
      String name = text(in, ErrorCode.OPTION_REFUSED, "an option has no end");
      String value = text(in, ErrorCode.OPTION_REFUSED, "an option has no value");
      if (name.isEmpty() || !seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new BadPacketException(ErrorCode.OPTION_REFUSED, "an option is empty or twice there");
      }
      if (seen.size() > MOST_OPTIONS) {
        throw new BadPacketException(ErrorCode.OPTION_REFUSED, "too many options");
      }
      options.add(new Option(name.toLowerCase(Locale.ROOT), value));
    }
    return options;
  }

  /** Some boot ROMs fill their request up with zeros. Inferred from the field, not met by us. */
  private static boolean onlyPadding(ByteBuf in) {
    return in.forEachByte(octet -> octet == 0) < 0;
  }

  private static TftpPacket failure(ByteBuf in) {
    int code = in.readUnsignedShort();
    int end = in.bytesBefore((byte) 0);
    // The final NUL is missing from some clients' errors; the text is only for people.
    String message =
        in.toString(in.readerIndex(), end < 0 ? in.readableBytes() : end, StandardCharsets.UTF_8);
    return new TftpPacket.Failure(code, message);
  }

  private static TftpPacket optionAck(ByteBuf in) {
    try {
      return new TftpPacket.OptionAck(options(in));
    } catch (BadPacketException bad) {
      return bad.malformed;
    }
  }

  private static String text(ByteBuf in, ErrorCode code, String why) throws BadPacketException {
    int length = in.bytesBefore((byte) 0);
    if (length < 0) {
      throw new BadPacketException(code, why);
    }
    String text = in.toString(in.readerIndex(), length, StandardCharsets.UTF_8);
    in.skipBytes(length + 1);
    return text;
  }

  static ByteBuf encode(TftpPacket.OptionAck packet, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(64).writeShort(OACK);
    for (Option option : packet.options()) {
      zeroEnded(out, option.name());
      zeroEnded(out, option.value());
    }
    return out;
  }

  static ByteBuf encode(ErrorCode code, String message, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(64).writeShort(ERROR).writeShort(code.number);
    zeroEnded(out, message.length() <= 400 ? message : message.substring(0, 400));
    return out;
  }

  /** Puts opcode and number of a DATA block as it is on the wire. */
  static void encodeDataHeader(int block, ByteBuffer out, int at) {
    out.putShort(at, (short) DATA).putShort(at + 2, (short) block);
  }

  private static void zeroEnded(ByteBuf out, String text) {
    out.writeCharSequence(text.replace('\0', '?'), StandardCharsets.UTF_8);
    out.writeByte(0);
  }

  /** Leaves the parser; never leaves this class. */
  private static final class BadPacketException extends Exception {
    private final transient Malformed malformed;

    BadPacketException(ErrorCode code, String why) {
      super(why, null, false, false);
      this.malformed = new Malformed(code, why);
    }
  }
}
