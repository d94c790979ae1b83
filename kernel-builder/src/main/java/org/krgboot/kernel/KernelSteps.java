package org.krgboot.kernel;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.kernel.KernelAction.Watch;
import org.krgboot.kernel.KernelAction.Where;
import org.krgboot.kernel.KernelRecipe.Base;
import org.krgboot.kernel.KernelRecipe.Change;
import org.krgboot.kernel.KernelRecipe.Component;
import org.krgboot.kernel.KernelRecipe.When;
import org.krgboot.steps.Step;
import org.krgboot.steps.Step.Repeat;

/** The plan of a build: from a recipe to steps. Changes nothing. */
final class KernelSteps {
  /** So that two builds give the same tree. */
  private static final String TIMES =
      "find . -newermt \"@$SOURCE_DATE_EPOCH\""
          + " -exec touch --no-dereference --date=\"@$SOURCE_DATE_EPOCH\" {} +";

  private final KernelRecipe recipe;
  private final KernelPlace place;
  private final Toolchain toolchain;
  private final Optional<Instant> epoch;
  private final Path tree;

  private KernelSteps(
      KernelRecipe recipe, KernelPlace place, Toolchain toolchain, Optional<Instant> epoch) {
    this.recipe = recipe;
    this.place = place;
    this.toolchain = toolchain;
    this.epoch = epoch;
    this.tree = place.source(recipe.kernel().tree());
  }

  /**
   * All steps, in order.
   *
   * @param epoch from SOURCE_DATE_EPOCH
   */
  static List<Step<KernelAction>> of(
      KernelRecipe recipe, KernelPlace place, Toolchain toolchain, Optional<Instant> epoch) {
    return new KernelSteps(recipe, place, toolchain, epoch).all();
  }

  private List<Step<KernelAction>> all() {
    List<Step<KernelAction>> steps = new ArrayList<>();
    for (KernelRecipe.Source source : recipe.sources()) {
      steps.add(new SourceSteps(place).unpack(source));
    }
    steps.add(date());
    if (!recipe.changes().isEmpty()) {
      steps.add(patch());
    }
    for (Component component : components(When.BEFORE_CONFIGURE)) {
      steps.add(prepare(component));
    }
    steps.add(configure());
    steps.add(
        new Step<>(
            "verify",
            "see that the configuration is what was asked for",
            Repeat.AGAIN,
            List.of(new KernelAction.Check(tree, recipe.kernel().version(), recipe.config()))));
    if (!recipe.kernel().targets().isEmpty()) {
      steps.add(build());
    }
    for (Component component : components(When.AFTER_BUILD)) {
      if (!component.configure().isEmpty() || !component.make().isEmpty()) {
        steps.add(make(component));
      }
    }
    steps.add(stage());
    recipe
        .initramfs()
        .ifPresent(initramfs -> steps.add(new InitramfsStep(place, tree).of(initramfs)));
    return steps;
  }

  private List<Component> components(When when) {
    return recipe.components().stream().filter(each -> each.when() == when).toList();
  }

  private Step<KernelAction> date() {
    Path first = place.source(recipe.sources().getFirst().name());
    Optional<Instant> given = epoch.or(() -> recipe.kernel().date());
    return new Step<>(
        "unpack date",
        "decide the date of what is built",
        Repeat.AGAIN,
        List.of(new KernelAction.Date(first, given)));
  }

  private Step<KernelAction> patch() {
    List<KernelAction> actions = new ArrayList<>();
    actions.add(new KernelAction.Trial(recipe.changes()));
    for (Change change : recipe.changes()) {
      switch (change) {
        case Change.Patch patch -> {
          actions.add(new KernelAction.Reads(patch.file()));
          actions.add(
              new KernelAction.Run(
                  "patching with " + patch.file(),
                  place.source(patch.tree()),
                  patchWords(patch, place.source(patch.tree())),
                  Map.of(),
                  Where.MACHINE,
                  Watch.LOG_ONLY));
        }
        case Change.Edit edit -> actions.add(new KernelAction.Edit(edit));
      }
    }
    return new Step<>(
        "patch",
        "apply " + recipe.changes().size() + " patches and edits",
        Repeat.GO_BACK,
        actions);
  }

  static List<String> patchWords(Change.Patch patch, Path directory) {
    return List.of(
        "patch",
        "--directory=" + directory,
        "--strip=" + patch.strip(),
        "--forward",
        "--batch",
        "--no-backup-if-mismatch",
        "--input=" + patch.file());
  }

  private KernelAction ownFile(KernelRecipe.OwnFile file) {
    return file.from().isPresent()
        ? new KernelAction.Place(file.from().get(), file.path(), file.permissions())
        : new KernelAction.Write(file.path(), file.content().orElse(""), file.permissions());
  }

  private KernelAction with() {
    return new KernelAction.Toolchain(toolchain.versions(), recipe.compiler(), toolchain.flags());
  }

  private Step<KernelAction> prepare(Component component) {
    List<KernelAction> actions = new ArrayList<>(List.of(with()));
    actions.addAll(lines(component, "configuring", component.configure()));
    actions.addAll(lines(component, "making", component.make()));
    return new Step<>(
        "prepare " + component.name(),
        "configure and make " + component.name() + ", which comes before the kernel",
        Repeat.GO_BACK,
        actions);
  }

