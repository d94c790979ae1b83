package org.krgboot.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.krgboot.settings.Defaults;
import org.krgboot.settings.HostInterface;
import org.krgboot.settings.NewFile;
import org.krgboot.settings.Problems;
import org.krgboot.settings.RawSettings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsReader;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code krgboot init}: asks a few questions, shows what comes of them, and writes one file. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Asks for the nodes' network, how many nodes there are, how they get their addresses and names, for",
      "their root and kernel; warns of another DHCP server; shows the layout, and writes the configuration:",
      "one file, with what differs from the defaults. Nothing else is touched."
    },
    footer = {
      "",
      "A file of answers is TOML: interface, addresses (range, mac, proxy), nodes, first-address, macs,",
      "names, root, kernel. What it does not say is asked for, or with --yes as proposed.",
      "",
      "Examples:",
      "  krgboot init                               asks",
      "  krgboot init --yes --dry-run               shows what would be written without a question",
      "  krgboot init --yes --answers lab.toml --config /etc/krgboot/krgboot.toml --force",
      "",
      "Exit: 0 written (or shown), 1 not written (one line says why), 2 wrong answers or arguments."
    })
final class InitCommand implements Callable<Integer> {
  @Option(names = "--yes", description = "ask nothing: take what is proposed, and write")
  boolean yes;

  @Option(names = "--answers", paramLabel = "FILE", description = "answers, so that less is asked")
  @Nullable Path answersFile;

  @Option(names = "--dry-run", description = "show the layout and the file, and write nothing")
  boolean dryRun;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the file to write (default: /etc/krgboot/krgboot.toml)")
  Path config = Defaults.CONFIG_FILE;

  @Option(names = "--force", description = "replace a file that is there; the old one is kept")
  boolean force;

  @Override
  public Integer call() {
    try {
      if (!dryRun && !force && Files.exists(config)) {
        System.err.println(
            "krgboot: "
                + config
                + " is there already; use --force to replace it (the old one is"
                + " kept beside it), or --dry-run to look");
        return 1;
      }
      return run();
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return 2;
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return answersFile != null && e.getCause() instanceof IllegalArgumentException ? 2 : 1;
    }
  }

  private int run() throws IOException, SettingsException {
    List<HostInterface> networks =
        HostInterface.all().stream()
            .filter(nic -> nic.kind() == HostInterface.Kind.NETWORK && nic.address().isPrivate())
            .toList();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    Questions questions =
        new Questions(
            in, System.out, given(), yes ? Questions.Asking.NOBODY : Questions.Asking.PERSON);
    InitDialogue dialogue = new InitDialogue(questions, networks, DhcpProbe::servers);
    InitPlan plan = new InitPlan(dialogue.answers(), networks.size());
    Optional<String> unused = dialogue.unused();
    if (unused.isPresent()) {
      System.err.println("krgboot: " + answersFile + ": " + unused.get());
      return 2;
    }
    System.out.println("\n" + plan.picture());
    mustBeReadable(plan.toml());
    if (dryRun) {
      System.out.println("It would be written to " + config + ":\n\n" + plan.toml());
      return 0;
    }
    if (!yes && !isAgreed(in)) {
      System.out.println("nothing was written");
      return 1;
    }
    write(plan.toml());
    return 0;
  }

  private Map<String, String> given() throws IOException {
    if (answersFile == null) {
      return Map.of();
    }
    TomlParseResult toml = Toml.parse(Files.readString(answersFile));
    if (toml.hasErrors()) {
      throw new IOException(
          answersFile
              + ":"
              + toml.errors().getFirst().position().line()
              + ": "
              + toml.errors().getFirst().getMessage(),
          new IllegalArgumentException());
    }
    Map<String, String> given = new HashMap<>();
    for (String key : toml.keySet()) {
      Object value = toml.get(List.of(key));
      given.put(
          key,
          value instanceof TomlArray array
              ? array.toList().stream().map(String::valueOf).collect(Collectors.joining(","))
              : String.valueOf(value));
    }
    return given;
  }

  /** Reads what would be written as the daemon will. */
  private static void mustBeReadable(String toml) throws IOException, SettingsException {
    Path trial = Files.createTempFile("krgboot-init", ".toml");
    try {
      Files.writeString(trial, toml);
      Problems problems = new Problems();
      RawSettings raw = new RawSettings(problems);
      raw.readFile(trial);
      var _ = SettingsReader.read(raw, problems, HostInterface.all());
    } finally {
      Files.delete(trial);
    }
  }

  private boolean isAgreed(BufferedReader in) throws IOException {
    System.out.print("Write " + config + " [yes]: ");
    System.out.flush();
    String line = in.readLine();
    return line != null && (line.isBlank() || line.strip().startsWith("y"));
  }

  private void write(String toml) throws IOException {
    Path file = config.toAbsolutePath();
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    if (Files.exists(file)) {
      Path kept = keptName(file);
      Files.copy(file, kept, StandardCopyOption.COPY_ATTRIBUTES);
      System.out.println("the old file is now " + kept);
    }
    NewFile.replace(file, toml);
    System.out.println("wrote " + config);
    System.out.println("next: krgboot check; then krgboot serve");
  }

  private static Path keptName(Path file) {
    for (int number = 1; ; number++) {
      Path kept = file.resolveSibling(file.getFileName() + "." + number);
      if (!Files.exists(kept)) {
        return kept;
      }
    }
  }
}
