package org.krgboot.linux;

/**
 * Rights of capabilities(7) that a boot server asks about; bit numbers of Linux
 * uapi/linux/capability.h.
 */
public enum Capability {
  CHOWN(0),
  DAC_OVERRIDE(1),
  DAC_READ_SEARCH(2),
  FOWNER(3),
  FSETID(4),
  SETGID(6),
  SETUID(7),
  NET_BIND_SERVICE(10),
  NET_ADMIN(12),
  NET_RAW(13),
  SYS_ADMIN(21),
  SYS_RESOURCE(24),
  MKNOD(27);

  final int bit;

  Capability(int bit) {
    this.bit = bit;
  }
}
