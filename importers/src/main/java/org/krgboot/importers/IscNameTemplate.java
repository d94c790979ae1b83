package org.krgboot.importers;

import java.util.Optional;

/**
 * From the expression that a host name is computed by to our {@code krgnode{octet4}}: the how-to's
 * {@code concat("krgnode", binary-to-ascii(10, 8, ".", substring(leased-address, 3, 1)))} and what
 * can be said alike.
 */
final class IscNameTemplate {
  private static final int ADDRESS_OCTETS = 4;

  private IscNameTemplate() {}

  /** Empty if the name depends on something else. */
  static Optional<String> of(IscExpression expression) {
    return switch (expression) {
      case IscExpression.Bytes text -> plain(text.bytes());
      case IscExpression.Call call when call.function().equals("concat") -> joined(call);
      case IscExpression.Call call when call.function().equals("binary-to-ascii") -> octets(call);
      case IscExpression.Call call
          when call.function().equals("lcase") && call.arguments().size() == 1 ->
          of(call.arguments().getFirst());
      case IscExpression.OptionOf option when option.name().equals("host-name") ->
          Optional.of("{host}");
      default -> Optional.empty();
    };
  }

  private static Optional<String> plain(String text) {
    return text.matches("[A-Za-z0-9-]*") ? Optional.of(text) : Optional.empty();
  }

  private static Optional<String> joined(IscExpression.Call call) {
    StringBuilder template = new StringBuilder();
    for (IscExpression argument : call.arguments()) {
      Optional<String> part = of(argument);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      template.append(part.get());
    }
    return Optional.of(template.toString());
  }

  private static Optional<String> octets(IscExpression.Call call) {
    boolean decimal =
        call.arguments().size() == 4
            && isNumber(call.arguments().get(0), 10)
            && isNumber(call.arguments().get(1), 8);
    if (!decimal || !(call.arguments().get(2) instanceof IscExpression.Bytes separator)) {
      return Optional.empty();
    }
    return firstAndCount(call.arguments().get(3))
        .flatMap(part -> {
          if (part[1] > 1 && plain(separator.bytes()).isEmpty()) {
            return Optional.empty(); // dots would make it more than one label
          }
          StringBuilder template = new StringBuilder();
          for (int i = 0; i < part[1]; i++) {
            template
                .append(i > 0 ? separator.bytes() : "")
                .append("{octet")
                .append(part[0] + i + 1);
            template.append('}');
          }
          return Optional.of(template.toString());
        });
  }

  /** Which octets of the leased address. */
  private static Optional<int[]> firstAndCount(IscExpression expression) {
    if (isLeasedAddress(expression)) {
      return Optional.of(new int[] {0, ADDRESS_OCTETS});
    }
    boolean part =
        expression instanceof IscExpression.Call call
            && call.arguments().size() >= 2
            && isLeasedAddress(call.arguments().getFirst());
    return part ? part((IscExpression.Call) expression) : Optional.empty();
  }

  private static Optional<int[]> part(IscExpression.Call call) {
    if (!(call.arguments().get(1) instanceof IscExpression.Numeral first)) {
      return Optional.empty();
    }
    if (call.function().equals("suffix") && first.value() >= 1 && first.value() <= ADDRESS_OCTETS) {
      int count = (int) first.value();
      return Optional.of(new int[] {ADDRESS_OCTETS - count, count});
    }
    if (!call.function().equals("substring")
        || call.arguments().size() != 3
        || first.value() < 0
        || first.value() >= ADDRESS_OCTETS
        || !(call.arguments().get(2) instanceof IscExpression.Numeral length)
        || length.value() < 1) {
      return Optional.empty();
    }
    int count = (int) Math.min(length.value(), ADDRESS_OCTETS - first.value());
    return Optional.of(new int[] {(int) first.value(), count});
  }

  private static boolean isLeasedAddress(IscExpression expression) {
    return expression instanceof IscExpression.Named named && named.name().equals("leased-address");
  }

  private static boolean isNumber(IscExpression expression, long value) {
    return expression instanceof IscExpression.Numeral number && number.value() == value;
  }
}
