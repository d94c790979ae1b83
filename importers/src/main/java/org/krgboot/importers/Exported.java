package org.krgboot.importers;

import java.util.ArrayList;
import java.util.List;

/**
 * A configuration in another's words.
 *
 * @param text the whole file
 * @param unsaid what of it is not in the file, and why
 */
public record Exported(String text, List<Unsaid> unsaid) {
  public Exported {
    unsaid = List.copyOf(unsaid);
  }

  /** The same text, of which more is not said. */
  public Exported without(List<Unsaid> more) {
    List<Unsaid> all = new ArrayList<>(unsaid);
    all.addAll(more);
    return new Exported(text, all);
  }

  /** True if nodes would notice nothing. */
  public boolean complete() {
    return unsaid.stream().noneMatch(each -> each.verdict().matters());
  }
}
