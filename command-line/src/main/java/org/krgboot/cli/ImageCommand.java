package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.AdminClient;
import org.krgboot.daemon.NodeUse;
import org.krgboot.daemon.RootUses;
import org.krgboot.images.Image;
import org.krgboot.images.ImageStore;
import org.krgboot.model.RootVersion;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krgboot image}: the numbered roots. */
@Command(
    name = "image",
    mixinStandardHelpOptions = true,
    description = {
      "Node roots by number. An image never changes; nodes that boot get the one that is published."
    },
    subcommands = ImageGcCommand.class,
    footer = {
      "",
      "Examples:",
      "  krgboot root build site.toml     make an image by a recipe",
      "  krgboot image publish 7          nodes that boot from now on get image 7",
      "  krgboot image rollback           and now the one before it again"
    })
final class ImageCommand implements Runnable {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  @Spec @Nullable CommandSpec spec;

  /** Something that is done with the store. */
  interface Work {
    void run() throws IOException, SettingsException;
  }

  /** Runs it; tells what went wrong. */
  static int told(Work work) {
    try {
      work.run();
      return 0;
    } catch (IOException | SettingsException | IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(),
          "say what to do: image list, publish, rollback, pin, unpin, gc, save, restore");
    }
  }

  @Command(
      name = "list",
      description = "All images, oldest first.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ImageStoreAddress where) {
    return told(() -> {
      ImageStore store = where.look();
      List<NodeUse<RootVersion>> uses =
          RootUses.read(where.daemon.stateDirectory()).orElse(List.of());
      TextTable table =
          new TextTable("IMAGE", "MADE", "NAME", "STYLE", "KERNEL", "FILES", "MB", "DIGEST", "");
      for (Image image : store.images()) {
        table.row(
            Integer.toString(image.number()),
            TIME.format(image.made().atZone(ZoneId.systemDefault())),
            image.name(),
            image.style().text(),
            image.kernel(),
            Integer.toString(image.files()),
            Long.toString(image.bytes() >> 20),
            image.digest().substring(0, Math.min(12, image.digest().length())),
            notes(store, image.number(), uses));
      }
      System.out.println(table);
    });
  }

  private static String notes(ImageStore store, int number, List<NodeUse<RootVersion>> uses)
      throws IOException {
    List<String> notes = new ArrayList<>();
    for (Path link : store.publications().linksTo(number)) {
      notes.add("published as " + link);
    }
    if (store.pins().contains(number)) {
      notes.add("pinned");
    }
    long nodes = ImageGcCommand.in(store, uses).filter(use -> use.number() == number).count();
    if (nodes > 0) {
      notes.add(nodes + (nodes == 1 ? " node" : " nodes"));
    }
    return String.join(", ", notes);
  }

  @Command(
      name = "publish",
      mixinStandardHelpOptions = true,
      description = {
        "Nodes that boot from now on get this image; those that are up stay with theirs.",
        "What nodes write goes to a copy (read-write: of all; read-only: of its writable directories)."
      })
  int publish(
      @Mixin ImageStoreAddress where,
      @Parameters(paramLabel = "IMAGE", description = "its number") int number,
      @Option(
              names = "--as",
              paramLabel = "LINK",
              description = "the name that is switched (default: the daemon's nfs.root)")
          @Nullable Path link) {
    return told(() -> {
      Path name = link == null ? where.daemon.nodeRoot() : link;
      try (ImageStore store = where.open()) {
        store.removeLeftovers().forEach(System.err::println);
        told(where, name, store.publications().publish(number, name));
      }
    });
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "Publishes the image again that was published before the present one.")
  int rollback(
      @Mixin ImageStoreAddress where,
      @Option(names = "--as", paramLabel = "LINK", description = "as in publish")
          @Nullable Path link) {
    return told(() -> {
      Path name = link == null ? where.daemon.nodeRoot() : link;
      try (ImageStore store = where.open()) {
        told(where, name, store.publications().rollback(name));
      }
    });
  }

  private static void told(ImageStoreAddress where, Path link, RootVersion version)
      throws SettingsException {
    System.out.println(
        "image " + version.number() + " is published: " + link + " -> " + version.path());
    try (AdminClient client = where.daemon.client()) {
      AdminClient.Done _ = client.reload();
      System.out.println("the daemon serves it to nodes that boot from now on");
    } catch (IOException e) {
      System.out.println(
          "no daemon was told (" + e.getMessage() + "); it serves it when it starts");
    }
  }

  @Command(name = "pin", description = "Never removes this image.", mixinStandardHelpOptions = true)
  int pin(@Mixin ImageStoreAddress where, @Parameters(paramLabel = "IMAGE") int number) {
    return told(() -> {
      try (ImageStore store = where.open()) {
        store.pin(number);
      }
    });
  }

  @Command(name = "unpin", description = "Takes a pin back.", mixinStandardHelpOptions = true)
  int unpin(@Mixin ImageStoreAddress where, @Parameters(paramLabel = "IMAGE") int number) {
    return told(() -> {
      try (ImageStore store = where.open()) {
        store.unpin(number);
      }
    });
  }

  @Command(
      name = "save",
      mixinStandardHelpOptions = true,
      description = {
        "Writes an image into one file (.tar, .tar.zst or .tar.gz), and FILE.sha256 beside it.",
        "Owners, modes, times, ACLs, capabilities, hard links, devices and holes are kept."
      })
  int save(
      @Mixin ImageStoreAddress where,
      @Parameters(paramLabel = "IMAGE") int number,
      @Parameters(paramLabel = "FILE") Path file) {
    return told(() -> {
      where.look().save(number, file);
      System.out.printf(
          Locale.ROOT, "image %d is in %s, %d MB%n", number, file, Files.size(file) >> 20);
    });
  }

  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = "Makes an image of a saved file, after every file in it was compared.")
  int restore(@Mixin ImageStoreAddress where, @Parameters(paramLabel = "FILE") Path file) {
    return told(() -> {
      try (ImageStore store = where.open()) {
        store.removeLeftovers().forEach(System.err::println);
        Image image = store.restore(file, System.err::println);
        System.out.println("image " + image.number() + ": " + image.name());
      }
    });
  }
}
