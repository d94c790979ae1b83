package org.krgboot.settings;

import java.util.Locale;

/** The servers of the daemon; each can run alone. */
public enum Service {
  DHCP,
  TFTP,
  HTTP,
  NFS;

  /**
   * Reads a name as written in {@code --only}.
   *
   * @throws IllegalArgumentException if there is no such server
   */
  static Service parse(String text) {
    for (Service service : values()) {
      if (service.name().equals(text.strip().toUpperCase(Locale.ROOT))) {
        return service;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is none of dhcp, tftp, http, nfs");
  }
}
