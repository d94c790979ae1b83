package org.krgboot.model;

import java.util.Arrays;
import java.util.List;

/** How far a booting node has got, as the servers saw it. In the order of a boot. */
public enum BootStage {
  DHCP("dhcp", "its firmware asked for an address"),
  LOADER("loader", "it fetches the boot loader and its configuration"),
  KERNEL("kernel", "it fetches kernel and initrd"),
  STARTING("starting", "its kernel runs and has asked for an address"),
  MOUNTED("mounted", "it has mounted its root"),
  READING("reading", "it reads from its root"),
  INIT("init", "init runs"),
  UP("up", "one can log in to it");

  private final String label;
  private final String meaning;

  BootStage(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** One word for tables. */
  public String label() {
    return label;
  }

  /** The words of all stages, in the order of a boot. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(BootStage::label).toList();
  }

  /** What the node does at this stage: a clause that follows "the node: ". */
  public String meaning() {
    return meaning;
  }
}
