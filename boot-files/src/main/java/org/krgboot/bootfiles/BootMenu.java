package org.krgboot.bootfiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.model.Ipv4;

/**
 * What nodes can boot, and which of it a node does.
 *
 * @param targets all of them, the node root and the local disk among them
 * @param picks what the node at that address is to do now
 */
public record BootMenu(List<BootTarget> targets, Function<Ipv4, Pick> picks) {
  private static final Pick USUAL = new Pick(BootTarget.DISKLESS, 0);

  /** The node root, and nothing to choose. */
  static final BootMenu NONE = of(List.of(), _ -> USUAL);

  /**
   * What one node does.
   *
   * @param target the name of what is booted unless somebody at the node chooses otherwise
   * @param seconds how long the menu is shown; 0: not at all
   * @param kernel of the node root, in the place of the one that all nodes have
   * @param initrd of the node root, likewise
   * @param append words for the node root's kernel behind those that all nodes have, perhaps none
   */
  public record Pick(
      String target, int seconds, Optional<String> kernel, Optional<String> initrd, String append) {
    /** With the kernel that all nodes have. */
    public Pick(String target, int seconds) {
      this(target, seconds, Optional.empty(), Optional.empty(), "");
    }

    /** The same node root's kernel, but another target and wait. */
    public Pick booting(String other, int wait) {
      return new Pick(other, wait, kernel, initrd, append);
    }
  }

  public BootMenu {
    targets = List.copyOf(targets);
  }

  /** The usual targets and these. */
  public static BootMenu of(List<BootTarget.Program> programs, Function<Ipv4, Pick> picks) {
    List<BootTarget> targets = new ArrayList<>();
    targets.add(new BootTarget.NodeRoot());
    targets.add(new BootTarget.LocalDisk());
    targets.addAll(programs);
    return new BootMenu(targets, picks);
  }

  /** The target of that name. */
  public Optional<BootTarget> target(String name) {
    return targets.stream().filter(target -> target.name().equals(name)).findFirst();
  }

  /** For one node; a target that is no more gives way to the node root. */
  Choice choice(Pick pick) {
    BootTarget target = target(pick.target()).orElse(targets.getFirst());
    return new Choice(targets, target, pick.seconds());
  }

  /**
   * What a boot loader's configuration is made of.
   *
   * @param seconds 0: no menu
   */
  record Choice(List<BootTarget> targets, BootTarget target, int seconds) {
    boolean isShown() {
      return seconds > 0;
    }
  }
}
