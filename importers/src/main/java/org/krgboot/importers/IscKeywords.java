package org.krgboot.importers;

import java.util.Locale;
import java.util.Set;

/** The words of dhcpd.conf(5). */
final class IscKeywords {
  /** Which begin a statement, and never stand first in a line that goes on with one. */
  private static final Set<String> BEGIN =
      Set.of(
          "allow",
          "authoritative",
          "class",
          "ddns-update-style",
          "default-lease-time",
          "deny",
          "else",
          "elsif",
          "filename",
          "fixed-address",
          "group",
          "hardware",
          "host",
          "if",
          "ignore",
          "include",
          "log-facility",
          "match",
          "max-lease-time",
          "min-lease-time",
          "next-server",
          "option",
          "pool",
          "range",
          "server-name",
          "shared-network",
          "subclass",
          "subnet",
          "use-host-decl-names");

  private IscKeywords() {}

  static boolean beginsLine(String word) {
    return BEGIN.contains(word.toLowerCase(Locale.ROOT));
  }
}
