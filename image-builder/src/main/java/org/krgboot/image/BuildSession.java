package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One build. Closing it ends what runs and removes what was made, unless that was published; so
 * does the end of the JVM by a signal.
 */
final class BuildSession implements AutoCloseable {
  /** One step of a build. */
  private record Step(String what, Action action) {}

  private interface Action {
    void run() throws IOException, BuildFailedException;
  }

  private final RootRecipe recipe;
  private final Host host;
  private final Path log;
  private final String id;
  private final BuildProgress progress;
  private final Command command;
  private final BuildDirectory directory;
  private final Thread onExit = new Thread(this::cleanUp, "krgboot-root-build-cleanup");
  private String kernelRelease = "";
  private boolean closed;

  private BuildSession(RootRecipe recipe, Host host, Path log, String id, BuildProgress progress)
      throws IOException {
    this.recipe = recipe;
    this.host = host;
    this.log = log;
    this.id = id;
    this.progress = progress;
    this.command = new Command(host, log);
    this.directory = BuildDirectory.create(recipe.target(), id);
  }

  static BuildSession open(
      RootRecipe recipe, Host host, Path log, String id, BuildProgress progress)
      throws IOException {
    BuildSession session = new BuildSession(recipe, host, log, id, progress);
    Runtime.getRuntime().addShutdownHook(session.onExit);
    Files.deleteIfExists(log);
    session.command.log("krgboot root build of " + recipe.target() + ", " + id);
    return session;
  }