  private Step<KernelAction> make(Component component) {
    List<KernelAction> actions = new ArrayList<>(List.of(with()));
    actions.addAll(lines(component, "configuring", component.configure()));
    actions.addAll(lines(component, "making", component.make()));
    return new Step<>(
        "build " + component.name(),
        "configure and make " + component.name(),
        Repeat.AGAIN,
        actions);
  }

  private List<KernelAction> lines(Component component, String what, List<String> lines) {
    if (lines.isEmpty()) {
      return List.of();
    }
    return List.of(
        new KernelAction.Run(
            what + " " + component.name(),
            place.source(component.in()),
            List.of("sh", "-e", "-c", String.join("\n", lines)),
            componentEnvironment(),
            Where.WITH_COMPILER,
            Watch.COMPILING));
  }

  /** What a component's commands can name. */
  private Map<String, String> componentEnvironment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("KERNEL", tree.toString());
    environment.put("SOURCES", place.sources().toString());
    environment.put("DESTDIR", place.stage().toString());
    environment.put("JOBS", KernelAction.JOBS);
    environment.put("ARCH", recipe.kernel().arch());
    environment.put("CC", toolchain.cc());
    environment.put("HOSTCC", toolchain.hostCc());
    return environment;
  }

  private List<String> makeWords(String... targets) {
    List<String> words = new ArrayList<>(List.of("make", "-C", tree.toString()));
    words.add("ARCH=" + recipe.kernel().arch());
    words.add("CC=" + toolchain.cc());
    words.add("HOSTCC=" + toolchain.hostCc());
    words.addAll(recipe.compiler().makeArguments());
    words.addAll(List.of(targets));
    return words;
  }

  private KernelAction run(String what, Watch watch, List<String> words) {
    return new KernelAction.Run(what, tree, words, Map.of(), Where.WITH_COMPILER, watch);
  }

  private Step<KernelAction> configure() {
    List<KernelAction> actions = new ArrayList<>(List.of(with()));
    actions.add(new KernelAction.Version(tree, recipe.kernel().version()));
    recipe.config().fragments().forEach(file -> actions.add(new KernelAction.Reads(file)));
    actions.add(new KernelAction.KeepConfig(tree));
    Path config = tree.resolve(".config");
    switch (recipe.config().base()) {
      case Base.Target(String name) ->
          actions.add(run("make " + name, Watch.LOG_ONLY, makeWords(name)));
      case Base.OwnFile(Path file) -> actions.add(new KernelAction.Copy(file, config));
      case Base.InTree(String file) ->
          actions.add(run("copying " + file, Watch.LOG_ONLY, List.of("cp", file, ".config")));
      case Base.AsItIs() -> {}
    }
    actions.add(new KernelAction.Merge(tree, recipe.config().requests()));
    if (KernelAge.hasOlddefconfig(recipe.kernel().version())) {
      actions.add(run("make olddefconfig", Watch.LOG_ONLY, makeWords("olddefconfig")));
    } else {
      List<String> words =
          new ArrayList<>(List.of("sh", "-c", "yes '' | \"$@\"", "sh")); // takes all defaults
      words.addAll(makeWords("oldconfig"));
      actions.add(run("make oldconfig", Watch.LOG_ONLY, words));
    }
    return new Step<>("configure", "make the kernel's configuration", Repeat.GO_BACK, actions);
  }

  private Step<KernelAction> build() {
    List<String> words = makeWords(recipe.kernel().targets().toArray(String[]::new));
    words.add("-j" + KernelAction.JOBS);
    return new Step<>(
        "build",
        "build the kernel",
        Repeat.AGAIN,
        List.of(
            with(),
            // It counts builds, and is in the kernel's own version text.
            run("removing .version", Watch.LOG_ONLY, List.of("rm", "-f", ".version")),
            run("building the kernel", Watch.COMPILING, words)));
  }

  private Step<KernelAction> stage() {
    List<KernelAction> actions = new ArrayList<>(List.of(with()));
    actions.add(new KernelAction.Image(tree, recipe.kernel().image()));
    if (recipe.kernel().targets().contains("modules")) {
      List<String> install = makeWords("modules_install");
      install.add("INSTALL_MOD_PATH=" + place.stage());
      install.add("DEPMOD=true"); // ours comes after all components
      actions.add(
          new KernelAction.IfModules(
              tree, List.of(run("installing modules", Watch.LOG_ONLY, install))));
    }
    recipe.components().forEach(each -> actions.addAll(lines(each, "installing", each.install())));
    actions.add(
        new KernelAction.IfModules(
            tree,
            List.of(
                new KernelAction.Run(
                    "listing the modules' dependencies",
                    tree,
                    List.of(
                        "depmod",
                        "-b",
                        place.stage().toString(),
                        "-F",
                        "System.map",
                        KernelAction.RELEASE),
                    Map.of(),
                    Where.MACHINE,
                    Watch.LOG_ONLY))));
    recipe.kerrighed().ifPresent(own -> actions.addAll(KerrighedFiles.of(own)));
    recipe.files().forEach(file -> actions.add(ownFile(file)));
    actions.add(new KernelAction.Mend());
    actions.add(
        new KernelAction.Run(
            "setting times",
            place.stage(),
            List.of("sh", "-e", "-c", TIMES),
            Map.of(),
            Where.MACHINE,
            Watch.LOG_ONLY));
    return new Step<>("stage", "put together what comes of it", Repeat.GO_BACK, actions);
  }
}
