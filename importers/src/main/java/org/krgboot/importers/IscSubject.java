package org.krgboot.importers;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What a condition compares: a mark of the request, or a part of one.
 *
 * @param kind which mark
 * @param from where the part begins
 * @param form how the compared value is written
 */
record IscSubject(Marks.Kind kind, int from, Form form) {
  static final int VENDOR_CLASS = 60;
  static final int USER_CLASS = 77;
  static final int ARCHITECTURE = 93;

  /** What PXE firmware sends as option 60 before its architecture, PXE 2.1 section 2.2.1. */
  private static final String PXE_PREFIX = "PXEClient:Arch:";

  /** How the value is written. */
  enum Form {
    /** As it is on the wire. */
    BYTES,
    /** As a number, {@code extract-int(option arch, 16) = 7}. */
    NUMBER,
    /** As {@code binary-to-ascii(16, 8, ":", ...)} writes it, without leading zeros. */
    HEXADECIMAL_TEXT
  }

  /** Finds it; empty if the expression is something else. */
  static Optional<IscSubject> of(IscExpression expression, IscOptions options) {
    return switch (expression) {
      case IscExpression.OptionOf option when option.from() == IscExpression.From.REQUEST ->
          kind(option.name(), options).map(kind -> new IscSubject(kind, 0, Form.BYTES));
      case IscExpression.Named named when named.name().equals("hardware") ->
          Optional.of(new IscSubject(Marks.Kind.MAC, 0, Form.BYTES));
      case IscExpression.Call call -> ofCall(call, options);
      default -> Optional.empty();
    };
  }

  private static Optional<Marks.Kind> kind(String name, IscOptions options) {
    return options
        .find(name)
        .flatMap(option -> {
          if (option.space().equals(IscOptions.AGENT)) {
            return switch (option.code()) {
              case 1 -> Optional.of(Marks.Kind.CIRCUIT_ID);
              case 2 -> Optional.of(Marks.Kind.REMOTE_ID);
              default -> Optional.empty();
            };
          }
          return option.space().equals(IscOptions.DHCP) ? byCode(option.code()) : Optional.empty();
        });
  }

  private static Optional<Marks.Kind> byCode(int code) {
    return switch (code) {
      case VENDOR_CLASS -> Optional.of(Marks.Kind.VENDOR_CLASS);
      case USER_CLASS -> Optional.of(Marks.Kind.USER_CLASS);
      case ARCHITECTURE -> Optional.of(Marks.Kind.ARCHITECTURE);
      default -> Optional.empty();
    };
  }

  private static Optional<IscSubject> ofCall(IscExpression.Call call, IscOptions options) {
    int count = call.arguments().size();
    return switch (call.function()) {
      case "substring" ->
          count == 3 && call.arguments().get(1) instanceof IscExpression.Numeral offset
              ? of(call.arguments().getFirst(), options)
                  .map(inner ->
                      new IscSubject(
                          inner.kind, inner.from + Math.clamp(offset.value(), 0, 512), inner.form))
              : Optional.empty();
      case "lcase", "ucase" ->
          count == 1 ? of(call.arguments().getFirst(), options) : Optional.empty();
      case "extract-int" ->
          count == 2
              ? of(call.arguments().getFirst(), options)
                  .map(inner -> new IscSubject(inner.kind, inner.from, Form.NUMBER))
              : Optional.empty();
      case "binary-to-ascii" ->
          count == 4 && isNumber(call.arguments().getFirst(), 16)
              ? of(call.arguments().get(3), options)
                  .map(inner -> new IscSubject(inner.kind, inner.from, Form.HEXADECIMAL_TEXT))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean isNumber(IscExpression expression, long value) {
    return expression instanceof IscExpression.Numeral number && number.value() == value;
  }

  /** The marks of nodes whose subject is that value; empty if no class can say it. */
  Optional<Marks> equalTo(IscExpression value) {
    Optional<String> bytes = bytes(value);
    return bytes
        .filter(text -> !text.isEmpty())
        .flatMap(text ->
            switch (kind) {
              case MAC -> mac(text);
              case VENDOR_CLASS -> vendorClass(text);
              case USER_CLASS -> userClass(text);
              case ARCHITECTURE -> architecture(text);
              case CIRCUIT_ID, REMOTE_ID ->
                  from == 0
                      ? Optional.of(Marks.of(kind, HexFormat.of().formatHex(latin(text))))
                      : Optional.empty();
            });
  }

  private Optional<String> bytes(IscExpression value) {
    return switch (value) {
      case IscExpression.Numeral number when kind == Marks.Kind.ARCHITECTURE ->
          Optional.of("" + (char) (number.value() >> 8 & 0xff) + (char) (number.value() & 0xff));
      case IscExpression.Bytes bytes when form == Form.HEXADECIMAL_TEXT ->
          IscExpressionParser.isHex(bytes.bytes())
              ? Optional.of(IscExpressionParser.hex(bytes.bytes()))
              : Optional.empty();
      case IscExpression.Bytes bytes -> Optional.of(bytes.bytes());
      default -> Optional.empty();
    };
  }

  /** {@code hardware} begins with its type, 1 for Ethernet. */
  private Optional<Marks> mac(String bytes) {
    boolean withType = from == 0;
    if (from > 1 || (withType && bytes.charAt(0) != 1) || bytes.length() > (withType ? 7 : 6)) {
      return Optional.empty();
    }
    String octets = withType ? bytes.substring(1) : bytes;
    return octets.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Marks.of(Marks.Kind.MAC, HexFormat.ofDelimiter(":").formatHex(latin(octets))));
  }

  private Optional<Marks> vendorClass(String text) {
    if (from == PXE_PREFIX.length()) {
      return Optional.of(Marks.of(kind, PXE_PREFIX + text));
    }
    return from == 0 ? Optional.of(Marks.of(kind, text)) : Optional.empty();
  }

  /** With or without the length octet of RFC 3004, which iPXE does not send. */
  private Optional<Marks> userClass(String text) {
    boolean counted = text.charAt(0) == text.length() - 1;
    String plain = counted ? text.substring(1) : text;
    return from <= 1 && !plain.isEmpty() ? Optional.of(Marks.of(kind, plain)) : Optional.empty();
  }

  private Optional<Marks> architecture(String bytes) {
    if (from > 1 || bytes.length() > 2) {
      return Optional.empty();
    }
    int code = bytes.length() == 1 ? bytes.charAt(0) : bytes.charAt(0) << 8 | bytes.charAt(1);
    return Optional.of(Marks.of(kind, Integer.toString(code)));
  }

  private static byte[] latin(String bytes) {
    return bytes.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return kind.toString().toLowerCase(Locale.ROOT);
  }
}
