package org.krgboot.tftp;

import java.nio.ByteBuffer;
import java.util.List;
import org.krgboot.model.BootEvent;

/** One TFTP datagram, by meaning. */
sealed interface TftpPacket {

  /** RRQ. Option names are in lower case, since RFC 2347 compares them without case. */
  record ReadRequest(String file, Mode mode, List<Option> options) implements TftpPacket {
    public ReadRequest {
      options = List.copyOf(options);
    }
  }

  /** WRQ. Never granted, so nothing but the name is kept. */
  record WriteRequest(String file) implements TftpPacket {}

  /**
   * DATA.
   *
   * @param block the number as it is on the wire, 0..65535
   */
  record Data(int block, ByteBuffer bytes) implements TftpPacket {}

  /**
   * ACK.
   *
   * @param block the number as it is on the wire, 0..65535
   */
  record Ack(int block) implements TftpPacket {}

  /** ERROR. The code is kept as a number: strangers send codes that no RFC knows. */
  record Failure(int code, String message) implements TftpPacket {}

  /** OACK, RFC 2347. */
  record OptionAck(List<Option> options) implements TftpPacket {
    public OptionAck {
      options = List.copyOf(options);
    }
  }

  /** Not TFTP, or not well formed; what to tell the sender. */
  record Malformed(ErrorCode code, String why) implements TftpPacket {}

  /** An option of RFC 2347 as it is on the wire. */
  record Option(String name, String value) {}

  /** How the bytes of the file become the bytes of DATA, RFC 1350 section 5. */
  enum Mode {
    OCTET,
    NETASCII
  }

  /** The error codes of RFC 1350 section 5 and RFC 2347 that we send; the ordinal says nothing. */
  enum ErrorCode {
    NOT_DEFINED(0),
    FILE_NOT_FOUND(1),
    ACCESS_VIOLATION(2),
    ILLEGAL_OPERATION(4),
    UNKNOWN_TRANSFER_ID(5),
    OPTION_REFUSED(8);

    final int number;

    ErrorCode(int number) {
      this.number = number;
    }

    /** What the journal calls it. */
    BootEvent.Refusal toldAs() {
      return switch (this) {
        case FILE_NOT_FOUND -> BootEvent.Refusal.NOT_FOUND;
        case ACCESS_VIOLATION -> BootEvent.Refusal.FORBIDDEN;
        case NOT_DEFINED -> BootEvent.Refusal.FAILED;
        case ILLEGAL_OPERATION, UNKNOWN_TRANSFER_ID, OPTION_REFUSED -> BootEvent.Refusal.OTHER;
      };
    }
  }
}
