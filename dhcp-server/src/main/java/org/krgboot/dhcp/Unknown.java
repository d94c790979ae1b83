package org.krgboot.dhcp;

/** What to do with a MAC address that the configuration does not name. */
public enum Unknown {
  /** Give it an address out of the range. */
  ALLOWED,
  /** Do not answer it. */
  REFUSED,
  /** Do not answer it until an operator has approved it, that is, made it a host. */
  WAITS
}
