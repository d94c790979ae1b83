package org.krgboot.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.krgboot.daemon.NodeUse;
import org.krgboot.daemon.RootUses;
import org.krgboot.images.Garbage;
import org.krgboot.images.Image;
import org.krgboot.images.ImageStore;
import org.krgboot.model.RootVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin GcOptions options = new GcOptions();

  @Override
  public Integer call() {
    return ImageCommand.told(() -> {
      Path state = where.daemon.stateDirectory();
      List<NodeUse<RootVersion>> uses = options.counted(RootUses.read(state), state, "images");
      try (ImageStore store = options.dryRun ? where.look() : where.open()) {
        if (!options.dryRun) {
          store.removeLeftovers().forEach(System.err::println);
        }
        // The daemon may serve one under a name that was not made here.
        Set<Path> links = Set.of(where.daemon.nodeRoot().toAbsolutePath().normalize());
        Map<Integer, String> kept =
            Garbage.kept(store, in(store, uses).toList(), links, options.keep);
        options.tell("image", store.images().stream().map(Image::number).toList(), kept);
        if (!options.dryRun) {
          var _ = Garbage.remove(store, kept.keySet());
        }
      }
    });
  }

  /** Of this store; others are none of its business. */
  static Stream<Garbage.Use> in(ImageStore store, List<NodeUse<RootVersion>> uses) {
    return uses.stream()
        .filter(use -> use.what().store().equals(store.directory()))
        .map(use -> new Garbage.Use(use.node(), use.what().number()));
  }
}
