package org.krgboot.nfs;

import java.io.IOException;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Stat;
import org.krgboot.linux.ThreadCredentials;

/** As whom the kernel checks a call: the caller's ids after squashing. */
final class Identity {
  private final int uid;
  private final int gid;
  private final int[] groups;

  private Identity(int uid, int gid, int... groups) {
    this.uid = uid;
    this.gid = gid;
    this.groups = groups;
  }

  /** Something that acts on files. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /** Something that acts on files and has no result. */
  @FunctionalInterface
  interface Effect {
    void run() throws IOException;
  }

  static Identity of(Credential credential, Terms terms) {
    return switch (credential) {
      case Credential.Nobody() -> anonymous(terms);
      case Credential.User user ->
          switch (terms.squash()) {
            case NONE -> new Identity(user.uid(), user.gid(), array(user));
            case ROOT -> withoutRoot(user, terms);
            case ALL -> anonymous(terms);
          };
    };
  }

  private static Identity anonymous(Terms terms) {
    return new Identity(terms.anonUid(), terms.anonGid());
  }

  private static Identity withoutRoot(Credential.User user, Terms terms) {
    int[] groups = array(user);
    for (int i = 0; i < groups.length; i++) {
      groups[i] = groups[i] == 0 ? terms.anonGid() : groups[i];
    }
    return new Identity(
        user.uid() == 0 ? terms.anonUid() : user.uid(),
        user.gid() == 0 ? terms.anonGid() : user.gid(),
        groups);
  }

  private static int[] array(Credential.User user) {
    return user.groups().stream().mapToInt(Integer::intValue).toArray();
  }

  boolean isRoot() {
    return uid == 0;
  }

  boolean owns(Stat stat) {
    return stat.uid() == uid;
  }

  /**
   * Acts with this identity. Nothing in there may open by handle: that is root's.
   *
   * <p>Root with group 0 is what our threads are, so it costs nothing.
   */
  <T> T act(Action<T> action) throws IOException {
    if (uid == 0 && gid == 0) {
      return action.run();
    }
    become();
    try {
      return action.run();
    } finally {
      ThreadCredentials.restore();
    }
  }

  /** As {@link #act}, without result. */
  void perform(Effect effect) throws IOException {
    if (uid == 0 && gid == 0) {
      effect.run();
      return;
    }
    become();
    try {
      effect.run();
    } finally {
      ThreadCredentials.restore();
    }
  }

  private void become() throws LinuxException {
    ThreadCredentials.become(uid, gid, groups);
  }
}
