package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.RootUses;
import org.krgboot.images.Garbage;
import org.krgboot.images.Image;
import org.krgboot.images.ImageStore;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot image gc}: removes what nobody needs. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description = {
      "Removes images that are not published, not the one before, not pinned, not among the newest,",
      "and that no node mounted last. A node that is off counts as well, unless it is named."
    },
    footer = {"", "Example: what would go", "  krgboot image gc --dry-run"})
final class ImageGcCommand implements Callable<Integer> {
  @Mixin ImageStoreAddress where = new ImageStoreAddress();

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "keep so many of the newest (default: ${DEFAULT-VALUE})",
      defaultValue = "2")
  int keep;

  @Option(
      names = "--gone",
      paramLabel = "NODES",
      description =
          "names or addresses of nodes that are off for certain: what they mounted does not count")
  @Nullable String gone;

  @Option(
      names = "--nobody-uses-any",
      description = "no daemon has served images from here: no node can use any")
  boolean nobody;

  @Option(names = "--dry-run", description = "tell what would be done, and do nothing")
  boolean dryRun;

  @Override
  public Integer call() {
    return ImageCommand.told(() -> {
      List<RootUses.Use> uses = uses();
      try (ImageStore store = where.open()) {
        if (!dryRun) {
          store.removeLeftovers().forEach(System.err::println);
        }
        // The daemon may serve one under a name that was not made here.
        Set<Path> links = Set.of(where.daemon.nodeRoot().toAbsolutePath().normalize());
        Map<Integer, String> kept = Garbage.kept(store, in(store, uses).toList(), links, keep);
        for (Image image : store.images()) {
          String why = kept.get(image.number());
          String to = dryRun ? "would be removed" : "removed";
          System.out.println(
              "image " + image.number() + ": " + (why == null ? to : "kept, " + why));
        }
        if (!dryRun) {
          var _ = Garbage.remove(store, kept.keySet());
        }
      }
    });
  }

  private List<RootUses.Use> uses() throws IOException, SettingsException {
    Path state = where.daemon.stateDirectory();
    Optional<List<RootUses.Use>> known = RootUses.read(state);
    if (known.isEmpty() && !nobody) {
      throw new IOException(
          "no daemon has written in "
              + state
              + " which images nodes use; name its --state-dir, or if there is none: --nobody-uses-any");
    }
    List<RootUses.Use> uses = known.orElse(List.of());
    if (gone == null) {
      return uses;
    }
    List<String> off = List.of(gone.split(",", -1));
    return uses.stream()
        .filter(use -> !off.contains(use.node()) && !off.contains(use.address().toString()))
        .toList();
  }

  /** Of this store; others are none of its business. */
  static Stream<Garbage.Use> in(ImageStore store, List<RootUses.Use> uses) {
    return uses.stream()
        .filter(use -> use.version().store().equals(store.directory()))
        .map(use -> new Garbage.Use(use.node(), use.version().number()));
  }
}
