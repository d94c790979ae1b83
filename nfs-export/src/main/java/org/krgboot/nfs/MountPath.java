package org.krgboot.nfs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A path that a client asks to mount, as bytes. */
record MountPath(List<byte[]> components) {
  /** RFC 1813 appendix I, MNTPATHLEN. */
  static final int MAX = 1024;

  /** Mount options of Linux nfsroot: fs/nfs/nfsroot.c and nfs(5); the part before a "=". */
  private static final Set<String> OPTIONS =
      Set.of(
          ("port rsize wsize timeo retrans acregmin acregmax acdirmin acdirmax soft hard intr"
                  + " nointr posix noposix cto nocto ac noac lock nolock v2 v3 v4 vers nfsvers udp"
                  + " tcp proto mountport mountproto mountvers mountaddr addr acl noacl actimeo"
                  + " namlen nordirplus rdirplus sec sharecache nosharecache ro rw nconnect"
                  + " lookupcache fsc nofsc async sync noatime relatime nodiratime")
              .split(" "));

  MountPath {
    components = List.copyOf(components);
  }

  /** Splits at slashes; several in a row, or one at the end, mean one. */
  static MountPath of(byte[] path) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        if (i > start) {
          parts.add(Arrays.copyOfRange(path, start, i));
        }
        start = i + 1;
      }
    }
    return new MountPath(parts);
  }

  /**
   * The path without the mount options behind it. klibc's nfsmount sends them as part of the path:
   * "/root,v3,tcp".
   *
   * @return the same path if what follows its first comma are not all options
   */
  static byte[] withoutOptions(byte[] path) {
    String text = new String(path, StandardCharsets.ISO_8859_1);
    int comma = text.indexOf(',');
    if (comma < 0) {
      return path;
    }
    for (String option : text.substring(comma + 1).split(",", -1)) {
      int equals = option.indexOf('=');
      if (!OPTIONS.contains(equals < 0 ? option : option.substring(0, equals))) {
        return path;
      }
    }
    return Arrays.copyOf(path, comma);
  }

  /** Whether this is {@code other} or below it. */
  boolean isIn(MountPath other) {
    int depth = other.components.size();
    if (depth > components.size()) {
      return false;
    }
    for (int i = 0; i < depth; i++) {
      if (!Arrays.equals(components.get(i), other.components.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** What comes after {@code other}. */
  List<byte[]> below(MountPath other) {
    return components.subList(other.components.size(), components.size());
  }

  /** The path below {@code to} that this one is below {@code from}. */
  byte[] moved(MountPath from, byte[] to) {
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    path.writeBytes(to);
    for (byte[] name : below(from)) {
      path.write('/');
      path.writeBytes(name);
    }
    return path.toByteArray();
  }
}
