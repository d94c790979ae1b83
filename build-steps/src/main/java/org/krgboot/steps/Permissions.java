package org.krgboot.steps;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Permissions as people write them, {@code 0644}, and as the JDK does. */
public final class Permissions {
  private Permissions() {}

  /** From octal digits; no setuid, which belongs into a script where it is seen. */
  public static String of(String octal) {
    if (!octal.matches("0?[0-7]{3}")) {
      throw new IllegalArgumentException("'" + octal + "' is no mode; write it as \"0644\"");
    }
    int mode = Integer.parseInt(octal, 8);
    PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's r to others' x
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        set.add(all[i]);
      }
    }
    return PosixFilePermissions.toString(set);
  }
}
