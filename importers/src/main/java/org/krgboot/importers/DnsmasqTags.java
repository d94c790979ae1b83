package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tags of dnsmasq: which nodes have one, and what is said to those. */
final class DnsmasqTags {
  /** What two tags or more can mean together; people write a few. */
  private static final int MOST_TOGETHER = 1000;

  /** Tags that dnsmasq sets by itself, and no class can be. */
  private static final Set<String> BUILT_IN =
      Set.of("known", "known-othernet", "bootp", "dhcpv6", "cpewan-id", "dhcp-ignore");

  private final Draft draft;
  private final Report report;
  private final Map<String, List<Marks>> marks = new LinkedHashMap<>();
  private final Map<String, List<Place>> places = new LinkedHashMap<>();
  private final Map<String, ScopeDraft> scopes = new LinkedHashMap<>();
  private final Map<String, List<Network>> networks = new LinkedHashMap<>();
  private final Map<String, ScopeDraft> ofNetworks = new LinkedHashMap<>();
  private final List<Draft.ClassDraft> within = new ArrayList<>();
  private final List<Except> exceptions = new ArrayList<>();
  private final Set<String> needed = new HashSet<>();

  /** Tags that serve in others, or with others. */
  private final Set<String> serving = new HashSet<>();

  /** Where the nodes of a tag are. */
  private record Network(ScopeDraft scope, Place place) {}

  /** What is said to all nodes of a scope but those of some tags. */
  private record Except(Place place, ScopeDraft to, ScopeDraft said, List<String> tags) {}

  DnsmasqTags(Draft draft) {
    this.draft = draft;
    this.report = draft.report();
  }

  /** A tag that all nodes of a range have. */
  void ofNetwork(String tag, ScopeDraft scope, Place place) {
    networks.computeIfAbsent(tag, any -> new ArrayList<>()).add(new Network(scope, place));
  }

  /** A class is in the result although nothing is said to it. */
  void need(String tag) {
    needed.add(tag);
  }

  boolean isClass(String tag) {
    return marks.containsKey(tag);
  }

  /** Takes a line that sets a tag. */
  void define(DnsmasqLines.Setting line) {
    if (line.key().equals("dhcp-host")) {
      ofHost(line);
      return;
    }
    DnsmasqMarks.kind(line.key())
        .ifPresent(kind -> {
          List<String> words = line.texts();
          String tag = words.removeFirst().replaceFirst("^(set|net):", "");
          Optional<Marks> found = DnsmasqMarks.of(kind, words);
          if (found.isPresent()) {
            add(tag, found.get(), line.place());
          } else {
            report.ignored(line.place(), "no class here can have these nodes");
          }
        });
  }

  private void add(String tag, Marks found, Place place) {
    marks.computeIfAbsent(tag, any -> new ArrayList<>()).add(found);
    places.computeIfAbsent(tag, any -> new ArrayList<>()).add(place);
  }

  /** {@code dhcp-host=MAC,set:TAG,...}: the node has the tag by its MAC address. */
  private void ofHost(DnsmasqLines.Setting line) {
    List<String> macs = new ArrayList<>();
    for (String word : line.texts()) {
      DnsmasqHosts.mac(word).or(() -> DnsmasqMarks.macPrefix(word)).ifPresent(macs::add);
    }
    for (String word : line.texts()) {
      if (word.matches("(set|net):.+") && !macs.isEmpty()) {
        String tag = word.substring(4);
        Marks found = Marks.of(Marks.Kind.MAC, macs);
        List<Marks> all = marks.computeIfAbsent(tag, any -> new ArrayList<>());
        Optional<Marks> with = all.isEmpty() ? Optional.empty() : all.getLast().or(found);
        if (with.isPresent()) {
          all.set(all.size() - 1, with.get());
        } else {
          all.add(found);
        }
        places.computeIfAbsent(tag, any -> new ArrayList<>()).add(line.place());
      }
    }
  }

  /** {@code tag-if=set:a,tag:b,tag:c}: nodes with all of these tags have that one too. */
  void defineByOthers(DnsmasqLines.Setting line) {
    List<String> sets = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    for (String word : line.texts()) {
      (word.startsWith("set:") ? sets : tags).add(word.replaceFirst("^[a-z]+:", ""));
    }
    Optional<List<Marks>> all =
        tags.stream().allMatch(marks::containsKey) && !tags.isEmpty()
            ? together(tags)
            : Optional.empty();
    if (all.isEmpty()) {
      report.ignored(line.place(), "no class here can have these nodes");
    } else {
      serving.addAll(tags);
      sets.forEach(tag -> all.get().forEach(each -> add(tag, each, line.place())));
    }
  }

  /** The marks of nodes that have all of these tags; empty if that is too much to say. */
  private Optional<List<Marks>> together(List<String> tags) {
    List<Marks> all = List.of(Marks.NONE);
    for (String tag : tags) {
      if ((long) all.size() * marks.getOrDefault(tag, List.of()).size() > MOST_TOGETHER) {
        return Optional.empty();
      }
      List<Marks> next = new ArrayList<>();
      for (Marks a : all) {
        marks.getOrDefault(tag, List.of()).forEach(b -> a.and(b).ifPresent(next::add));
      }
      all = next;
    }
    return Optional.of(all);
  }

