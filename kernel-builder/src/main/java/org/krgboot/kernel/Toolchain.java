package org.krgboot.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.krgboot.kernel.KernelRecipe.Compiler;
import org.krgboot.steps.Machine;

/**
 * What compiles a kernel, and how it is called.
 *
 * @param versions the first lines of what compiler, linker and make say of themselves
 * @param gcc the compiler's version, if it is a gcc
 * @param flags in front of all other words of the kernel's compiler
 */
record Toolchain(
    Compiler compiler,
    List<String> versions,
    Optional<String> gcc,
    List<KernelAge.Flag> flags,
    boolean oldNames) {
  private static final String CC = "krgboot-cc";
  private static final String HOST_CC = "krgboot-hostcc";
  private static final Pattern GCC = Pattern.compile("([0-9]{1,3})(?:\\.([0-9]{1,3}))?.*");

  /** Asks the tools; one that is not there says nothing. */
  static Toolchain of(KernelRecipe recipe, Machine machine) throws IOException {
    Compiler compiler = recipe.compiler();
    List<String> versions = new ArrayList<>();
    for (String program : List.of(compiler.cc(), compiler.hostCc(), "ld", "make")) {
      say(compiler, machine, program, "--version").ifPresent(versions::add);
    }
    Optional<String> gcc =
        versions.stream()
                .findFirst()
                .filter(v -> v.contains("gcc") || v.contains("GCC"))
                .isPresent()
            ? say(compiler, machine, compiler.cc(), "-dumpfullversion", "-dumpversion")
            : Optional.empty();
    List<KernelAge.Flag> flags = new ArrayList<>();
    KernelVersion version = recipe.kernel().version();
    if (compiler.byAge() && KernelAge.isX86(recipe.kernel().arch())) {
      flags.addAll(KernelAge.flags(version));
    }
    compiler.flags().forEach(word -> flags.add(new KernelAge.Flag(word, "the recipe says so")));
    return new Toolchain(
        compiler,
        versions.stream().distinct().toList(),
        gcc,
        flags,
        !KernelAge.readsBuildVariables(version));
  }

  private static Optional<String> say(
      Compiler compiler, Machine machine, String program, String... words) throws IOException {
    List<String> line = new ArrayList<>();
    if (compiler.chroot().isPresent()) {
      line.addAll(List.of("chroot", compiler.chroot().get().toString(), program));
    } else {
      Optional<Path> found =
          program.contains("/") ? Optional.of(Path.of(program)) : machine.find(program);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      line.add(found.get().toString());
    }
    line.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("PATH", machine.searchPath());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      process.getOutputStream().close();
      List<String> lines = output.lines().toList();
      return process.waitFor() == 0 ? lines.stream().findFirst() : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What is in front of the kernel's compiler, if anything is; else the compiler. */
  String cc() {
    return flags.isEmpty() && compiler.wrapper().isEmpty() ? compiler.cc() : CC;
  }

  String hostCc() {
    return compiler.hostFlags().isEmpty() ? compiler.hostCc() : HOST_CC;
  }

  /** In order of what people look for first. */
  String name() {
    return versions.isEmpty() ? compiler.cc() : versions.getFirst();
  }

  Optional<String> tooOld(KernelVersion version) {
    return gccVersion().flatMap(gcc -> KernelAge.tooOld(version, gcc[0], gcc[1]));
  }

  Optional<String> warning(KernelVersion version) {
    return gccVersion().flatMap(gcc -> KernelAge.warning(version, gcc[0]));
  }

  private Optional<int[]> gccVersion() {
    return gcc.map(GCC::matcher)
        .filter(Matcher::matches)
        .map(m ->
            new int[] {
              Integer.parseInt(m.group(1)), m.group(2) == null ? 0 : Integer.parseInt(m.group(2))
            });
  }

  /** Programs that stand in front of the machine's, by name. */
  Map<String, String> programs() {
    Map<String, String> programs = new LinkedHashMap<>();
    if (!cc().equals(compiler.cc())) {
      programs.put(CC, calling(compiler.cc(), flags.stream().map(KernelAge.Flag::word).toList()));
    }
    if (!hostCc().equals(compiler.hostCc())) {
      programs.put(HOST_CC, calling(compiler.hostCc(), compiler.hostFlags()));
    }
    if (oldNames) { // trees of that age ask these programs, and no variable
      programs.put("date", "exec /bin/date -u -d \"@$SOURCE_DATE_EPOCH\" \"$@\"\n");
      programs.put("whoami", "echo krgboot\n");
      programs.put("hostname", "echo krgboot\n");
      programs.put("dnsdomainname", "echo\n");
      programs.put("domainname", "echo\n");
    }
    return programs;
  }

  static final String WRAPPER = "krgboot-wrapper";

  private String calling(String program, List<String> words) {
    StringBuilder line = new StringBuilder("exec ");
    if (compiler.wrapper().isPresent()) {
      line.append(WRAPPER).append(' ');
    }
    line.append(quoted(program));
    words.forEach(word -> line.append(' ').append(quoted(word)));
    // The kernel's own words come last: parts of it are built as -fPIC, and a -fno-pie behind that
    // gives a kernel that builds without a word and resets the machine (seen with 2.6.30).
    return line.append(" \"$@\"\n").toString();
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
