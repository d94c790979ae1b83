package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.krgboot.daemon.NodeUse;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.kernels.KernelStore;
import org.krgboot.model.StoredKernel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot kernel list}: all kernels of the store. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "All kernels, oldest first: what they are, and who gets or uses them.")
final class KernelListCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  @Mixin KernelStoreAddress where = new KernelStoreAddress();

  @Override
  public Integer call() {
    return KernelCommand.told(() -> {
      KernelStore store = where.look();
      List<NodeUse<Integer>> uses = where.uses();
      TextTable table =
          new TextTable("KERNEL", "ADDED", "NAME", "RELEASE", "INITRD", "MB", "COMPILER", "");
      for (int number : store.numbers()) {
        row(table, store, number, notes(store, number, uses));
      }
      System.out.println(table);
    });
  }

  private static void row(TextTable table, KernelStore store, int number, String notes) {
    try {
      StoredKernel kernel = store.kernel(number);
      table.row(
          Integer.toString(number),
          TIME.format(kernel.added().atZone(ZoneId.systemDefault())),
          kernel.name(),
          kernel.release(),
          kernel.initrd().isPresent() ? "yes" : "no",
          megabytes(kernel),
          store.manifest(number).compiler(),
          notes);
    } catch (IOException e) {
      table.row(Integer.toString(number), "?", "", "", "", "", "", "damaged: " + e.getMessage());
    }
  }

  /** Of what a node loads. */
  private static String megabytes(StoredKernel kernel) throws IOException {
    Path path = kernel.version().path();
    long bytes = Files.size(path.resolve(KernelManifest.KERNEL));
    if (kernel.initrd().isPresent()) {
      bytes += Files.size(path.resolve(kernel.initrd().get()));
    }
    return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
  }

  private static String notes(KernelStore store, int number, List<NodeUse<Integer>> uses)
      throws IOException {
    List<String> notes = new ArrayList<>();
    List<String> names = store.namesOf(number);
    if (!names.isEmpty()) {
      notes.add("published as " + String.join(" and ", names));
    }
    if (store.pins().contains(number)) {
      notes.add("pinned");
    }
    long nodes = uses.stream().filter(use -> use.what() == number).count();
    if (nodes > 0) {
      notes.add(nodes + (nodes == 1 ? " node" : " nodes"));
    }
    return String.join(", ", notes);
  }
}
