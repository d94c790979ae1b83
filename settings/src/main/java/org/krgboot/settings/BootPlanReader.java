package org.krgboot.settings;

import static org.krgboot.settings.SettingKey.*;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.bootfiles.BootEntry;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.model.Nearest;
import org.krgboot.model.NodeRange;

/** What nodes boot: all of them, those of a profile, those of a range, and each by itself. */
final class BootPlanReader {
  static final String ENTRIES = "boot.entry";
  static final String NODES = "boot.node";
  static final String PROFILES = "profile";

  private static final Set<String> ENTRY_KEYS =
      Set.of("name", "title", "kernel", "initrd", "append", "arch");
  private static final Set<String> NODE_KEYS =
      Set.of("nodes", "profile", "target", "menu-timeout", "kernel", "initrd", "append");
  private static final Set<String> PROFILE_KEYS =
      Set.of("name", "target", "menu-timeout", "kernel", "initrd", "append");

  private final RawSettings raw;
  private final Problems problems;
  private final BootEntry entry;
  private final Map<String, BootWish> profiles = new LinkedHashMap<>();

  /**
   * Reads what is written.
   *
   * @param entry what nodes boot of which nothing else is said
   */
  BootPlanReader(RawSettings raw, Problems problems, BootEntry entry) {
    this.raw = raw;
    this.problems = problems;
    this.entry = entry;
  }

  /**
   * All of it.
   *
   * @param nodes the tables {@code [[node]]}, each node once
   */
  BootPlan read(Map<String, NodeRange> groups, List<Placed<NodeRecord>> nodes) {
    List<BootTarget.Program> programs = programs();
    BootPlan all = new BootPlan(programs, new BootMenu.Pick(BootTarget.DISKLESS, 0), List.of());
    String target =
        raw.get(BOOT_TARGET, name -> all.target(name).name()).orElse(BootTarget.DISKLESS);
    int seconds = raw.get(BOOT_MENU_TIMEOUT, SettingParsers::menuTimeout).orElse(0);
    raw.tables(PROFILES).forEach(table -> profile(table, all));
    List<BootPlan.Rule> rules = new ArrayList<>();
    for (WrittenTable table : raw.tables(NODES)) {
      table.allow(NODE_KEYS);
      Optional<NodeRange> which = table.get("nodes", text -> NodeReader.known(text, groups));
      if (!table.has("nodes")) {
        problems.add(table.place(), "[[" + NODES + "]] needs nodes: nodes = \"krgnode[01-15]\"");
      }
      BootWish wish = table.get("profile", this::profile).orElse(BootWish.NONE);
      BootWish whole = wish.then(wish(table, all));
      which.ifPresent(range -> rules.add(new BootPlan.Rule(range, whole)));
    }
    return new BootPlan(
        programs, new BootMenu.Pick(target, seconds), rules, groups, ofNodes(nodes, all));
  }

  private void profile(WrittenTable table, BootPlan all) {
    table.allow(PROFILE_KEYS);
    Optional<String> name = table.get("name", SettingParsers::line).filter(n -> !n.isBlank());
    if (name.isEmpty()) {
      problems.add(table.place(), "a profile needs its name: name = \"compute\"");
    } else if (profiles.putIfAbsent(name.get(), wish(table, all)) != null) {
      problems.add(table.placeOf("name"), "there is another profile " + name.get());
    }
  }

  private BootWish profile(String name) {
    BootWish profile = profiles.get(name);
    if (profile == null) {
      throw new IllegalArgumentException(
          "there is no profile '"
              + name
              + "'"
              + Nearest.of(name, profiles.keySet())
                  .map(near -> ". Did you mean '" + near + "'?")
                  .orElse(
                      profiles.isEmpty()
                          ? "; write one as [[profile]]"
                          : "; there are " + String.join(", ", profiles.keySet())));
    }
    return profile;
  }

  private BootWish wish(WrittenTable table, BootPlan all) {
    BootWish wish =
        new BootWish(
            table.get("target", name -> all.target(name).name()),
            table.get("menu-timeout", SettingParsers::menuTimeout),
            table.get("kernel", SettingParsers::line),
            table.get("initrd", SettingParsers::line),
            table.get("append", SettingParsers::line).orElse(""));
    check(table.place(), wish);
    return wish;
  }

  private Map<String, BootWish> ofNodes(List<Placed<NodeRecord>> nodes, BootPlan all) {
    Map<String, BootWish> wishes = new HashMap<>();
    for (Placed<NodeRecord> placed : nodes) {
      NodeRecord node = placed.value();
      try {
        BootWish wish = wish(node, all);
        check(placed.place(), wish);
        String who = node.value(NodeKey.MAC).or(() -> node.value(NodeKey.NAME)).orElseThrow();
        if (!wish.equals(BootWish.NONE)) {
          wishes.put(who, wish);
        }
      } catch (IllegalArgumentException e) {
        problems.add(placed.place(), String.valueOf(e.getMessage()));
      }
    }
    return wishes;
  }

  private BootWish wish(NodeRecord node, BootPlan all) {
    BootWish own =
        new BootWish(
            node.value(NodeKey.TARGET).map(name -> all.target(name).name()),
            node.value(NodeKey.MENU_TIMEOUT).map(Integer::valueOf),
            node.value(NodeKey.KERNEL),
            node.value(NodeKey.INITRD),
            node.value(NodeKey.APPEND).orElse(""));
    return node.value(NodeKey.PROFILE).map(this::profile).orElse(BootWish.NONE).then(own);
  }

  /** With what goes for all nodes it must be something that a kernel takes. */
  private void check(String place, BootWish wish) {
    try {
      BootEntry _ = entry.with(wish.over(new BootMenu.Pick(BootTarget.DISKLESS, 0)));
    } catch (IllegalArgumentException e) {
      problems.add(place, String.valueOf(e.getMessage()));
    }
  }

  private List<BootTarget.Program> programs() {
    List<BootTarget.Program> programs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (WrittenTable table : raw.tables(ENTRIES)) {
      table.allow(ENTRY_KEYS);
      try {
        BootTarget.Program program = program(table);
        programs.add(program);
        if (!names.add(program.name())) {
          problems.add(table.placeOf("name"), "there is another boot entry " + program.name());
        }
      } catch (IllegalArgumentException e) {
        problems.add(table.place(), String.valueOf(e.getMessage()));
      }
    }
    return programs;
  }

  private static BootTarget.Program program(WrittenTable table) {
    String name = table.get("name", SettingParsers::line).orElse("");
    List<BootTarget.Platform> platforms =
        table.list("arch", SettingParsers::platform).orElse(List.of(BootTarget.Platform.values()));
    return new BootTarget.Program(
        name,
        table.get("title", SettingParsers::line).orElse(name),
        table.get("kernel", SettingParsers::line).orElse(""),
        table.list("initrd", SettingParsers::line).orElse(List.of()),
        table.get("append", SettingParsers::line).orElse(""),
        platforms.isEmpty() ? Set.of() : EnumSet.copyOf(platforms));
  }
}
