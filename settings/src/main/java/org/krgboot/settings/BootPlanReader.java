package org.krgboot.settings;

import static org.krgboot.settings.SettingKey.*;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.bootfiles.BootTarget;
import org.krgboot.model.NodeRange;

/** The tables {@code [[boot.entry]]} and {@code [[boot.node]]}, and what goes for all nodes. */
final class BootPlanReader {
  static final String ENTRIES = "boot.entry";
  static final String NODES = "boot.node";

  private static final Set<String> ENTRY_KEYS =
      Set.of("name", "title", "kernel", "initrd", "append", "arch");
  private static final Set<String> NODE_KEYS = Set.of("nodes", "target", "menu-timeout");

  private final RawSettings raw;
  private final Problems problems;

  BootPlanReader(RawSettings raw, Problems problems) {
    this.raw = raw;
    this.problems = problems;
  }

  BootPlan read() {
    List<BootTarget.Program> programs = programs();
    BootPlan all = new BootPlan(programs, new BootMenu.Pick(BootTarget.DISKLESS, 0), List.of());
    String target =
        raw.get(BOOT_TARGET, name -> all.target(name).name()).orElse(BootTarget.DISKLESS);
    int seconds = raw.get(BOOT_MENU_TIMEOUT, SettingParsers::menuTimeout).orElse(0);
    List<BootPlan.Rule> rules = new ArrayList<>();
    for (WrittenTable table : raw.tables(NODES)) {
      table.allow(NODE_KEYS);
      Optional<NodeRange> nodes = table.get("nodes", BootPlanReader::range);
      if (!table.has("nodes")) {
        problems.add(table.place(), "[[" + NODES + "]] needs nodes: nodes = \"krgnode[01-15]\"");
      }
      Optional<String> its = table.get("target", name -> all.target(name).name());
      Optional<Integer> wait = table.get("menu-timeout", SettingParsers::menuTimeout);
      nodes.ifPresent(of -> rules.add(new BootPlan.Rule(of, its, wait)));
    }
    return new BootPlan(programs, new BootMenu.Pick(target, seconds), rules);
  }

  private static NodeRange range(String text) {
    NodeRange range = NodeRange.parse(text);
    for (NodeRange.Part part : range.parts()) {
      if (part.who() instanceof NodeRange.Group(String name) && !name.equals("all")) {
        throw new IllegalArgumentException("there is no group @" + name);
      }
    }
    return range;
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
