package org.krgboot.daemon;

import org.krgboot.bootfiles.BootFiles;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;

/** The boot files as the configuration of the moment has them, for nodes that are not fenced. */
final class ServedFiles implements BootFileTree {
  private final Fences fences;
  private volatile BootFiles files;

  ServedFiles(BootFiles files, Fences fences) {
    this.files = files;
    this.fences = fences;
  }

  /** What is asked for from now on is looked for there. */
  void replace(BootFiles next) {
    files = next;
  }

  @Override
  public Answer open(String name, Ipv4 node) {
    return fences.isFenced(node)
        ? new Answer.Refused(Why.FENCED, "this node is fenced; krgboot unfence " + node)
        : files.open(name, node);
  }
}