  void build() throws IOException, BuildFailedException {
    List<Step> steps =
        List.of(
            new Step("install Debian " + recipe.suite() + " (1 to 3 minutes)", this::install),
            new Step("make it a root that nodes share", this::configure),
            new Step("set who can log in", this::login),
            new Step("verify kernel, initrd and init", this::verify));
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      progress.step(i + 1, steps.size(), step.what());
      command.log("== " + step.what());
      long start = System.nanoTime();
      step.action().run();
      double seconds = (System.nanoTime() - start) / 1e9;
      progress.note(String.format(Locale.ROOT, "done in %.1f s", seconds));
    }
  }

  private void install() throws IOException, BuildFailedException {
    AptSources sources =
        recipe.mirror().isPresent()
            ? AptSources.ofMirror(recipe.mirror().get(), recipe.suite())
            : AptSources.ofHost(host.etcApt(), recipe.suite());
    if (sources.entries().isEmpty()) {
      throw new BuildFailedException(
          "apt on this machine has no source of Debian "
              + recipe.suite()
              + "; name a mirror, or another release");
    }
    Bootstrap bootstrap = new Bootstrap(recipe, sources, directory);
    RootWriter early = new RootWriter(directory.early());
    early.write(RootFiles.of(recipe).early());
    Files.writeString(bootstrap.sourcesFile(), sources.text());
    if (host.find("mmdebstrap").isPresent()) {
      run("installing packages", bootstrap.mmdebstrap(), this::installed);
    } else {
      run("installing packages", bootstrap.debootstrap(), this::installed);
      new RootWriter(directory.root()).write(RootFiles.of(recipe).early());
      run("making the initrd", chroot("update-initramfs", "-u", "-k", "all"), line -> {});
    }
    RootWriter root = new RootWriter(directory.root());
    root.write(
        List.of(
            new RootFiles.Entry.File(
                "etc/apt/sources.list", bootstrap.rootSources().text(), "rw-r--r--")));
    Files.deleteIfExists(
        directory.root().resolve("etc/apt/sources.list.d").resolve("0000sources.list"));
  }

  /** Passes on mmdebstrap's and debootstrap's own lines of progress. */
  private void installed(String line) {
    if (line.startsWith("I: ") && (line.contains("...") || line.contains("Configuring linux"))) {
      progress.note(line.substring(3));
    }
  }

  private void configure() throws IOException, BuildFailedException {
    RootWriter writer = new RootWriter(directory.root());
    writer.write(RootFiles.of(recipe).late());
    // On a node /run is a file system of its own that hides this. Here it gives a chroot names.
    Path hostResolver = Path.of("/etc/resolv.conf");
    if (Files.isReadable(hostResolver)) {
      String resolver = Files.readString(hostResolver);
      writer.write(
          List.of(new RootFiles.Entry.File("run/krgboot/resolv.conf", resolver, "rw-r--r--")));
    }
  }

  private void login() throws IOException, BuildFailedException {
    if (recipe.login().rootPassword().isPresent()) {
      String line = "root:" + recipe.login().rootPassword().get() + "\n";
      check("setting the root password", command.run(chroot("chpasswd"), line, output -> {}));
    }
    if (recipe.login().authorizedKey().isPresent()) {
      String keys = Files.readString(recipe.login().authorizedKey().get());
      new RootWriter(directory.root())
          .write(List.of(new RootFiles.Entry.File("root/.ssh/authorized_keys", keys, "rw-------")));
    }
    if (recipe.login().rootPassword().isEmpty() && recipe.login().authorizedKey().isEmpty()) {
      progress.note("nobody can log in to the nodes: no root password and no key was given");
    }
    run("making ssh host keys", chroot("ssh-keygen", "-A"), line -> {});
  }

  private void verify() throws IOException, BuildFailedException {
    String release = findKernel();
    kernelRelease = release;
    Path boot = directory.root().resolve("boot");
    List<String> missing = new ArrayList<>();
    Path init = directory.root().resolve("sbin/init");
    for (Path file : List.of(boot.resolve("vmlinuz-" + release), init)) {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        missing.add("/" + directory.root().relativize(file));
      }
    }
    List<String> listed = new ArrayList<>();
    run("listing the initrd", chroot("lsinitramfs", "/boot/initrd.img-" + release), listed::add);
    for (String wanted : recipe.size().wantedInInitrd()) {
      if (listed.stream().noneMatch(line -> line.contains(wanted))) {
        missing.add(wanted + " in the initrd");
      }
    }
    if (!missing.isEmpty()) {
      throw new BuildFailedException(
          "the root would not boot, it lacks: "
              + String.join(", ", missing)
              + "; the log is "
              + log);
    }
    Manifest manifest = Manifest.of(recipe, release);
    new RootWriter(directory.root())
        .write(List.of(new RootFiles.Entry.File(Manifest.PATH, manifest.text(), "rw-r--r--")));
  }

  private String findKernel() throws IOException, BuildFailedException {
    Path boot = directory.root().resolve("boot");
    List<String> names = List.of();
    if (Files.isDirectory(boot)) {
      try (Stream<Path> list = Files.list(boot)) {
        names = list.map(p -> p.getFileName().toString()).sorted().toList();
      }
    }
    return names.stream()
        .filter(name -> name.startsWith("vmlinuz-"))
        .map(name -> name.substring("vmlinuz-".length()))
        .findFirst()
        .orElseThrow(() -> new BuildFailedException("no kernel was installed; the log is " + log));
  }

  /** The release of the root's kernel; known once it is built. */
  String kernelRelease() {
    return kernelRelease;
  }

  /** Puts the root in its place. */
  Optional<Path> publish() throws IOException {
    Path target = recipe.target();
    Optional<Path> old = Optional.empty();
    if (Files.exists(target) && !isEmpty(target)) {
      Path beside = target.resolveSibling(target.getFileName() + ".old-" + id);
      Files.move(target, beside, StandardCopyOption.ATOMIC_MOVE);
      old = Optional.of(beside);
    }
    Files.move(directory.root(), target, StandardCopyOption.ATOMIC_MOVE);
    return old;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> inside = Files.list(directory)) {
      return inside.findAny().isEmpty();
    }
  }

  /**
   * A command line that runs a program in the root. It has mounts of its own, which the kernel
   * releases when the last process in it ends, however that comes.
   */
  private List<String> chroot(String... program) {
    List<String> line = new ArrayList<>();
    line.addAll(Bootstrap.APART);
    line.addAll(List.of("sh", "-c"));
    line.add("mount -t proc proc \"$1/proc\" && exec chroot \"$@\"");
    line.addAll(List.of("sh", directory.root().toString()));
    line.addAll(List.of(program));
    return line;
  }

  private void run(String what, List<String> line, Consumer<String> eachLine)
      throws IOException, BuildFailedException {
    check(what, command.run(line, "", eachLine));
  }

  private void check(String what, Command.Ended ended) throws BuildFailedException {
    if (ended.status() != 0) {
      throw new BuildFailedException(
          what
              + " failed with status "
              + ended.status()
              + ". Its last lines:\n  "
              + String.join("\n  ", ended.lastLines())
              + "\n"
              + Remedy.of(ended.lastLines())
              + "All of it is in "
              + log);
    }
  }

  private synchronized void cleanUp() {
    if (closed) {
      return;
    }
    closed = true;
    command.stop();
    try {
      directory.remove(host);
    } catch (IOException e) {
      progress.note("could not remove " + directory.path() + ": " + e);
    }
  }

  @Override
  public void close() {
    cleanUp();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      command.log("the process is ending");
    }
  }
}
