package org.krgboot.importers;

import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * By what the nodes of a class are recognised. Of each kind that is named a node must have one; a
 * kind that is not named does not matter.
 *
 * @param macs the first octets of the MAC address, such as {@code 52:54:00}
 * @param vendorClasses the beginning of option 60
 * @param userClasses option 77
 * @param architectures option 93, in decimal
 * @param circuitIds option 82 sub-option 1, in hexadecimal
 * @param remoteIds option 82 sub-option 2, in hexadecimal
 */
public record Marks(
    List<String> macs,
    List<String> vendorClasses,
    List<String> userClasses,
    List<String> architectures,
    List<String> circuitIds,
    List<String> remoteIds) {
  static final Marks NONE =
      new Marks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /** The kinds of marks. */
  enum Kind {
    MAC,
    VENDOR_CLASS,
    USER_CLASS,
    ARCHITECTURE,
    CIRCUIT_ID,
    REMOTE_ID
  }

  public Marks {
    macs = List.copyOf(macs);
    vendorClasses = List.copyOf(vendorClasses);
    userClasses = List.copyOf(userClasses);
    architectures = List.copyOf(architectures);
    circuitIds = List.copyOf(circuitIds);
    remoteIds = List.copyOf(remoteIds);
  }

  static Marks of(Kind kind, List<String> values) {
    return NONE.with(kind, values);
  }

  static Marks of(Kind kind, String value) {
    return of(kind, List.of(value));
  }

  private Marks with(Kind kind, List<String> values) {
    return new Marks(
        kind == Kind.MAC ? values : macs,
        kind == Kind.VENDOR_CLASS ? values : vendorClasses,
        kind == Kind.USER_CLASS ? values : userClasses,
        kind == Kind.ARCHITECTURE ? values : architectures,
        kind == Kind.CIRCUIT_ID ? values : circuitIds,
        kind == Kind.REMOTE_ID ? values : remoteIds);
  }

  List<String> get(Kind kind) {
    return switch (kind) {
      case MAC -> macs;
      case VENDOR_CLASS -> vendorClasses;
      case USER_CLASS -> userClasses;
      case ARCHITECTURE -> architectures;
      case CIRCUIT_ID -> circuitIds;
      case REMOTE_ID -> remoteIds;
    };
  }

  public boolean isEmpty() {
    return equals(NONE);
  }

  /** Nodes that have the marks of both; empty if there can be none. */
  Optional<Marks> and(Marks other) {
    Marks both = this;
    for (Kind kind : Kind.values()) {
      List<String> mine = get(kind);
      List<String> others = other.get(kind);
      if (mine.isEmpty() || others.isEmpty()) {
        both = both.with(kind, mine.isEmpty() ? others : mine);
      } else {
        List<String> common = common(kind, mine, others);
        if (common.isEmpty()) {
          return Optional.empty();
        }
        both = both.with(kind, common);
      }
    }
    return Optional.of(both);
  }

  private static List<String> common(Kind kind, List<String> mine, List<String> others) {
    BinaryOperator<String> longer =
        kind == Kind.MAC || kind == Kind.VENDOR_CLASS
            ? (a, b) -> a.startsWith(b) ? a : b.startsWith(a) ? b : ""
            : (a, b) -> a.equals(b) ? a : "";
    return mine.stream()
        .flatMap(a -> others.stream().map(b -> longer.apply(a, b)))
        .filter(text -> !text.isEmpty())
        .distinct()
        .toList();
  }

  /** Nodes that have the marks of either, where one class can say so. */
  Optional<Marks> or(Marks other) {
    List<Kind> different =
        Stream.of(Kind.values()).filter(kind -> !get(kind).equals(other.get(kind))).toList();
    if (different.size() > 1) {
      return Optional.empty();
    }
    if (different.isEmpty()) {
      return Optional.of(this);
    }
    Kind kind = different.getFirst();
    return get(kind).isEmpty() || other.get(kind).isEmpty()
        ? Optional.of(with(kind, List.of()))
        : Optional.of(
            with(
                kind,
                Stream.concat(get(kind).stream(), other.get(kind).stream()).distinct().toList()));
  }
}
