package org.krgboot.kernel;

import java.nio.file.Path;
import org.krgboot.steps.BuildDirectory;

/**
 * Where a kernel is built, beside where its result is to be. Beside what every build has there:
 *
 * <pre>
 * src/NAME/    the trees; built in themselves, as all kernels can be
 * src/.config-of-the-tree/  the .config that the trees came with, once ours is made
 * trial/       copies of the files that patches and edits change, to try them on
 * tools/       programs of ours in front of the machine's: the compiler with its flags
 * home/, tmp/  what the build takes for its home and for /tmp
 * date         of what is built, in seconds since 1970
 * new/         the result, until it is whole
 * </pre>
 */
record KernelPlace(BuildDirectory build) {
  static KernelPlace beside(Path output) {
    return new KernelPlace(
        new BuildDirectory(output.resolveSibling(output.getFileName() + ".build")));
  }

  Path path() {
    return build.path();
  }

  Path sources() {
    return path().resolve("src");
  }

  Path source(String name) {
    return sources().resolve(name);
  }

  /** A directory with the .config that the kernel's tree had before ours; empty if it had none. */
  Path treeConfig() {
    return sources().resolve(".config-of-the-tree"); // no source has a name like that
  }

  Path trial() {
    return path().resolve("trial");
  }

  Path tools() {
    return path().resolve("tools");
  }

  Path home() {
    return path().resolve("home");
  }

  Path temporary() {
    return path().resolve("tmp");
  }

  Path date() {
    return path().resolve("date");
  }

  Path fresh() {
    return path().resolve("new");
  }

  /** What is to be laid over a node root. */
  Path stage() {
    return fresh().resolve("root");
  }

  /** Where the initrd's root is put together, in memory. */
  Path initrdRoot() {
    return path().resolve("initrd-root");
  }
}