  /** Where what a line says goes; empty if no class can say it, which is then told. */
  Optional<ScopeDraft> scope(List<String> words, Place place) {
    List<String> with = new ArrayList<>();
    List<String> without = new ArrayList<>();
    while (!words.isEmpty() && words.getFirst().matches("(tag|net):.*")) {
      String tag = words.removeFirst().substring(4);
      boolean not = tag.startsWith("!") || tag.startsWith("#");
      (not ? without : with).add(not ? tag.substring(1) : tag);
    }
    Optional<ScopeDraft> scope = with.isEmpty() ? Optional.of(draft.global) : ofAll(with, place);
    if (scope.isEmpty()) {
      report.ignored(place, unknown(with));
      return Optional.empty();
    }
    List<String> set =
        without.stream()
            .filter(tag -> marks.containsKey(tag) || networks.containsKey(tag))
            .toList();
    if (set.isEmpty()) {
      return scope;
    }
    Except except = new Except(place, scope.get(), new ScopeDraft(), set);
    exceptions.add(except);
    return Optional.of(except.said());
  }

  private static String unknown(List<String> tags) {
    Optional<String> builtIn = tags.stream().filter(BUILT_IN::contains).findFirst();
    return builtIn
        .map(tag -> "no class can have the nodes that dnsmasq tags '" + tag + "' by itself")
        .orElse(
            "the tag "
                + String.join(", ", tags)
                + " is set by nothing that is read, or by too much");
  }

  private Optional<ScopeDraft> ofAll(List<String> tags, Place place) {
    List<String> nets = tags.stream().filter(networks::containsKey).toList();
    List<String> others = tags.stream().filter(tag -> !networks.containsKey(tag)).toList();
    if (tags.size() > 1) {
      serving.addAll(tags);
    }
    if (nets.size() > 1 || !others.stream().allMatch(marks::containsKey)) {
      return Optional.empty();
    }
    if (others.isEmpty()) {
      return Optional.of(ofNetworks.computeIfAbsent(nets.getFirst(), any -> new ScopeDraft()));
    }
    String name = String.join("-", others);
    if (!marks.containsKey(name)) {
      Optional<List<Marks>> all = together(others);
      if (all.isEmpty()) {
        return Optional.empty();
      }
      marks.put(name, all.get());
      places.put(name, new ArrayList<>(List.of(place)));
    }
    return Optional.of(nets.isEmpty() ? ofClass(name) : ofClassWithin(name, nets, place));
  }

  private ScopeDraft ofClass(String name) {
    return scopes.computeIfAbsent(name, any -> new ScopeDraft());
  }

  private ScopeDraft ofClassWithin(String name, List<String> nets, Place place) {
    ScopeDraft scope = new ScopeDraft();
    for (Network network : networks.getOrDefault(nets.getFirst(), List.of())) {
      for (Marks each : merged(marks.getOrDefault(name, List.of()))) {
        within.add(
            new Draft.ClassDraft(
                place,
                name,
                each,
                scope,
                Optional.of(network.place()),
                Draft.Origin.CLASS,
                Optional.of(network.scope())));
      }
    }
    return scope;
  }

  /** Those for a vendor's nodes, whom no tag is for. */
  ScopeDraft ofVendor(String vendorClass, Place place) {
    String name = "vendor-" + vendorClass.replaceAll("[^A-Za-z0-9]+", "-");
    if (!marks.containsKey(name)) {
      add(name, Marks.of(Marks.Kind.VENDOR_CLASS, vendorClass), place);
    }
    return ofClass(name);
  }

  /** All lines are read: tags become classes, those for iPXE the last, since they win. */
  void finish() {
    exceptions.forEach(this::settle);
    ofNetworks.forEach((tag, scope) ->
        networks.getOrDefault(tag, List.of()).forEach(network -> network.scope().adopt(scope)));
    List<Draft.ClassDraft> last = new ArrayList<>();
    marks.forEach((tag, all) -> {
      ScopeDraft scope = ofClass(tag);
      List<Place> here = places.getOrDefault(tag, List.of());
      if (scope.isEmpty() && !needed.contains(tag)) {
        here.forEach(place -> {
          if (serving.contains(tag)) {
            report.used(place, "the tag " + tag + ", together with others");
          } else {
            report.needless(place, "nothing is said of the tag " + tag);
          }
        });
        return;
      }
      here.forEach(place -> report.used(place, "the tag " + tag));
      for (Marks each : merged(all)) {
        Draft.ClassDraft made =
            new Draft.ClassDraft(
                here.isEmpty() ? new Place("dnsmasq", 1) : here.getFirst(),
                tag,
                each,
                scope,
                Optional.empty(),
                Draft.Origin.CLASS,
                Optional.of(draft.global));
        (each.userClasses().isEmpty() ? draft.classes : last).add(made);
      }
    });
    draft.classes.addAll(within);
    draft.classes.addAll(last);
  }

  /**
   * What is said to all but some is said to all, and what those would have been told without it is
   * said to them.
   */
  private void settle(Except except) {
    for (String tag : except.tags()) {
      ScopeDraft theirs =
          networks.containsKey(tag)
              ? ofNetworks.computeIfAbsent(tag, any -> new ScopeDraft())
              : ofClass(tag);
      List<String> lost = theirs.keep(except.said(), except.to());
      if (!lost.isEmpty()) {
        report.conflict(
            except.place(),
            String.join(", ", lost) + " is said to the nodes of the tag " + tag + " too");
      }
    }
    except.to().override(except.said());
  }

  private static List<Marks> merged(List<Marks> all) {
    List<Marks> merged = new ArrayList<>();
    for (Marks each : all) {
      Optional<Marks> with = merged.isEmpty() ? Optional.empty() : merged.getLast().or(each);
      if (with.isPresent()) {
        merged.set(merged.size() - 1, with.get());
      } else {
        merged.add(each);
      }
    }
    return merged;
  }
}
