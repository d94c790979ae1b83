package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.BuildSession;
import org.krgboot.steps.Step;
import org.krgboot.steps.StepRunner;
import org.krgboot.steps.Stretch;

/** One build of a root in its directory. */
record RootSession(RootDirectory directory, BuildSession session, BuildProgress progress)
    implements AutoCloseable {
  private static final DateTimeFormatter ID = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  /** Begins; waits until all that a killed build had started is gone. */
  static RootSession open(RootDirectory directory, Host host, BuildProgress progress)
      throws IOException, BuildFailedException {
    BuildSession session =
        BuildSession.open(
            directory.build(), host.machine(), Remedies.OF_ROOTS, "krgboot root build");
    return new RootSession(directory, session, progress);
  }

  void build(List<Step<RootAction>> steps) throws IOException, BuildFailedException {
    RootWork work = new RootWork(directory, session, progress);
    new StepRunner<>(directory.build(), session, work, progress).run(steps, Stretch.ALL);
  }

  /** Begins anew. */
  void forget() throws IOException {
    session.forget();
    session.remove(directory.root());
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
    session.remove();
    return old;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> inside = Files.list(directory)) {
      return inside.findAny().isEmpty();
    }
  }

  /** Removes the directory: what was built is elsewhere. */
  void remove() throws IOException {
    session.remove();
  }

  @Override
  public void close() throws IOException {
    session.close();
  }
}
