package org.krgboot.importers;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Conditions that say nothing but the boot file of an architecture or of iPXE become keys of the
 * scope around them, such as {@code boot-file-uefi-x64}: there they stay together with the file
 * that they are an exception of.
 */
final class BootFileClasses {
  private static final String PXE = "PXEClient";
  private static final Pattern PXE_ARCHITECTURE = Pattern.compile("PXEClient:Arch:([0-9]{5}).*");

  /** iPXE's own binaries: without another file for iPXE it would load itself for ever. */
  private static final Pattern IPXE_BINARY =
      Pattern.compile(
          "(.*/)?((ipxe|undionly|snponly|snp|intel)[^/]*\\.(k*pxe|efi|lkrn)|[^/]*\\.k+pxe)");

  /** What iPXE looks for by itself, ipxe.org, "autoexec.ipxe". */
  private static final String AUTOEXEC = "autoexec.ipxe";

  private static final Marks IPXE = Marks.of(Marks.Kind.USER_CLASS, "iPXE");

  private final Draft draft;
  private final Map<ScopeDraft, List<Marks>> marksOf = new HashMap<>();

  BootFileClasses(Draft draft) {
    this.draft = draft;
  }

  void fold() {
    for (Draft.ClassDraft each : draft.classes) {
      marksOf.computeIfAbsent(each.scope(), any -> new ArrayList<>()).add(each.marks());
    }
    Optional<String> script = scriptForIpxe();
    List<Draft.ClassDraft> kept = new ArrayList<>();
    for (Draft.ClassDraft each : draft.classes) {
      if (!fold(each)) {
        kept.add(each);
      }
    }
    draft.classes.clear();
    draft.classes.addAll(kept);
    scopes().forEach(scope -> endLoop(scope, script));
  }

  private Optional<String> scriptForIpxe() {
    return draft.classes.stream()
        .filter(each -> keys(each.marks()).contains(ScopeKey.BOOT_FILE_IPXE))
        .flatMap(each -> each.scope().value(ScopeKey.BOOT_FILE).stream())
        .filter(each -> !IPXE_BINARY.matcher(each).matches())
        .findFirst();
  }

  private boolean fold(Draft.ClassDraft each) {
    if (each.parent().isEmpty() || !each.scope().saysOnly(ScopeKey.BOOT_FILE)) {
      return false;
    }
    Set<ScopeKey> keys = keysWithin(each);
    String file = each.scope().value(ScopeKey.BOOT_FILE).orElse("");
    ScopeDraft parent = each.parent().get();
    boolean free =
        keys.stream()
            .allMatch(key -> !parent.says(key) || parent.value(key).equals(Optional.of(file)));
    if (keys.isEmpty() || !free) {
      return false;
    }
    keys.forEach(key -> parent.say(key, file, each.place(), draft.report()));
    return true;
  }

  /** Of a class its parent's nodes are those of the parent: what is left is what counts. */
  private Set<ScopeKey> keysWithin(Draft.ClassDraft each) {
    boolean iPxeOfParent =
        each.parent().stream()
            .flatMap(parent -> marksOf.getOrDefault(parent, List.of()).stream())
            .flatMap(marks -> marks.and(IPXE).stream())
            .anyMatch(each.marks()::equals);
    return iPxeOfParent ? Set.of(ScopeKey.BOOT_FILE_IPXE) : keys(each.marks());
  }

  /** Which boot files are those of the nodes with these marks; none if they need a class. */
  private static Set<ScopeKey> keys(Marks marks) {
    boolean byClientOnly =
        marks.macs().isEmpty() && marks.circuitIds().isEmpty() && marks.remoteIds().isEmpty();
    if (!byClientOnly) {
      return Set.of();
    }
    if (marks.architectures().isEmpty() && marks.userClasses().equals(List.of("iPXE"))) {
      boolean any = marks.vendorClasses().stream().allMatch(PXE::equals);
      return any ? Set.of(ScopeKey.BOOT_FILE_IPXE) : Set.of();
    }
    return marks.userClasses().isEmpty() ? byArchitecture(marks) : Set.of();
  }

  private static Set<ScopeKey> byArchitecture(Marks marks) {
    List<String> codes = new ArrayList<>(marks.architectures());
    for (String vendorClass : marks.vendorClasses()) {
      var matcher = PXE_ARCHITECTURE.matcher(vendorClass);
      if (matcher.matches() && marks.architectures().isEmpty()) {
        codes.add(Integer.toString(Integer.parseInt(matcher.group(1))));
      } else if (!vendorClass.equals(PXE)) {
        return Set.of();
      }
    }
    Set<ScopeKey> keys = EnumSet.noneOf(ScopeKey.class);
    for (String code : codes) {
      Optional<ScopeKey> key = architecture(code);
      if (key.isEmpty()) {
        return Set.of();
      }
      keys.add(key.get());
    }
    return keys;
  }

  /** Codes of PXE clients, RFC 4578 section 2.1 and the registry of IANA. */
  private static Optional<ScopeKey> architecture(String code) {
    return switch (code) {
      case "6" -> Optional.of(ScopeKey.BOOT_FILE_UEFI_IA32);
      case "7", "9" -> Optional.of(ScopeKey.BOOT_FILE_UEFI_X64);
      case "10" -> Optional.of(ScopeKey.BOOT_FILE_UEFI_ARM32);
      case "11" -> Optional.of(ScopeKey.BOOT_FILE_UEFI_ARM64);
      default -> Optional.empty();
    };
  }

  private Stream<ScopeDraft> scopes() {
    return Stream.of(
            Stream.of(draft.global),
            draft.networks.stream().map(network -> network.scope),
            draft.networks.stream()
                .flatMap(network -> network.subnets.stream())
                .flatMap(subnet ->
                    Stream.concat(
                        Stream.of(subnet.scope), subnet.pools.stream().map(pool -> pool.scope))),
            draft.classes.stream().map(Draft.ClassDraft::scope),
            draft.hosts.stream().map(host -> host.scope))
        .flatMap(scopes -> scopes);
  }

  private void endLoop(ScopeDraft scope, Optional<String> script) {
    String file = scope.value(ScopeKey.BOOT_FILE).orElse("");
    if (!IPXE_BINARY.matcher(file).matches() || scope.says(ScopeKey.BOOT_FILE_IPXE)) {
      return;
    }
    Place place = scope.placeOf(ScopeKey.BOOT_FILE).orElseThrow();
    if (script.isPresent()) {
      scope.say(ScopeKey.BOOT_FILE_IPXE, script.get(), place, draft.report());
    } else if (!scope.value(ScopeKey.BOOT_FILE).equals(Optional.of(AUTOEXEC))) {
      scope.say(ScopeKey.BOOT_FILE_IPXE, AUTOEXEC, place, draft.report());
      draft
          .report()
          .conflict(
              place,
              "'"
                  + file
                  + "' is iPXE, and nothing says what iPXE itself gets: it is told "
                  + AUTOEXEC
                  + ", which a script built into it never asks for");
    }
  }
}
