package org.krgboot.importers;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Options of a space of their own, which go out within an option of DHCP: code, length, value. */
final class InnerOptions {
  private static final int LONGEST = 255;

  private final ScopeDraft global;
  private final Map<ScopeDraft, Map<String, TreeMap<Integer, byte[]>>> said = new HashMap<>();

  /**
   * None yet.
   *
   * @param global whose inner options are those of all scopes
   */
  InnerOptions(ScopeDraft global) {
    this.global = global;
  }

  void say(String space, int code, byte[] octets, ScopeDraft scope) {
    said.computeIfAbsent(scope, any -> new HashMap<>())
        .computeIfAbsent(space, any -> new TreeMap<>())
        .put(code, octets);
  }

  /** Puts what the scope itself says of the space, and what is said to all, into that option. */
  void carry(String space, int carrier, ScopeDraft scope) {
    TreeMap<Integer, byte[]> all = new TreeMap<>(of(space, global));
    all.putAll(of(space, scope));
    byte[] octets = encoded(all);
    if (octets.length > 0) {
      scope.say(ExtraOption.of(carrier, space, octets));
    }
  }

  /** Each scope's options of that space, in that option. */
  void carryAll(String space, int carrier) {
    said.forEach((scope, spaces) -> {
      if (spaces.containsKey(space)) {
        carry(space, carrier, scope);
      }
    });
  }

  static byte[] encoded(Map<Integer, byte[]> options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    options.forEach((code, octets) -> {
      if (code <= LONGEST && octets.length <= LONGEST) {
        out.write(code);
        out.write(octets.length);
        out.writeBytes(octets);
      }
    });
    return out.toByteArray();
  }

  private Map<Integer, byte[]> of(String space, ScopeDraft scope) {
    return said.getOrDefault(scope, Map.of()).getOrDefault(space, new TreeMap<>());
  }
}
