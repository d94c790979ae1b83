package org.krgboot.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** An image in one file: the how-to's {@code tar -p}, with all that belongs to a file. */
final class Archive {
  private Archive() {}

  static void save(Path numbered, Path given) throws IOException {
    Path file = given.toAbsolutePath();
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    try {
      // Password hashes and host keys are in it.
      Files.createFile(
          part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      List<String> command = new ArrayList<>(Inventory.TAR);
      command.set(2, "--file=" + part);
      command.addAll(packer(file));
      command.addAll(List.of("--sparse", "-C", numbered.toString(), "image", "inventory", "root"));
      Tool.run(command);
      String sum = sum(part);
      Tool.sync(part);
      // Never another file's sum beside it, whenever this is cut short.
      Files.deleteIfExists(sumFile(file));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(part, sum + "  " + file.getFileName() + "\n");
      Files.move(part, sumFile(file), StandardCopyOption.ATOMIC_MOVE);
      Tool.sync(file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static List<String> packer(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(".zst")) {
      return List.of("--zstd");
    }
    return name.endsWith(".gz") || name.endsWith(".tgz") ? List.of("--gzip") : List.of();
  }

  private static String sum(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return Tool.sha256(content);
    }
  }

  private static Path sumFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".sha256");
  }

  /** Unpacks a file, after its SHA-256 was checked if that is beside it. */
  static void unpack(Path given, Path into) throws IOException {
    Path file = given.toAbsolutePath();
    if (!Files.isReadable(file)) {
      throw new ImageException(file + " cannot be read");
    }
    Path sumFile = sumFile(file);
    if (Files.exists(sumFile)) {
      String wanted = Files.readString(sumFile).strip().split("\\s", 2)[0];
      if (!wanted.equals(sum(file))) {
        throw new ImageException(
            file + " is damaged: it has not the SHA-256 that " + sumFile + " says");
      }
    }
    Tool.run(
        List.of(
            "tar",
            "--extract",
            "--file=" + file,
            "--preserve-permissions",
            "--same-owner",
            "--numeric-owner",
            "--xattrs",
            "--xattrs-include=*",
            "-C",
            into.toString()));
    for (String part : List.of("image", "inventory", "root")) {
      if (!Files.exists(into.resolve(part))) {
        throw new ImageException(file + " is no saved image: there is no '" + part + "' in it");
      }
    }
  }
}
