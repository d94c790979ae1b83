package org.krgboot.settings;

import java.util.List;
import java.util.Optional;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.model.Nearest;
import org.krgboot.model.NodeRange;

/**
 * What the configuration says of what nodes boot.
 *
 * @param programs the tables {@code [[boot.entry]]}
 * @param usual for every node of which nothing else is said
 * @param rules the tables {@code [[boot.node]]}; the last that fits holds
 */
public record BootPlan(List<BootTarget.Program> programs, BootMenu.Pick usual, List<Rule> rules) {
  /** What some nodes do; what is empty stays as it is for all. */
  public record Rule(NodeRange nodes, Optional<String> target, Optional<Integer> seconds) {}

  public BootPlan {
    programs = List.copyOf(programs);
    rules = List.copyOf(rules);
  }

  /** What the node boots as long as nobody told it otherwise. */
  public BootMenu.Pick of(NodeRange.Identity node) {
    BootMenu.Pick pick = usual;
    for (Rule rule : rules) {
      if (rule.nodes().has(node)) {
        pick =
            new BootMenu.Pick(
                rule.target().orElse(pick.target()), rule.seconds().orElse(pick.seconds()));
      }
    }
    return pick;
  }

  /** All targets, as a menu of which every node takes the usual one. */
  public BootMenu menu() {
    return BootMenu.of(programs, _ -> usual);
  }

  /**
   * The target of that name.
   *
   * @throws IllegalArgumentException if there is none; the message names the nearest, or all
   */
  public BootTarget target(String name) {
    BootMenu all = menu();
    List<String> names = all.targets().stream().map(BootTarget::name).toList();
    return all.target(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no boot target '"
                    + name
                    + "'"
                    + Nearest.of(name, names)
                        .map(near -> ". Did you mean '" + near + "'?")
                        .orElse("; there are " + String.join(", ", names))));
  }
}
