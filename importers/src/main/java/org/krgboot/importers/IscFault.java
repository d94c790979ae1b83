package org.krgboot.importers;

/** A statement cannot be read; the parser goes on behind it. */
final class IscFault extends Exception {
  private static final long serialVersionUID = 1;
  private final transient Place place;

  /** Without a stack trace: it is an answer, not a bug. */
  IscFault(Place place, String text) {
    super(text, null, false, false);
    this.place = place;
  }

  Place place() {
    return place;
  }
}
