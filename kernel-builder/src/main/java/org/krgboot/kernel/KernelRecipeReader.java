package org.krgboot.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.krgboot.kernel.KernelRecipe.Compiler;
import org.krgboot.kernel.KernelRecipe.Component;
import org.krgboot.kernel.KernelRecipe.Initramfs;
import org.krgboot.kernel.KernelRecipe.Kernel;
import org.krgboot.kernel.KernelRecipe.Kerrighed;
import org.krgboot.kernel.KernelRecipe.OwnFile;
import org.krgboot.kernel.KernelRecipe.When;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.Permissions;
import org.krgboot.steps.RecipeException;
import org.krgboot.steps.RecipeFile;
import org.krgboot.steps.RecipeTable;

/** Reads the recipe of a kernel. */
public final class KernelRecipeReader {
  private static final List<String> TABLES =
      List.of("kernel", "config", "compiler", "initramfs", "kerrighed");
  private static final List<String> LISTS = List.of("source", "patch", "edit", "component", "file");
  private static final String FIRST_SOURCE = "linux";

  private final RecipeFile file;

  private KernelRecipeReader(RecipeFile file) {
    this.file = file;
  }

  /**
   * Reads a recipe.
   *
   * @throws RecipeException with all that is wrong in it
   */
  public static KernelRecipe read(Path path) throws RecipeException, IOException {
    return new KernelRecipeReader(RecipeFile.read(path, TABLES, LISTS)).recipe();
  }

  private KernelRecipe recipe() throws RecipeException {
    SourcesReader sourcesReader = new SourcesReader(file);
    List<KernelRecipe.Source> sources = file.all("source", sourcesReader::read);
    if (sources.isEmpty()) {
      file.problem("a recipe has at least one [[source]]: the kernel's tree");
    }
    String first = sources.isEmpty() ? FIRST_SOURCE : sources.getFirst().name();
    RecipeTable kernel = file.table("kernel");
    kernel.allow(Set.of("tree", "version", "arch", "targets", "image", "date", "command-line"));
    String tree = kernel.get("tree", Names::inTree).orElse(first);
    Optional<KernelVersion> version =
        kernel
            .get("version", KernelVersion::parse)
            .or(() -> kernel.has("version") ? Optional.empty() : sourcesReader.version(sources));
    if (version.isEmpty() && !kernel.has("version")) {
      kernel.problem(
          "version", "the sources do not tell the kernel's version; write version = \"6.1\"");
    }
    ChangesReader changes = new ChangesReader(file, tree);
    KernelRecipe recipe =
        new KernelRecipe(
            file.name(),
            kernel(kernel, tree, version.orElse(new KernelVersion(6, 1, 0))),
            sources,
            changes.read(),
            new ConfigReader(file).read(),
            compiler(),
            file.all("component", table -> component(table, first)),
            file.all("file", this::ownFile),
            initramfs(),
            kerrighed());
    names(sources);
    file.mustBeSound();
    return recipe;
  }

  private void names(List<KernelRecipe.Source> sources) {
    List<String> names = sources.stream().map(KernelRecipe.Source::name).toList();
    if (names.stream().distinct().count() != names.size()) {
      file.problem("two of the sources have one name; give each a name = of its own");
    }
  }

  private static Kernel kernel(RecipeTable table, String tree, KernelVersion version) {
    String arch = table.get("arch", Names::word).orElse("x86_64");
    List<String> targets =
        table.has("targets") ? table.list("targets", Names::word) : List.of("bzImage", "modules");
    return new Kernel(
        tree,
        version,
        arch,
        targets,
        table.get("image", Names::inTree),
        table.get("date", KernelRecipeReader::date),
        table.get("command-line", KernelRecipeReader::commandLine));
  }

  private static String commandLine(String text) {
    if (!text.matches("[ -~]{1," + KernelManifest.LONGEST_COMMAND_LINE + "}")) {
      throw new IllegalArgumentException(
          "'"
              + Names.shown(text)
              + "' has "
              + text.length()
              + " letters; at most "
              + KernelManifest.LONGEST_COMMAND_LINE
              + " plain ones go there: a kernel takes 2048, and krgboot's own words need room");
    }
    return text;
  }

