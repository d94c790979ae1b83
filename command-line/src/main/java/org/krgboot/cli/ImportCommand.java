package org.krgboot.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.krgboot.importers.Configuration;
import org.krgboot.importers.Format;
import org.krgboot.importers.Importer;
import org.krgboot.importers.Report;
import org.krgboot.importers.ReportLine;
import org.krgboot.importers.SourceFiles;
import org.krgboot.importers.TomlWriter;
import org.krgboot.importers.Verdict;
import org.krgboot.model.Ipv4;
import org.krgboot.settings.NewFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot import}: from the configuration of other servers to ours. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Reads the configuration of other boot servers, tells for each line what became of it, and",
      "writes a krgboot.toml. Nothing else is changed. Of two files that contradict each other the",
      "first one holds."
    },
    footer = {
      "",
      "What a file is, is seen from its name; if not, say it: dnsmasq=/etc/my.conf. The formats are",
      "dhcpd.conf, dhcpd.leases, exports, tftpd-hpa, pxelinux, hosts, ethers, kerrighed_nodes,",
      "dnsmasq, kea, drblpush, macadr, warewulf (docs/importing.md).",
      "",
      "Examples:",
      "  krgboot import /etc/dhcp/dhcpd.conf                    the result on standard output",
      "  krgboot import /etc/hosts /etc/dhcp/dhcpd.conf /etc/exports --output krgboot.toml",
      "",
      "Exit: 0 everything that matters is in the result, 1 something is not (the report says what),",
      "2 something was not understood; then nothing is written without --despite-errors."
    })
final class ImportCommand implements Callable<Integer> {
  private static final int COMPLETE = 0;
  private static final int INCOMPLETE = 1;
  private static final int FAILED = 2;
  private static final Pattern WITH_FORMAT = Pattern.compile("([a-z_.-]+)=(.+)");

  @Parameters(arity = "1..*", paramLabel = "[FORMAT=]FILE", description = "what to read, in order")
  List<String> files = List.of();

  @Option(names = "--output", paramLabel = "FILE", description = "where to write the result")
  @Nullable Path output;

  @Option(names = "--overwrite", description = "replace the file that is there")
  boolean overwrite;

  @Option(names = "--despite-errors", description = "write what was understood of broken files")
  boolean despiteErrors;

  @Option(
      names = "--leases",
      paramLabel = "FILE",
      description = "where to write the leases of a dhcpd.leases, for `krgboot leases restore`")
  @Nullable Path leases;

  @Option(names = "--quiet", description = "report only what is lost")
  boolean quiet;

  @Override
  public Integer call() {
    // The result goes where a program can take it, the report where a person reads it.
    PrintStream told = output == null ? System.err : System.out;
    try {
      Importer importer = read();
      Configuration configuration = importer.configuration();
      String toml = TomlWriter.write(configuration);
      OwnReader.Judgement own = OwnReader.read(toml, configuration);
      own.notes()
          .forEach(note ->
              importer.ignored(
                  note.place().replaceFirst(":[0-9]+$", ""), line(note.place()), note.text()));
      tell(importer.report(), told);
      own.refusals().forEach(refusal -> told.println("krgboot.toml: error: " + refusal));
      boolean failed = importer.report().failed() || !own.refusals().isEmpty();
      if (failed && !despiteErrors) {
        told.println("nothing is written; correct the errors, or use --despite-errors");
        return FAILED;
      }
      write(toml);
      if (output != null) {
        told.println(output + " is written; try it with: krgboot check --config " + output);
      }
      writeLeases(importer.leases(), told);
      return failed ? FAILED : importer.report().complete() ? COMPLETE : INCOMPLETE;
    } catch (IOException e) {
      System.err.println("krgboot: " + e.getMessage());
      return FAILED;
    }
  }

  private Importer read() throws IOException {
    List<Input> inputs = new ArrayList<>();
    for (String file : files) {
      inputs.add(Input.of(file));
    }
    Path directory = inputs.getFirst().path().toAbsolutePath().getParent();
    Importer importer =
        new Importer(
            new FilesBeside(directory == null ? Path.of("") : directory), ImportCommand::lookUp);
    for (Input input : inputs) {
      byte[] content = content(input.path());
      // The daemon will read the exports itself, from another directory.
      Path named =
          input.format() == Format.EXPORTS
              ? input.path().toAbsolutePath().normalize()
              : input.path();
      importer.read(input.format(), named.toString(), content);
    }
    return importer;
  }

  private static int line(String place) {
    String number = place.substring(place.lastIndexOf(':') + 1);
    return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 1;
  }

  /** What files name is looked for in the directory of the first one. */
  private record FilesBeside(Path directory) implements SourceFiles {
    @Override
    public byte[] read(String path) throws IOException {
      return content(resolved(path));
    }

    private Path resolved(String path) throws IOException {
      try {
        return directory.resolve(path);
      } catch (InvalidPathException e) {
        throw new IOException("no file has such a name", e);
      }
    }

    @Override
    public List<String> list(String path) throws IOException {
      try (Stream<Path> files = Files.list(resolved(path))) {
        return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
      } catch (NotDirectoryException | NoSuchFileException e) {
        throw new IOException("there is no such directory", e);
      }
    }
  }

  /** A file with what it is. */
  private record Input(Format format, Path path) {
    static Input of(String text) throws IOException {
      Matcher matcher = WITH_FORMAT.matcher(text);
      if (matcher.matches() && Format.named(matcher.group(1)).isPresent()) {
        return new Input(Format.named(matcher.group(1)).get(), Path.of(matcher.group(2)));
      }
      Path path = Path.of(text);
      Format format =
          Format.ofFile(path.toAbsolutePath().toString())
              .orElseThrow(() ->
                  new IOException(
                      "what is "
                          + text
                          + "? Write FORMAT="
                          + text
                          + ", such as dhcpd.conf="
                          + text));
      return new Input(format, path);
    }
  }

  private static byte[] content(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + " is not a file");
    }
    if (Files.size(path) > SourceFiles.LARGEST) {
      throw new IOException(path + " has more than 16 MiB");
    }
    return Files.readAllBytes(path);
  }

  private static Optional<Ipv4> lookUp(String name) {
    if (name.chars().noneMatch(Character::isLetter)) {
      return Optional.empty(); // the JDK takes "10.1" for 10.0.0.1
    }
    try {
      return InetAddress.getByName(name) instanceof Inet4Address address
          ? Optional.of(Ipv4.of(address))
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private void tell(Report report, PrintStream told) {
    for (ReportLine line : report.lines()) {
      if (!quiet || line.verdict().matters()) {
        told.println(line);
      }
    }
    if (report.leftOut() > 0) {
      told.println("and " + report.leftOut() + " lines more");
    }
    List<String> counts = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      counts.add(report.count(verdict) + " " + verdict);
    }
    told.println("lines: " + String.join(", ", counts));
  }

  private void writeLeases(Optional<String> dump, PrintStream told) throws IOException {
    if (dump.isEmpty()) {
      return;
    }
    if (leases == null) {
      told.println("the leases are not written; say where with --leases FILE");
    } else if (overwrite) {
      NewFile.replace(leases, dump.get());
    } else {
      NewFile.create(leases, dump.get());
    }
  }

  private void write(String toml) throws IOException {
    if (output == null) {
      System.out.print(toml);
    } else if (overwrite) {
      NewFile.replace(output, toml);
    } else {
      NewFile.create(output, toml);
    }
  }
}
