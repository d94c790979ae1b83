package org.krgboot.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Domain names as in option 119, RFC 3397: those of DNS, RFC 1035 section 4.1.4. */
final class DomainList {
  /** A pointer to where the rest of the name stands already. */
  private static final int POINTER = 0xc000;

  private static final int MAX_NAME = 253;

  private DomainList() {}

  /** The names one after the other; an end that stood before is not written again. */
  static byte[] encode(List<String> names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Map<String, Integer> known = new HashMap<>();
    names.forEach(name -> write(withoutRoot(name), known, out));
    return out.toByteArray();
  }

  private static String withoutRoot(String name) {
    String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (!plain.matches(
            "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*")
        || plain.length() > MAX_NAME) {
      throw notADomain(name);
    }
    return plain;
  }

  private static void write(String name, Map<String, Integer> known, ByteArrayOutputStream out) {
    String rest = name;
    while (!rest.isEmpty()) {
      String key = rest.toLowerCase(Locale.ROOT);
      Integer before = known.get(key);
      if (before != null) {
        out.write((POINTER | before) >>> 8);
        out.write(before);
        return;
      }
      if (out.size() < POINTER) {
        known.put(key, out.size());
      }
      int dot = rest.indexOf('.');
      byte[] label = (dot < 0 ? rest : rest.substring(0, dot)).getBytes(StandardCharsets.US_ASCII);
      if (label.length > 63) {
        throw notADomain(name);
      }
      out.write(label.length);
      out.writeBytes(label);
      rest = dot < 0 ? "" : rest.substring(dot + 1);
    }
    out.write(0);
  }

  private static IllegalArgumentException notADomain(String name) {
    return new IllegalArgumentException(
        "'" + name + "' is not a domain name; write it as cluster.example");
  }
}