  private static Instant date(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + Names.shown(text) + "' is no date; write it as 2026-01-31T12:00:00Z", e);
    }
  }

  private Compiler compiler() {
    RecipeTable table = file.table("compiler");
    table.allow(
        Set.of(
            "cc",
            "host-cc",
            "flags",
            "host-flags",
            "by-age",
            "make-arguments",
            "environment",
            "wrapper",
            "chroot"));
    Map<String, String> environment = new LinkedHashMap<>();
    for (String[] pair : table.list("environment", KernelRecipeReader::pair)) {
      environment.put(pair[0], pair[1]);
    }
    boolean byAge = table.get("by-age", KernelRecipeReader::yesOrNo).orElse(true);
    return new Compiler(
        table.get("cc", Names::program).orElse("gcc"),
        table.get("host-cc", Names::program).orElse("gcc"),
        byAge,
        table.list("flags", Names::argument),
        table.list("host-flags", Names::argument),
        table.list("make-arguments", text -> notInstalling(Names.line(text))),
        environment,
        table.get("wrapper", file::readable),
        table.get("chroot", file::readable));
  }

  private static boolean yesOrNo(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("write true or false");
    }
    return text.equals("true");
  }

  private static String[] pair(String text) {
    int equals = notInstalling(text).indexOf('=');
    if (equals < 1 || !text.substring(0, equals).matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "'" + Names.shown(text) + "' sets no variable; write it as NAME=value");
    }
    return new String[] {text.substring(0, equals), Names.printable(text.substring(equals + 1))};
  }

  /** What a kernel's own {@code make install} does is not for a recipe to say. */
  private static String notInstalling(String text) {
    if (text.matches("(INSTALL_PATH|INSTALLKERNEL)\\s*[:?+]*=.*")) {
      throw new IllegalArgumentException(
          "'"
              + Names.shown(text)
              + "' would put a kernel into this machine; it goes into the result");
    }
    return text;
  }

  private static Component component(RecipeTable table, String first) {
    table.allow(Set.of("name", "in", "when", "configure", "make", "install"));
    Component component =
        new Component(
            table.get("name", Names::word).orElse(""),
            table.get("in", Names::inTree).orElse(first),
            table.get("when", KernelRecipeReader::when).orElse(When.AFTER_BUILD),
            table.list("configure", Function.identity()),
            table.list("make", Function.identity()),
            table.list("install", Function.identity()));
    if (component.name().isEmpty()) {
      table.must("name");
    }
    return component;
  }

  private OwnFile ownFile(RecipeTable table) {
    table.allow(Set.of("path", "content", "from", "mode"));
    String path = table.get("path", text -> Names.inTree(text.replaceFirst("^/+", ""))).orElse("");
    if (path.isEmpty()) {
      table.must("path");
    }
    if (table.has("content") == table.has("from")) {
      table.problem("path", "[[file]] has either content or from");
    }
    return new OwnFile(
        path,
        table.text("content"),
        table.get("from", file::readable),
        table.get("mode", Permissions::of).orElse("rw-r--r--"));
  }

  private static When when(String text) {
    return switch (text) {
      case "before-configure" -> When.BEFORE_CONFIGURE;
      case "after-build" -> When.AFTER_BUILD;
      default ->
          throw new IllegalArgumentException(
              "'" + Names.shown(text) + "' is neither before-configure nor after-build");
    };
  }

  private Optional<Initramfs> initramfs() {
    RecipeTable table = file.table("initramfs");
    table.allow(Set.of("root", "modules", "compress"));
    if (!file.has("initramfs")) {
      return Optional.empty();
    }
    if (table.must("root").isEmpty()) {
      return Optional.empty();
    }
    return table
        .get("root", file::readable)
        .map(root ->
            new Initramfs(
                root,
                table.list("modules", Names::word),
                table.get("compress", Names::word).orElse("gzip")));
  }

  private Optional<Kerrighed> kerrighed() {
    RecipeTable table = file.table("kerrighed");
    table.allow(Set.of("session", "nbmin", "nodes", "defaults"));
    if (!file.has("kerrighed")) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    if (table.must("session").isEmpty()) {
      return Optional.empty();
    }
    table
        .get("session", text -> Names.number(text, 1, 9999))
        .ifPresent(session -> lines.add("session=" + session));
    table
        .get("nbmin", text -> Names.number(text, 1, 255))
        .ifPresent(least -> lines.add("nbmin=" + least));
    lines.addAll(table.list("nodes", KernelRecipeReader::node));
    if (String.join("\n", lines).length() >= 4096) {
      table.problem("nodes", "Kerrighed reads the first 4096 bytes of its nodes only: name fewer");
    }
    return Optional.of(new Kerrighed(lines, table.list("defaults", Names::line)));
  }

  private static String node(String text) {
    if (!text.matches(
        "[A-Za-z0-9][A-Za-z0-9.-]*:([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])(:[A-Za-z0-9.,_-]+)?")) {
      throw new IllegalArgumentException(
          "'"
              + Names.shown(text)
              + "' is no node; write it as krgnode101:101:eth0, with an id from"
              + " 0 to 255");
    }
    return text;
  }
}
