package org.krgboot.settings;

import java.util.List;
import java.util.Map;
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
 * @param rules the tables {@code [[boot.node]]}, each over those before
 * @param groups what the tables {@code [[group]]} hold
 * @param ofNodes the tables {@code [[node]]} by name or MAC address, over the rules
 */
public record BootPlan(
    List<BootTarget.Program> programs,
    BootMenu.Pick usual,
    List<Rule> rules,
    Map<String, NodeRange> groups,
    Map<String, BootWish> ofNodes) {
  /** What some nodes do. */
  public record Rule(NodeRange nodes, BootWish wish) {
    /** Without a kernel of their own. */
    public Rule(NodeRange nodes, Optional<String> target, Optional<Integer> seconds) {
      this(nodes, new BootWish(target, seconds, Optional.empty(), Optional.empty(), ""));
    }
  }

  public BootPlan {
    programs = List.copyOf(programs);
    rules = List.copyOf(rules);
    groups = Map.copyOf(groups);
    ofNodes = Map.copyOf(ofNodes);
  }

  /** Without groups, and with nothing said of single nodes. */
  public BootPlan(List<BootTarget.Program> programs, BootMenu.Pick usual, List<Rule> rules) {
    this(programs, usual, rules, Map.of(), Map.of());
  }

  /** What the node boots as long as nobody told it otherwise. */
  public BootMenu.Pick of(NodeRange.Identity node) {
    BootWish wish = BootWish.NONE;
    for (Rule rule : rules) {
      if (rule.nodes().has(node, groups)) {
        wish = wish.then(rule.wish());
      }
    }
    Optional<BootWish> byName = node.name().map(name -> ofNodes.get(name.text()));
    Optional<BootWish> byMac = Optional.ofNullable(ofNodes.get(node.mac().toString()));
    return wish.then(byName.orElse(BootWish.NONE)).then(byMac.orElse(BootWish.NONE)).over(usual);
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
