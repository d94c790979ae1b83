package org.krgboot.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.Machine;

/**
 * A node root that one process changes at a time. The lock is flock(2) on the directory itself, so
 * that no file of it is in the root; it ends with this process, however that ends.
 */
record RootLock(Process holder) implements AutoCloseable {
  static RootLock take(Path root, Machine machine) throws IOException, BuildFailedException {
    Path flock =
        machine
            .find("flock")
            .orElseThrow(() -> new IOException("flock is not on this machine (util-linux)"));
    Process holder =
        new ProcessBuilder(
                flock.toString(),
                "--nonblock",
                root.toString(),
                "sh",
                "-c",
                "echo held; exec cat > /dev/null")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    RootLock lock = new RootLock(holder);
    BufferedReader said = holder.inputReader(StandardCharsets.US_ASCII);
    if (!"held".equals(said.readLine())) {
      lock.close();
      throw new BuildFailedException("another krgboot is installing a kernel into " + root);
    }
    return lock;
  }

  /** Its input ends, and so does it. */
  @Override
  public void close() throws IOException {
    holder.getOutputStream().close();
    holder.onExit().join();
  }
}
