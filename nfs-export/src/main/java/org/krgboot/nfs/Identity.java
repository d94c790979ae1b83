package org.krgboot.nfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
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
  interface Action<T extends @Nullable Object> {
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

  /** What only root can do: to open by handle, and what a caller may without being the owner. */
  static <T extends @Nullable Object> T asRoot(Action<T> action) throws IOException {
    ThreadCredentials.restore();
    return action.run();
  }

  /** The thread is root's again, for code that is not ours to know what it touches. */
  static void leave() {
    try {
      ThreadCredentials.restore();
    } catch (LinuxException e) {
      throw new IllegalStateException("a thread could not become root again", e);
    }
  }

  /**
   * Acts with this identity. The thread keeps it afterwards, since the next call is often the same
   * user's: so whoever names a file or opens one must say as whom, here or with {@link #asRoot}.
   * Nothing in there may open by handle, nor take another identity.
   */
  <T extends @Nullable Object> T act(Action<T> action) throws IOException {
    become();
    return action.run();
  }

  /** As {@link #act}, without result. */
  void perform(Effect effect) throws IOException {
    become();
    effect.run();
  }

  private void become() throws LinuxException {
    if (uid == 0 && gid == 0) { // with the groups of the process
      ThreadCredentials.restore();
    } else {
      ThreadCredentials.become(uid, gid, groups);
    }
  }
}
