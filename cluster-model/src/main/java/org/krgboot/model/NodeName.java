package org.krgboot.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host name without domain: one label as in RFC 1123 section 2.1, kept in lower case.
 *
 * @param text 1 to 63 letters, digits and inner hyphens
 */
public record NodeName(String text) implements Comparable<NodeName> {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public NodeName {
    text = text.toLowerCase(Locale.ROOT);
    if (!LABEL.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a host name; use letters, digits and inner hyphens, at most 63");
    }
  }

  @Override
  public int compareTo(NodeName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
