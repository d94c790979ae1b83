package org.krgboot.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krgboot documents}: what a package brings besides the program, made from the program. */
@Command(
    name = "documents",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Writes manual pages and shell completions, for a package.")
final class DocumentsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "gets man8, man5, bash and zsh")
  Path directory = Path.of(".");

  @Option(
      names = "--readme",
      paramLabel = "FILE",
      required = true,
      description = "whose part on the configuration becomes krgboot.toml(5)")
  Path readme = Path.of("README.md");

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec == null) {
      return 1;
    }
    CommandLine root = spec.root().commandLine();
    ManualPages pages = new ManualPages(date(System.getenv()));
    try {
      write("man5/krgboot.toml.5", pages.configuration(Files.readString(readme)));
      pages.of(root).forEach((name, page) -> write("man8/" + name + ".8", page));
      write("bash/krgboot", AutoComplete.bash("krgboot", root));
      write("zsh/_krgboot", ZSH);
      return 0;
    } catch (IOException | UncheckedIOException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  /** Zsh reads the completion of bash, which picocli writes for both. */
  private static final String ZSH =
      """
      #compdef krgboot
      autoload -U +X bashcompinit && bashcompinit
      source /usr/share/bash-completion/completions/krgboot
      _bash_complete "${@}" -F _complete_krgboot
      """;

  /** A build that is repeated gives the same pages: reproducible-builds.org, SOURCE_DATE_EPOCH. */
  static LocalDate date(Map<String, String> environment) {
    String epoch = environment.get("SOURCE_DATE_EPOCH");
    Instant when = epoch == null ? Instant.now() : Instant.ofEpochSecond(Long.parseLong(epoch));
    return when.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private void write(String name, String content) {
    Path file = directory.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
