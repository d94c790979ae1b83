package org.krgboot.image;

import java.nio.file.Path;
import org.krgboot.steps.BuildDirectory;
import org.krgboot.steps.Chroot;

/**
 * Where a root stands while it is built. Beside what every build has there:
 *
 * <pre>
 * root/        what is built; made by the first step
 * undo/        a copy of it, to go back to
 * early/       files for mmdebstrap
 * image/       a container image, unpacked
 * layer/       one of its layers, before it is laid over the others
 * shapes/      directories of that layer, for their owners and modes
 * </pre>
 */
record RootDirectory(BuildDirectory build) {
  RootDirectory(Path path) {
    this(new BuildDirectory(path));
  }

  Path path() {
    return build.path();
  }

  Path root() {
    return path().resolve("root");
  }

  Path undo() {
    return path().resolve("undo");
  }

  /** Files that go into the root before its packages are configured. */
  Path early() {
    return path().resolve("early");
  }

  Path log() {
    return build.log();
  }

  Chroot chroot() {
    return new Chroot(build.busy());
  }
}
