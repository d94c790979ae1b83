package org.krgboot.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/**
 * Options by code, each once, in order. Immutable: the arrays given to it are its own. Several are
 * made for each packet, so they are arrays by code and no maps.
 */
final class DhcpOptions {
  /** A code is one byte. */
  private static final int CODES = 256;

  private static final byte[] NONE = {};

  private final byte[] @Nullable [] values;
  private final byte[] order;
  private final int count;

  private DhcpOptions(byte[] @Nullable [] values, byte[] order, int count) {
    this.values = values;
    this.order = order;
    this.count = count;
  }

  int count() {
    return count;
  }

  /** The code at that place. */
  int code(int place) {
    return Byte.toUnsignedInt(order[place]);
  }

  Set<Integer> codes() {
    Set<Integer> codes = LinkedHashSet.newLinkedHashSet(count);
    for (int place = 0; place < count; place++) {
      codes.add(code(place));
    }
    return codes;
  }

  boolean has(int code) {
    return values[code] != null;
  }

  /** The bytes, not to be changed; empty if the option is absent or has no bytes. */
  byte[] bytes(int code) {
    byte[] value = values[code];
    return value == null ? NONE : value;
  }

  /** An option of exactly four bytes. */
  Optional<Ipv4> address(int code) {
    byte[] value = bytes(code);
    return value.length == 4 ? Optional.of(Ipv4.of(value)) : Optional.empty();
  }

  /** An option of exactly two bytes, unsigned. */
  OptionalInt number16(int code) {
    byte[] value = bytes(code);
    return value.length == 2
        ? OptionalInt.of(Short.toUnsignedInt(ByteBuffer.wrap(value).getShort()))
        : OptionalInt.empty();
  }

  /**
   * The options that are within this one, RFC 2132 section 8.4; none of them if it is absent or a
   * length runs over its end.
   */
  DhcpOptions within(int code) {
    Builder inner = new Builder();
    ByteBuffer area = ByteBuffer.wrap(bytes(code));
    while (area.hasRemaining()) {
      int subCode = Byte.toUnsignedInt(area.get());
      if (subCode == OptionCode.END) {
        break;
      }
      if (subCode == OptionCode.PAD) {
        continue;
      }
      if (!area.hasRemaining()
          || area.remaining() <= Byte.toUnsignedInt(area.get(area.position()))) {
        return new Builder().build();
      }
      byte[] value = new byte[Byte.toUnsignedInt(area.get())];
      area.get(value);
      inner.join(subCode, value);
    }
    return inner.build();
  }

  /** Text as a stranger sent it, made fit for a log: printable ASCII, at most 64 characters. */
  String text(int code) {
    byte[] value = bytes(code);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length && i < 64; i++) {
      text.append(value[i] >= ' ' && value[i] <= '~' ? (char) value[i] : '?');
    }
    return text.toString();
  }

  /** Collects options; a code that comes again is joined to what is there, RFC 3396. */
  static final class Builder {
    private final byte[] @Nullable [] values = new byte[CODES][];
    private final byte[] order = new byte[CODES];
    private int count;

    Builder join(int code, byte[] part) {
      byte[] before = values[code];
      return bytes(
          code,
          before == null
              ? part
              : ByteBuffer.allocate(before.length + part.length).put(before).put(part).array());
    }

    /** One that is there already keeps its place. */
    Builder bytes(int code, byte[] value) {
      if (values[code] == null) {
        order[count++] = (byte) code;
      }
      values[code] = value;
      return this;
    }

    Builder number8(int code, int value) {
      return bytes(code, new byte[] {(byte) value});
    }

    Builder number16(int code, int value) {
      return bytes(code, ByteBuffer.allocate(2).putShort((short) value).array());
    }

    /** Seconds as an unsigned 32-bit number; more than fits is told as "for ever", 0xffffffff. */
    Builder seconds(int code, long value) {
      int capped = (int) Math.min(value, 0xffff_ffffL);
      return bytes(code, ByteBuffer.allocate(4).putInt(capped).array());
    }

    Builder address(int code, Ipv4 value) {
      return bytes(code, value.octets());
    }

    /** Leaves the option out if there are none: an empty list of addresses is not valid. */
    Builder addresses(int code, List<Ipv4> list) {
      if (!list.isEmpty()) {
        ByteBuffer all = ByteBuffer.allocate(4 * list.size());
        list.forEach(address -> all.putInt(address.bits()));
        bytes(code, all.array());
      }
      return this;
    }

    /** Options within this one, each of at most 255 bytes; left out if there are none. */
    Builder encapsulated(int code, DhcpOptions inner) {
      if (inner.count() > 0) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int place = 0; place < inner.count(); place++) {
          int subCode = inner.code(place);
          byte[] value = inner.bytes(subCode);
          all.write(subCode);
          all.write(value.length);
          all.writeBytes(value);
        }
        bytes(code, all.toByteArray());
      }
      return this;
    }

    Builder text(int code, String value) {
      return bytes(code, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing is added to the builder afterwards. */
    DhcpOptions build() {
      return new DhcpOptions(values, order, count);
    }
  }
}
