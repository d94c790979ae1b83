package org.krgboot.nfs;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.krgboot.model.Ipv4;

/** Who has mounted what, as far as clients have told; for DUMP only. */
final class MountTable {
  /** So that a DUMP of the longest paths still fits into one reply. */
  private static final int MAX = 1024;

  /** One mount. */
  record Mount(Ipv4 client, String path) {}

  private final Set<Mount> mounts = new LinkedHashSet<>();

  /**
   * Adds one; the oldest goes if there are too many.
   *
   * @return false if it is there already: the client has lost it without a word, in a restart
   */
  synchronized boolean add(Mount mount) {
    boolean added = mounts.add(mount);
    if (added && mounts.size() > MAX) {
      mounts.remove(mounts.iterator().next());
    }
    return added;
  }

  synchronized void remove(Mount mount) {
    mounts.remove(mount);
  }

  synchronized void removeAll(Ipv4 client) {
    mounts.removeIf(mount -> mount.client().equals(client));
  }

  synchronized List<Mount> all() {
    return List.copyOf(mounts);
  }
}
