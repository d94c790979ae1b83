package org.krgboot.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.images.Tool;
import org.krgboot.model.StoredKernel;

/**
 * What a kernel was made of and what came of it: {@code manifest.json} in the directory that a
 * build leaves.
 *
 * @param name of the recipe
 * @param release as {@code uname -r} will print it
 * @param inputs all that went in: archives, patches, fragments of the configuration
 * @param outputs all that came out and is to be trusted: the kernel, its configuration, its initrd
 * @param configSha256 of the configuration that the kernel was built with
 * @param compiler what it calls itself
 * @param builtAt when the build was done
 * @param commandLine words that this kernel needs on its command line
 */
public record KernelManifest(
    String name,
    String release,
    List<Input> inputs,
    List<Output> outputs,
    String configSha256,
    String compiler,
    Instant builtAt,
    Optional<String> commandLine) {
  /** Its name in the directory. */
  public static final String FILE = "manifest.json";

  /** The bzImage. */
  public static final String KERNEL = StoredKernel.KERNEL;

  /** The initrd, if there is one. */
  public static final String INITRD = StoredKernel.INITRD;

  /** The configuration that it was built with. */
  public static final String CONFIG = "config";

  /** Addresses of its symbols. */
  public static final String SYSTEM_MAP = "System.map";

  /** What belongs into a node root: modules, tools. */
  public static final String ROOT = "root";

  /** Of the words that a kernel needs itself; Linux takes 2048 octets, with those of krgboot. */
  public static final int LONGEST_COMMAND_LINE = 1024;

  private static final long LONGEST_FILE = 32 << 20;
  private static final int MOST_ENTRIES = 200_000;

  /**
   * Something that went into the build.
   *
   * @param name for people: a file name
   */
  public record Input(String name, String sha256) {
    public Input {
      check(printable(name, 1, 1024), "the name of an input must be 1 to 1024 plain letters");
      check(isHash(sha256), "the sha256 of " + name + " must be 64 hexadecimal digits");
    }
  }

  /**
   * Something that came out of it.
   *
   * @param file relative to the directory of the manifest
   */
  public record Output(String file, String sha256, long size) {
    public Output {
      check(isInside(file), "the output '" + file + "' must be a name within the directory");
      check(isHash(sha256), "the sha256 of " + file + " must be 64 hexadecimal digits");
      check(size >= 0, "the size of " + file + " must not be negative");
    }

    /** Looks at a file and says what it is. */
    public static Output of(Path directory, String file) throws IOException {
      Path path = directory.resolve(file);
      return new Output(file, digest(path), Files.size(path));
    }

    /** What is wrong with the file; empty if nothing is. */
    Optional<String> fault(Path directory) throws IOException {
      Path path = directory.resolve(file);
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(file + " is missing, or no regular file");
      }
      if (!path.toRealPath().equals(directory.toRealPath().resolve(file))) {
        return Optional.of(file + " is reached by a link");
      }
      if (Files.size(path) != size) {
        return Optional.of(file + " has " + Files.size(path) + " octets, not " + size);
      }
      String found = digest(path);
      return found.equals(sha256)
          ? Optional.empty()
          : Optional.of(file + " has the SHA-256 " + found + ", not " + sha256);
    }
  }

  public KernelManifest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    check(
        name.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}"),
        "the name '" + name + "' must be at most 64 letters, digits and . _ + -");
    check(KernelImage.isRelease(release), "'" + release + "' is no release of a kernel");
    check(inputs.size() <= MOST_ENTRIES && outputs.size() <= MOST_ENTRIES, "too many files");
    check(
        outputs.stream().map(Output::file).distinct().count() == outputs.size(),
        "an output is named twice");
    check(outputs.stream().anyMatch(each -> each.file().equals(KERNEL)), "no output is " + KERNEL);
    check(isHash(configSha256), "configSha256 must be 64 hexadecimal digits");
    check(printable(compiler, 0, 1024), "the compiler must be at most 1024 plain letters");
    commandLine.ifPresent(words ->
        check(
            printable(words, 0, LONGEST_COMMAND_LINE),
            "commandLine must be at most " + LONGEST_COMMAND_LINE + " plain letters"));
  }

  /**
   * Reads the manifest of a directory.
   *
   * @throws KernelException if there is none, or it is damaged
   */
  public static KernelManifest read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new KernelException(
          directory + " is not the result of a kernel build: there is no " + FILE + " in it");
    }
    if (Files.size(file) > LONGEST_FILE) {
      throw new KernelException(file + " is too long to be a manifest");
    }
    try {
      return parse(Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new KernelException(file + " is damaged: it is no UTF-8 text", e);
    } catch (KernelException e) {
      throw new KernelException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Reads the text of one. */
  static KernelManifest parse(String json) throws KernelException {
    return ManifestJson.read(json);
  }

  /** As it is written: the same text for the same content. */
  String text() {
    return ManifestJson.write(this);
  }

  /** Puts it into a directory, whole or not at all. */
  public void write(Path directory) throws IOException {
    Path fresh = directory.resolve("." + FILE + ".new");
    Files.writeString(fresh, text());
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Compares every output with its file.
   *
   * @throws KernelException if one is missing or not what was built; it names all of these
   */
  public void verify(Path directory) throws IOException {
    List<String> faults = new ArrayList<>();
    for (Output output : outputs) {
      output.fault(directory).ifPresent(faults::add);
    }
    if (!faults.isEmpty()) {
      int more = faults.size() - Math.min(faults.size(), 3);
      throw new KernelException(
          directory
              + " is not what was built: "
              + String.join("; ", faults.subList(0, faults.size() - more))
              + (more == 0 ? "" : "; and " + more + " more")
              + "; build it again");
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return Tool.sha256(content);
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static boolean isHash(String text) {
    return text.matches("[0-9a-f]{64}");
  }

  private static boolean printable(String text, int shortest, int longest) {
    return text.length() >= shortest
        && text.length() <= longest
        && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  /** A relative name without dots that climb, as {@link Path} would not change it. */
  private static boolean isInside(String file) {
    if (file.isEmpty()
        || file.length() > 4096
        || file.startsWith("/")
        || file.chars().anyMatch(Character::isISOControl)
        || !StandardCharsets.UTF_8.newEncoder().canEncode(file)) {
      return false;
    }
    for (String part : file.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }
}
