package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.krgboot.images.Image;
import org.krgboot.images.ImageStore;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.Chroot;
import org.krgboot.steps.Command;

/**
 * A root to run programs in, as on a machine that was booted from it: with /proc, /sys, /dev, /run
 * and /tmp, which are gone when the program is, in whatever way it ended.
 */
public final class RootSpace implements AutoCloseable {
  /** What brings a Debian root up to date. */
  public static final List<String> UPDATE =
      List.of(
          "/bin/sh",
          "-e",
          "-c",
          "apt-get update; apt-get --yes dist-upgrade; apt-get --yes autoremove; apt-get clean");

  /**
   * Root's own, and empty after each start: a root may be where nothing can be written beside it.
   */
  private static final Path SCRATCH = Path.of("/run");

  private final Path root;
  private final Host host;
  private final Path scratch;

  private RootSpace(Path root, Host host, Path scratch) {
    this.root = root;
    this.host = host;
    this.scratch = scratch;
  }

  /**
   * Opens a root that is there, to change it.
   *
   * @throws BuildFailedException if it is an image, or part of one: these never change
   */
  public static RootSpace openToChange(Path root) throws IOException, BuildFailedException {
    if (Files.isDirectory(root)) {
      OptionalInt image = ImageStore.imageOf(root.toRealPath());
      if (image.isPresent()) {
        int number = image.getAsInt();
        throw new BuildFailedException(
            root
                + " is image "
                + number
                + ", and images never change; by its number you get a new one: krgboot root shell "
                + number);
      }
    }
    return open(root);
  }

  /** Opens a root that is there. Needs root. */
  public static RootSpace open(Path root) throws IOException, BuildFailedException {
    Host host = Host.real();
    if (!Files.isDirectory(root)) {
      throw new BuildFailedException(root + " is not a directory");
    }
    if (!host.isRoot()) {
      throw new BuildFailedException("to run programs in a root needs root: run this as root");
    }
    return new RootSpace(
        root.toRealPath(), host, Files.createTempDirectory(SCRATCH, "krgboot-root-"));
  }

  private Path log() throws IOException {
    return Files.createTempFile(scratch, "run", ".log");
  }

  private Chroot chroot() {
    return new Chroot(scratch.resolve("busy"));
  }

  /**
   * Runs a program in the root, on this terminal.
   *
   * @return its status
   */
  public int run(List<String> program) throws IOException {
    List<String> line = chroot().in(root, program);
    ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
    builder.environment().put("PATH", host.searchPath());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("HOME", "/root");
    builder.environment().put("debian_chroot", "node root");
    Process process = builder.start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program.getFirst() + " ran", e);
    }
  }

  /** What a program in the root says, which it cannot change; nothing if it fails. */
  List<String> lines(List<String> program) throws IOException {
    List<String> lines = new ArrayList<>();
    Command command = new Command(host.machine(), log(), Remedies.OF_ROOTS);
    return command.run(chroot().lookingInto(root, program), "", lines::add).status() == 0
        ? lines
        : List.of();
  }

  void remove() throws IOException, BuildFailedException {
    Command command = new Command(host.machine(), log(), Remedies.OF_ROOTS);
    Command.Ended ended =
        command.run(List.of("rm", "-rf", "--one-file-system", "--", root.toString()), "", _ -> {});
    if (ended.status() != 0) {
      throw new BuildFailedException(
          root + " cannot be removed: " + String.join("; ", ended.lastLines()));
    }
  }

  /**
   * Makes a new image of one that is there: runs a program in a copy of it.
   *
   * @throws BuildFailedException if the program fails; there is no new image then
   */
  public static Image change(
      ImageStore store, int number, List<String> program, BuildProgress progress)
      throws IOException, BuildFailedException {
    Image image = store.image(number);
    store.removeLeftovers().forEach(progress::note);
    Path place = Files.createTempDirectory(store.building(), "change-");
    Path copy = place.resolve("root");
    progress.note("copying image " + number);
    Host host = Host.real();
    try (RootSpace scratch = open(place)) {
      Command command = new Command(host.machine(), scratch.log(), Remedies.OF_ROOTS);
      List<String> cp =
          List.of("cp", "-a", "--reflink=auto", store.root(number).toString(), copy.toString());
      Command.Ended copied = command.run(cp, "", _ -> {});
      if (copied.status() != 0) {
        throw new BuildFailedException(
            "image " + number + " cannot be copied: " + String.join("; ", copied.lastLines()));
      }
      int status;
      try (RootSpace space = open(copy)) {
        status = space.run(program);
      }
      if (status != 0) {
        throw new BuildFailedException(
            "it ended with status "
                + status
                + ", so there is no new image; image "
                + number
                + " is as it was");
      }
      return store.add(copy, image.name(), progress::note);
    } finally {
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        try (RootSpace space = open(place)) {
          space.remove();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(scratch);
  }
}
