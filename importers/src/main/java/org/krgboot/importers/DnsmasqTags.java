package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tags of dnsmasq: which nodes have one, and what is said to those. */
final class DnsmasqTags {
  /** What two tags or more can mean together; people write a few. */
  private static final int MOST_TOGETHER = 1000;

  private final Draft draft;
  private final Map<String, List<Marks>> marks = new LinkedHashMap<>();
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<String, ScopeDraft> scopes = new LinkedHashMap<>();
  private final Set<String> ofNetworks = new HashSet<>();

  DnsmasqTags(Draft draft) {
    this.draft = draft;
  }

  /** A tag that all nodes of a network have. */
  void ofNetwork(String tag) {
    ofNetworks.add(tag);
  }

  /** Takes a line that sets a tag. */
  void define(String key, Lines.Line line) {
    Optional<Marks.Kind> kind =
        switch (key) {
          case "dhcp-match" -> Optional.of(Marks.Kind.ARCHITECTURE);
          case "dhcp-vendorclass" -> Optional.of(Marks.Kind.VENDOR_CLASS);
          case "dhcp-userclass" -> Optional.of(Marks.Kind.USER_CLASS);
          case "dhcp-mac" -> Optional.of(Marks.Kind.MAC);
          case "dhcp-circuitid" -> Optional.of(Marks.Kind.CIRCUIT_ID);
          case "dhcp-remoteid" -> Optional.of(Marks.Kind.REMOTE_ID);
          default -> Optional.empty();
        };
    if (kind.isEmpty()) {
      return;
    }
    String[] words = line.text().split(",", 2);
    String tag = words[0].strip().replaceFirst("^(set|net):", "");
    Optional<Marks> found =
        words.length < 2 ? Optional.empty() : marks(kind.get(), words[1].strip());
    if (found.isEmpty()) {
      draft.report().ignored(line.place(), "no class here can have these nodes");
      return;
    }
    marks.computeIfAbsent(tag, any -> new ArrayList<>()).add(found.get());
    places.putIfAbsent(tag, line.place());
    draft.report().used(line.place(), "the class " + tag);
  }

  private static Optional<Marks> marks(Marks.Kind kind, String text) {
    return switch (kind) {
      case ARCHITECTURE -> match(text);
      case VENDOR_CLASS ->
          Optional.of(Marks.of(kind, text.replaceFirst("^enterprise:[0-9]+,", "")));
      case USER_CLASS -> Optional.of(Marks.of(kind, text));
      case MAC -> mac(text);
      case CIRCUIT_ID, REMOTE_ID ->
          Optional.of(
              Marks.of(
                  kind,
                  hex(IscExpressionParser.isHex(text) ? IscExpressionParser.hex(text) : text)));
    };
  }

  private static String hex(String bytes) {
    return java.util.HexFormat.of()
        .formatHex(bytes.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  /** {@code option:client-arch,7}, {@code 93,7}, {@code 175}. */
  private static Optional<Marks> match(String text) {
    String[] words = text.replace("option:", "").split(",", 2);
    String option = words[0].strip().toLowerCase(Locale.ROOT);
    String value = words.length > 1 ? words[1].strip() : "";
    return switch (option) {
      case "client-arch", "93" ->
          value.matches("[0-9]{1,5}")
              ? Optional.of(
                  Marks.of(Marks.Kind.ARCHITECTURE, Integer.toString(Integer.parseInt(value))))
              : architectureByName(value);
      case "175", "177" -> Optional.of(Marks.of(Marks.Kind.USER_CLASS, "iPXE"));
      case "user-class", "77" ->
          value.isEmpty() ? Optional.empty() : Optional.of(Marks.of(Marks.Kind.USER_CLASS, value));
      case "vendor-class", "60" ->
          value.isEmpty()
              ? Optional.empty()
              : Optional.of(Marks.of(Marks.Kind.VENDOR_CLASS, value));
      default -> Optional.empty();
    };
  }

  /** The names that dnsmasq has for them, dnsmasq(8) {@code --pxe-service}. */
  static Optional<Marks> architectureByName(String name) {
    String code =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "x86pc" -> "0";
          case "ia32_efi" -> "6";
          case "bc_efi", "x86-64_efi" -> "7,9";
          case "arm32_efi" -> "10";
          case "arm64_efi" -> "11";
          default -> "";
        };
    return code.isEmpty()
        ? Optional.empty()
        : Optional.of(Marks.of(Marks.Kind.ARCHITECTURE, List.of(code.split(",", -1))));
  }

  private static Optional<Marks> mac(String text) {
    String prefix = text.replace('-', ':').replaceAll("(:\\*)+$", "").toLowerCase(Locale.ROOT);
    return prefix.matches("[0-9a-f]{2}(:[0-9a-f]{2}){0,5}")
        ? Optional.of(Marks.of(Marks.Kind.MAC, prefix))
        : Optional.empty();
  }

  /** Where what is said to the nodes with all of these tags goes; empty if no class can say it. */
  Optional<ScopeDraft> scope(List<String> tags, Place place) {
    if (tags.stream().anyMatch(ofNetworks::contains)) {
      return subnets() == 1 && tags.size() == 1
          ? Optional.of(draft.networks.getFirst().subnets.getFirst().scope)
          : Optional.empty();
    }
    String name = String.join("-", tags);
    if (!tags.stream().allMatch(marks::containsKey)) {
      return Optional.empty();
    }
    if (tags.size() > 1 && !marks.containsKey(name)) {
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
      marks.put(name, all);
      places.put(name, place);
    }
    return Optional.of(scopes.computeIfAbsent(name, any -> new ScopeDraft()));
  }

  private int subnets() {
    return draft.networks.stream().mapToInt(network -> network.subnets.size()).sum();
  }

  /** Classes for iPXE come last, since they win. */
  void finish() {
    List<Draft.ClassDraft> last = new ArrayList<>();
    marks.forEach((tag, all) -> {
      ScopeDraft scope = scopes.computeIfAbsent(tag, any -> new ScopeDraft());
      for (Marks each : merged(all)) {
        Draft.ClassDraft made =
            new Draft.ClassDraft(
                places.getOrDefault(tag, new Place("dnsmasq", 1)),
                tag,
                each,
                scope,
                Optional.empty(),
                Draft.Origin.CLASS,
                Optional.of(draft.global));
        (each.userClasses().isEmpty() ? draft.classes : last).add(made);
      }
    });
    draft.classes.addAll(last);
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
