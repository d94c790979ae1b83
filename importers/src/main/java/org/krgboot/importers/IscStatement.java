package org.krgboot.importers;

import java.util.List;
import java.util.Optional;

/** A statement of a dhcpd.conf with its place, as dhcpd's own parser tells them apart. */
sealed interface IscStatement {
  Place place();

  /** What stands behind the name of an option or parameter. */
  sealed interface Value {}

  /** As written: addresses, texts, numbers, separated by blanks or commas. */
  record Data(List<IscToken> tokens) implements Value {}

  /** Behind an equals sign. */
  record Computed(IscExpression expression) implements Value {}

  /**
   * {@code default-lease-time 600;}, {@code filename "pxelinux.0";}, {@code ddns-hostname = x;}.
   */
  record Parameter(Place place, String name, Value value) implements IscStatement {}

  /**
   * {@code option routers 10.0.0.1;}.
   *
   * @param verb option, or a word that dhcpd takes for its client's sake: send, supersede, default,
   *     prepend, append
   */
  record OptionValue(Place place, String verb, String name, Value value) implements IscStatement {}

  /** {@code option arch code 93 = unsigned integer 16;}. */
  record OptionDefinition(Place place, String name, int code, List<IscToken> type)
      implements IscStatement {}

  /** {@code option space PXE;} with what follows. */
  record OptionSpace(Place place, String name) implements IscStatement {}

  /**
   * Anything with braces: subnet, shared-network, group, pool, host, class, subclass, on, zone,
   * key, failover.
   */
  record Block(Place place, String keyword, List<IscToken> head, List<IscStatement> body)
      implements IscStatement {}

  /** {@code if ... elsif ... else}. */
  record Conditional(Place place, List<Branch> branches) implements IscStatement {}

  /**
   * One branch.
   *
   * @param condition none for else
   */
  record Branch(Place place, Optional<IscExpression> condition, List<IscStatement> body) {}

  /** {@code switch (x) { case "a": ... break; default: ... }}. */
  record Switch(Place place, IscExpression on, List<Case> cases) implements IscStatement {}

  /**
   * One case.
   *
   * @param value none for default
   */
  record Case(Place place, Optional<IscExpression> value, List<IscStatement> body) {}

  /** How a class chooses its members. */
  enum MatchKind {
    /** {@code match if CONDITION;}. */
    IF,
    /** {@code match EXPRESSION;} with subclasses that name the values. */
    BY_VALUE,
    /** {@code spawn with EXPRESSION;}: a subclass of its own for each value. */
    SPAWN
  }

  record Match(Place place, MatchKind kind, IscExpression expression) implements IscStatement {}

  /** {@code log}, {@code set}, {@code execute}, {@code break} and the like: something to do. */
  record Action(Place place, String name, List<IscExpression> arguments) implements IscStatement {}

  /** {@code include "FILE";} with what is in it. */
  record Include(Place place, String file, List<IscStatement> statements) implements IscStatement {}
}
