package org.krgboot.nfs;

import java.util.List;

/** Who a caller says it is, RFC 5531 section 8.2 and appendix A. */
sealed interface Credential {
  /** Nobody in particular (AUTH_NONE). */
  record Nobody() implements Credential {}

  /** A user of the client (AUTH_SYS); ids are unsigned. */
  record User(int uid, int gid, List<Integer> groups) implements Credential {
    public User {
      groups = List.copyOf(groups);
    }
  }
}
