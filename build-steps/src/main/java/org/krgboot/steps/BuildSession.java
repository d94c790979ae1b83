package org.krgboot.steps;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;

/**
 * One build in its directory. Closing it ends what runs, as does the end of the JVM by a signal;
 * what is done stays for the next one, unless that is nothing.
 */
public final class BuildSession implements AutoCloseable {
  private final BuildDirectory directory;
  private final Machine machine;
  private final FileChannel lock;
  private final Command command;
  private final Thread onExit;

  private BuildSession(
      BuildDirectory directory, Machine machine, FileChannel lock, Command command) {
    this.directory = directory;
    this.machine = machine;
    this.lock = lock;
    this.command = command;
    this.onExit = new Thread(command::stop, "krgboot-build-stop");
  }

  /**
   * Begins; waits until all that a killed build had started is gone.
   *
   * @param title the first line in the log
   */
  public static BuildSession open(
      BuildDirectory directory, Machine machine, Remedy remedy, String title)
      throws IOException, BuildFailedException {
    FileChannel lock = directory.lock();
    try {
      Command command = new Command(machine, directory.log(), remedy);
      LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
      command.log(title + " in " + directory.path() + ", " + now);
      BuildSession session = new BuildSession(directory, machine, lock, command);
      machine.mounts().refuseBelow(directory.path());
      command.must(
          "waiting for the processes of an earlier build", new Chroot(directory.busy()).whenFree());
      Runtime.getRuntime().addShutdownHook(session.onExit);
      return session;
    } catch (IOException | BuildFailedException e) {
      lock.close();
      throw e;
    }
  }

  /** Runs the programs of this build. */
  public Command command() {
    return command;
  }

  /** A tree or file, if it is there; nothing that is mounted in it. */
  public void remove(Path tree) throws IOException {
    machine.mounts().refuseBelow(tree);
    if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      List<String> rm = List.of("rm", "-rf", "--one-file-system", "--", tree.toString());
      Command.Ended ended = command.run(rm, "", _ -> {});
      if (ended.status() != 0) {
        throw new IOException(tree + " cannot be removed: " + String.join("; ", ended.lastLines()));
      }
    }
  }

  /** Removes the directory: what was built is elsewhere. */
  public void remove() throws IOException {
    remove(directory.path());
  }

  /** Begins anew. */
  public void forget() throws IOException {
    // Else those that are left of a killed one could pass for all that was ever done.
    Marker.goingBack().write(directory.begun());
    remove(directory.done());
    remove(directory.begun());
  }

  /** Which start of the machine this is. */
  String bootId() throws IOException {
    return machine.bootId();
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
