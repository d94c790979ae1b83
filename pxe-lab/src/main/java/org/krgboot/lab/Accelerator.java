package org.krgboot.lab;

/** What runs a guest's instructions. */
public enum Accelerator {
  /** The processor itself. */
  KVM,
  /** QEMU's own emulation: slow, and works everywhere. */
  TCG
}
