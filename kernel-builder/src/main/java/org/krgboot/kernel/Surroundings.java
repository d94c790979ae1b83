package org.krgboot.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.kernel.KernelAction.Where;
import org.krgboot.steps.Chroot;
import org.krgboot.steps.Machine;

/**
 * What the programs of a build find around them: nothing of the user's own environment, a date that
 * stands still, and no way to the machine's installkernel.
 */
record Surroundings(
    KernelRecipe recipe, KernelPlace place, Toolchain toolchain, Machine machine, Chroot chroot) {
  /**
   * A kernel's {@code make install} looks in ~/bin first (arch/x86/boot/install.sh). Some component
   * may call it: the machine's own would put a kernel into this machine's boot loader. Where it
   * finds none at all, it copies to INSTALL_PATH, which is /boot if nobody says otherwise.
   */
  private static final String INSTALL_KERNEL =
      """
      #!/bin/sh
      # A kernel's 'make install' ends here, and not in this machine's boot loader.
      mkdir -p "$INSTALL_PATH"
      cp "$2" "$INSTALL_PATH/vmlinuz-$1" && cp "$3" "$INSTALL_PATH/System.map-$1"
      """;

  private static final String CROSS = "CROSS_COMPILE";

  // As date(1) says it in the C locale, which is what a kernel shows as its own date.
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Makes what has to be there before the first program runs; may be done again. */
  void make() throws IOException {
    Files.createDirectories(place.temporary());
    Files.createDirectories(place.tools());
    Path bin = Files.createDirectories(place.home().resolve("bin"));
    for (String prefix : crossPrefixes()) {
      Path file = Path.of(bin + "/" + prefix + "installkernel").normalize();
      if (file.startsWith(bin)) {
        Files.createDirectories(file.resolveSibling("."));
        program(file, INSTALL_KERNEL);
      }
    }
    for (Map.Entry<String, String> each : toolchain.programs().entrySet()) {
      program(place.tools().resolve(each.getKey()), "#!/bin/sh\n" + each.getValue());
    }
    if (recipe.compiler().wrapper().isPresent()) {
      Path to = place.tools().resolve(Toolchain.WRAPPER);
      Files.copy(recipe.compiler().wrapper().get(), to, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /**
   * Trees look for it by the name of their other cross tools (INSTALLKERNEL in their Makefiles).
   */
  private Set<String> crossPrefixes() {
    Set<String> prefixes = new LinkedHashSet<>(List.of(""));
    prefixes.add(recipe.compiler().environment().getOrDefault(CROSS, ""));
    recipe.compiler().makeArguments().stream()
        .filter(each -> each.startsWith(CROSS + "="))
        .forEach(each -> prefixes.add(each.substring(CROSS.length() + 1)));
    return prefixes;
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The date of what is built, once that is decided. */
  Optional<Instant> date() throws IOException {
    return Files.exists(place.date())
        ? Optional.of(Instant.ofEpochSecond(Long.parseLong(Files.readString(place.date()).strip())))
        : Optional.empty();
  }

  /** A program's whole command line, with all that is around it. */
  List<String> around(KernelAction.Run run, int jobs, String release) throws IOException {
    List<String> line = new ArrayList<>(List.of("env", "-i"));
    Map<String, String> environment = environment();
    environment.putAll(run.environment());
    environment.forEach((name, value) -> line.add(name + "=" + value));
    line.addAll(List.of("sh", "-c", "umask 022; cd \"$0\" && exec \"$@\"", run.in().toString()));
    line.addAll(run.words());
    List<String> words =
        line.stream()
            .map(word ->
                word.replace(KernelAction.JOBS, "" + jobs).replace(KernelAction.RELEASE, release))
            .toList();
    Optional<Path> root = recipe.compiler().chroot().filter(_ -> run.where() != Where.MACHINE);
    if (root.isEmpty()) {
      return chroot.apart(words);
    }
    String here = place.path().toString();
    return chroot.in(
        root.get(),
        place.path(),
        words.stream().map(word -> word.replace(here, Chroot.SHOWN.toString())).toList());
  }

  private Map<String, String> environment() throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", place.tools() + ":" + machine.searchPath());
    environment.put("HOME", place.home().toString());
    environment.put("TMPDIR", place.temporary().toString());
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
    environment.put("INSTALL_PATH", place.stage().resolve("boot").toString());
    environment.put("KBUILD_BUILD_USER", "krgboot");
    environment.put("KBUILD_BUILD_HOST", "krgboot");
    environment.put("KBUILD_BUILD_VERSION", "1");
    Optional<Instant> date = date();
    if (date.isPresent()) {
      environment.put("SOURCE_DATE_EPOCH", "" + date.get().getEpochSecond());
      environment.put("KBUILD_BUILD_TIMESTAMP", DATE.format(date.get()));
    }
    environment.putAll(recipe.compiler().environment());
    return environment;
  }
}
