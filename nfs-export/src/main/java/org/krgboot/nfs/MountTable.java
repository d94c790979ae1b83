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

  /** Adds one; the oldest goes if there are too many. */
  synchronized void add(Mount mount) {
    if (mounts.add(mount) && mounts.size() > MAX) {
      mounts.remove(mounts.iterator().next());
    }
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
