package org.krgboot.tftp;

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

  /** Reads one datagram in network order. {@code Data.bytes} is a view of {@code datagram}. */
  static TftpPacket decode(ByteBuffer datagram) {
    if (datagram.remaining() < 4) {
      return new Malformed(ErrorCode.ILLEGAL_OPERATION, "a packet of less than 4 octets");
    }
    int opcode = number(datagram);
    return switch (opcode) {
      case RRQ, WRQ -> request(opcode, datagram);
      case DATA -> new TftpPacket.Data(number(datagram), datagram.slice());
      case ACK -> new TftpPacket.Ack(number(datagram));
      case ERROR -> failure(datagram);
      case OACK -> optionAck(datagram);
      default -> new Malformed(ErrorCode.ILLEGAL_OPERATION, "operation " + opcode + " is unknown");
    };
  }

  private static int number(ByteBuffer in) {
    return Short.toUnsignedInt(in.getShort());
  }

  private static TftpPacket request(int opcode, ByteBuffer in) {
    if (in.remaining() > LONGEST_REQUEST) {
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

  private static List<Option> options(ByteBuffer in) throws BadPacketException {
    List<Option> options = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (in.hasRemaining() && !onlyPadding(in)) {
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
  private static boolean onlyPadding(ByteBuffer in) {
    for (int at = in.position(); at < in.limit(); at++) {
      if (in.get(at) != 0) {
        return false;
      }
    }
    return true;
  }

  private static TftpPacket failure(ByteBuffer in) {
    int code = number(in);
    int length = beforeZero(in);
    // The final NUL is missing from some clients' errors; the text is only for people.
    return new TftpPacket.Failure(code, text(in, length < 0 ? in.remaining() : length));
  }

  private static TftpPacket optionAck(ByteBuffer in) {
    try {
      return new TftpPacket.OptionAck(options(in));
    } catch (BadPacketException bad) {
      return bad.malformed;
    }
  }

  private static String text(ByteBuffer in, ErrorCode code, String why) throws BadPacketException {
    int length = beforeZero(in);
    if (length < 0) {
      throw new BadPacketException(code, why);
    }
    String text = text(in, length);
    in.get();
    return text;
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** How many octets there are before the next NUL; -1 if there is none. */
  private static int beforeZero(ByteBuffer in) {
    for (int at = in.position(); at < in.limit(); at++) {
      if (in.get(at) == 0) {
        return at - in.position();
      }
    }
    return -1;
  }

  /** Puts it at the position of {@code out}, which has room for it: 2,000 octets do. */
  static void encode(TftpPacket.OptionAck packet, ByteBuffer out) {
    out.putShort((short) OACK);
    for (Option option : packet.options()) {
      zeroEnded(out, option.name());
      zeroEnded(out, option.value());
    }
  }

  /** As the other; a longer message is cut. */
  static void encode(ErrorCode code, String message, ByteBuffer out) {
    out.putShort((short) ERROR).putShort((short) code.number);
    zeroEnded(out, message.length() <= 400 ? message : message.substring(0, 400));
  }

  /** Puts opcode and number of a DATA block as it is on the wire. */
  static void encodeDataHeader(int block, ByteBuffer out, int at) {
    out.putShort(at, (short) DATA).putShort(at + 2, (short) block);
  }

  private static void zeroEnded(ByteBuffer out, String text) {
    out.put(text.replace('\0', '?').getBytes(StandardCharsets.UTF_8)).put((byte) 0);
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
