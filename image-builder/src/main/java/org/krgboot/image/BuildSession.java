package org.krgboot.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One build in its directory. Closing it ends what runs, as does the end of the JVM by a signal;
 * what is done stays for the next one, unless that is nothing.
 */
final class BuildSession implements AutoCloseable {
  private static final DateTimeFormatter ID = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final BuildDirectory directory;
  private final FileChannel lock;
  private final Command command;
  private final ActionRunner actions;
  private final BuildProgress progress;
  private final Thread onExit;

  private BuildSession(
      BuildDirectory directory,
      FileChannel lock,
      Command command,
      Host host,
      BuildProgress progress) {
    this.directory = directory;
    this.lock = lock;
    this.command = command;
    this.progress = progress;
    this.actions = new ActionRunner(directory, host, command, progress);
    this.onExit = new Thread(command::stop, "krgboot-root-build-stop");
  }

  /** Begins; waits until all that a killed build had started is gone. */
  static BuildSession open(BuildDirectory directory, Host host, BuildProgress progress)
      throws IOException, BuildFailedException {
    FileChannel lock = directory.lock();
    try {
      Command command = new Command(host, directory.log());
      command.log(
          "krgboot root build in "
              + directory.path()
              + ", "
              + LocalDateTime.now(ZoneId.systemDefault()));
      BuildSession session = new BuildSession(directory, lock, command, host, progress);
      session.actions.check(
          "waiting for the processes of an earlier build",
          command.run(directory.chroot().whenFree(), "", _ -> {}));
      Runtime.getRuntime().addShutdownHook(session.onExit);
      return session;
    } catch (IOException | BuildFailedException e) {
      lock.close();
      throw e;
    }
  }

  void build(List<Step> steps) throws IOException, BuildFailedException {
    new StepRunner(directory, actions, command, progress).run(steps);
  }

  /** Begins anew. */
  void forget() {
    for (Path part : List.of(directory.done(), directory.begun(), directory.root())) {
      actions.remove(part);
    }
  }

  /** Puts the root in its place; what stood there is kept beside it. */
  Optional<Path> publish(Path target) throws IOException {
    Optional<Path> old = Optional.empty();
    if (Files.exists(target) && !isEmpty(target)) {
      String id = ID.format(LocalDateTime.now(ZoneId.systemDefault()));
      Path beside = target.resolveSibling(target.getFileName() + ".old-" + id);
      Files.move(target, beside, StandardCopyOption.ATOMIC_MOVE);
      old = Optional.of(beside);
    }
    Files.move(directory.root(), target, StandardCopyOption.ATOMIC_MOVE);
    remove();
    return old;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> inside = Files.list(directory)) {
      return inside.findAny().isEmpty();
    }
  }

  /** Removes the directory: what was built is elsewhere. */
  void remove() {
    actions.remove(directory.path());
  }

  @Override
  public void close() throws IOException {
    try {
      if (Files.exists(directory.path()) && !Files.exists(directory.done().resolve("000"))) {
        remove();
      }
    } finally {
      command.stop();
      lock.close();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      command.log("the process is ending");
    }
  }
}
