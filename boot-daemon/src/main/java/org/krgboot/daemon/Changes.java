package org.krgboot.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.krgboot.dhcp.DhcpConfig;
import org.krgboot.nfs.Export;
import org.krgboot.settings.Settings;

/** What differs between two settings, in a few words for the operator. */
final class Changes {
  private Changes() {}

  /** Empty if nothing that the daemon does is another. */
  static List<String> between(Settings before, Settings after) {
    List<String> changes = new ArrayList<>();
    note(changes, "networks", before, after, dhcp(DhcpConfig::networks));
    note(changes, "classes", before, after, dhcp(DhcpConfig::classes));
    note(changes, "admission and policy", before, after, dhcp(DhcpConfig::policy));
    note(changes, "hosts and nodes", before, after, dhcp(DhcpConfig::hosts));
    note(changes, "rejected nodes", before, after, settings -> settings.nodes().rejected());
    note(changes, "groups", before, after, settings -> settings.nodes().groups());
    note(changes, "what nodes boot", before, after, Changes::booted);
    note(changes, "boot files", before, after, Settings::files);
    changes.addAll(exports(exportsOf(before), exportsOf(after)));
    return changes;
  }

  private static Object booted(Settings settings) {
    var plan = settings.bootPlan();
    return List.of(
        settings.bootEntry(), plan.programs(), plan.usual(), plan.rules(), plan.ofNodes());
  }

  private static Function<Settings, Object> dhcp(Function<DhcpConfig, Object> part) {
    return settings -> settings.dhcp().map(Settings.Dhcp::config).map(part);
  }

  private static void note(
      List<String> changes,
      String what,
      Settings before,
      Settings after,
      Function<Settings, Object> part) {
    if (!Objects.equals(part.apply(before), part.apply(after))) {
      changes.add(what);
    }
  }

  static List<Export> exportsOf(Settings settings) {
    return settings.nfs().map(nfs -> nfs.config().exports()).orElse(List.of());
  }

  /** What differs, by path. */
  static List<String> exports(List<Export> before, List<Export> after) {
    Map<Path, Export> old = byPath(before);
    Map<Path, Export> fresh = byPath(after);
    List<String> changes = new ArrayList<>();
    fresh.forEach((path, export) -> {
      if (!old.containsKey(path)) {
        changes.add("added export " + path);
      } else if (!export.equals(old.get(path))) {
        changes.add("changed export " + path);
      }
    });
    old.keySet().stream()
        .filter(path -> !fresh.containsKey(path))
        .forEach(path -> changes.add("removed export " + path));
    return changes;
  }

  private static Map<Path, Export> byPath(List<Export> exports) {
    Map<Path, Export> all = new LinkedHashMap<>();
    exports.forEach(export -> all.put(export.path(), export));
    return all;
  }
}
