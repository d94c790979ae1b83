package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** For which nodes a condition of a dhcpd.conf holds, in marks that a class can have. */
sealed interface IscCondition {
  /** More alternatives are no condition that people write. */
  int MOST_ALTERNATIVES = 64;

  /** For all nodes. */
  static IscCondition always() {
    return new Constant(true);
  }

  /** For none. */
  static IscCondition never() {
    return new Constant(false);
  }

  /** For all nodes, or for none. */
  record Constant(boolean holds) implements IscCondition {}

  /** For nodes that have the marks of one of these. */
  record AnyOf(List<Marks> alternatives) implements IscCondition {}

  /** For all others. */
  record NoneOf(List<Marks> alternatives) implements IscCondition {}

  /** For nodes that send that option, whatever is in it. */
  record Sends(int code) implements IscCondition {}

  /** It cannot be said in marks. */
  record Unclear(String why) implements IscCondition {}

  static IscCondition of(Marks marks) {
    return new AnyOf(List.of(marks));
  }

  default IscCondition not() {
    return switch (this) {
      case Constant it -> it.holds() ? never() : always();
      case AnyOf it -> new NoneOf(it.alternatives());
      case NoneOf it -> new AnyOf(it.alternatives());
      case Sends it -> new Unclear("no class can say that a node sends no option " + it.code());
      case Unclear it -> it;
    };
  }

  default IscCondition or(IscCondition other) {
    if (this.equals(always()) || other.equals(never())) {
      return this;
    }
    if (other.equals(always()) || this.equals(never())) {
      return other;
    }
    if (this instanceof AnyOf mine && other instanceof AnyOf others) {
      List<Marks> all = new ArrayList<>(mine.alternatives());
      others.alternatives().forEach(marks -> addMerged(all, marks));
      return bounded(all);
    }
    return this instanceof Unclear ? this : other instanceof Unclear ? other : mixed("or");
  }

  private static void addMerged(List<Marks> all, Marks marks) {
    for (int i = 0; i < all.size(); i++) {
      Optional<Marks> merged = all.get(i).or(marks);
      if (merged.isPresent()) {
        all.set(i, merged.get());
        return;
      }
    }
    all.add(marks);
  }

  default IscCondition and(IscCondition other) {
    if (this.equals(always()) || other.equals(never())) {
      return other;
    }
    if (other.equals(always()) || this.equals(never())) {
      return this;
    }
    if (this instanceof Sends sends && other instanceof AnyOf marks) {
      return marks.implies(sends.code()) ? marks : mixed("and");
    }
    if (other instanceof Sends && this instanceof AnyOf) {
      return other.and(this);
    }
    if (this instanceof AnyOf mine && other instanceof AnyOf others) {
      List<Marks> both = new ArrayList<>();
      for (Marks a : mine.alternatives()) {
        others.alternatives().forEach(b -> a.and(b).ifPresent(marks -> addMerged(both, marks)));
      }
      return both.isEmpty() ? never() : bounded(both);
    }
    return this instanceof Unclear ? this : other instanceof Unclear ? other : mixed("and");
  }

  private static IscCondition bounded(List<Marks> all) {
    return all.size() > MOST_ALTERNATIVES
        ? new Unclear("the condition has more than " + MOST_ALTERNATIVES + " alternatives")
        : new AnyOf(List.copyOf(all));
  }

  private static IscCondition mixed(String operator) {
    return new Unclear("no class can say these two conditions joined by '" + operator + "'");
  }

  /** Whether all nodes with one of these marks send that option. */
  default boolean implies(int code) {
    Optional<Marks.Kind> kind =
        switch (code) {
          case IscSubject.VENDOR_CLASS -> Optional.of(Marks.Kind.VENDOR_CLASS);
          case IscSubject.USER_CLASS -> Optional.of(Marks.Kind.USER_CLASS);
          case IscSubject.ARCHITECTURE -> Optional.of(Marks.Kind.ARCHITECTURE);
          default -> Optional.empty();
        };
    return kind.isPresent()
        && this instanceof AnyOf any
        && any.alternatives().stream().noneMatch(marks -> marks.get(kind.get()).isEmpty());
  }
}
