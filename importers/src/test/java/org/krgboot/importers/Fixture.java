package org.krgboot.importers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A file as people have it, of our own making; the table of resources/README.md says where its
 * constructs were seen. Beside it in {@code expected} is what comes of it: report and result.
 */
record Fixture(Format format, Path path) {
  static final Path ALL = Path.of("src/test/resources");

  private static final Map<String, Format> DIRECTORIES =
      new TreeMap<>(
          Map.of(
              "dhcpd", Format.DHCPD_CONF,
              "kea", Format.KEA,
              "dnsmasq", Format.DNSMASQ,
              "tftpd-hpa", Format.TFTPD_HPA,
              "kerrighed_nodes", Format.KERRIGHED_NODES,
              "exports", Format.EXPORTS,
              "pxelinux", Format.PXELINUX,
              "drblpush", Format.DRBLPUSH,
              "warewulf", Format.WAREWULF));

  static List<Fixture> all() throws IOException {
    List<Fixture> all = new ArrayList<>();
    for (Map.Entry<String, Format> each : DIRECTORIES.entrySet()) {
      try (Stream<Path> files = Files.list(ALL.resolve(each.getKey()))) {
        files
            .filter(Files::isRegularFile)
            .sorted()
            .forEach(file -> all.add(new Fixture(each.getValue(), file)));
      }
    }
    return all;
  }

  String text() throws IOException {
    return Files.readString(path);
  }

  /** Whether it says what has no words here. The how-to's group has no host, and is as printed. */
  boolean isIncomplete() throws IOException {
    return text().contains("# incomplete") || path.endsWith("dhcpd/01-how-to.conf");
  }

  /** Files that it names are in {@code parts}. */
  Imported read(byte[] content) {
    Path parts = ALL.resolve(path.getName(path.getNameCount() - 2)).resolve("parts");
    Importer importer = new Importer(new Parts(parts), name -> Optional.empty());
    importer.read(format, path.getFileName().toString(), content);
    Configuration configuration = importer.configuration();
    return new Imported(configuration, importer.report());
  }

  /** The report and the result, as they are to be. */
  String expected() throws IOException {
    return Files.readString(expectedFile());
  }

  Path expectedFile() {
    return ALL.resolve("expected")
        .resolve(path.getName(path.getNameCount() - 2) + "-" + path.getFileName() + ".txt");
  }

  static String outcome(Imported imported) {
    StringBuilder text = new StringBuilder();
    imported.report().lines().forEach(line -> text.append(line).append('\n'));
    return text.append('\n').append(imported.toml()).toString();
  }

  @Override
  public String toString() {
    return format + " " + path.getFileName();
  }

  private record Parts(Path directory) implements SourceFiles {
    private Path resolved(String path) throws IOException {
      try {
        return directory.resolve(path);
      } catch (InvalidPathException e) {
        throw new IOException("no file has such a name", e);
      }
    }

    @Override
    public byte[] read(String path) throws IOException {
      return Files.readAllBytes(resolved(path));
    }

    @Override
    public List<String> list(String name) throws IOException {
      try (Stream<Path> files = Files.list(resolved(name))) {
        return files.map(file -> directory.relativize(file).toString()).sorted().toList();
      }
    }
  }
}
