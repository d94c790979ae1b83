package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.krgboot.daemon.KernelUses;
import org.krgboot.daemon.NodeUse;
import org.krgboot.kernels.KernelStore;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.StoredKernel;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Mixin;

/** Where kernels are: in the daemon's state directory, from which it serves them. */
final class KernelStoreAddress {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

  @Mixin DaemonAddress daemon = new DaemonAddress();

  private Path directory() throws SettingsException {
    return Settings.kernelsIn(daemon.stateDirectory());
  }

  /** To change it; says what was left by a krgboot that was killed. */
  KernelStore open() throws IOException, SettingsException {
    KernelStore store = KernelStore.open(directory());
    store.removeLeftovers().forEach(System.err::println);
    return store;
  }

  /** To look at it. */
  KernelStore look() throws IOException, SettingsException {
    return KernelStore.look(directory());
  }

  /** Who loaded which kernel last; nobody, if no daemon has noted any. */
  List<NodeUse<Integer>> uses() throws IOException, SettingsException {
    return KernelUses.read(daemon.stateDirectory()).orElse(List.of());
  }

  /**
   * A number of the store, or a directory whose content gets one.
   *
   * @param what as an operator wrote it
   */
  static StoredKernel kernel(KernelStore store, String what) throws IOException {
    Optional<Integer> number = number(what);
    if (number.isPresent()) {
      return store.kernel(number.get());
    }
    StoredKernel added = store.add(Path.of(what));
    System.out.println(about(added) + " is kept in " + added.version().path());
    return added;
  }

  /**
   * A number of the store.
   *
   * @param what as an operator wrote it
   * @return empty if it is a directory
   * @throws IOException if it is neither
   */
  static Optional<Integer> number(String what) throws IOException {
    if (what.matches("[0-9]{1,9}")) {
      return Optional.of(Integer.parseInt(what));
    }
    if (!Files.isDirectory(Path.of(what))) {
      throw new IOException(
          "'" + what + "' is neither the number of a kernel nor the directory of a built one");
    }
    return Optional.empty();
  }

  /** For people: "kernel 7 (small, 6.1.0-krg)". */
  static String about(StoredKernel kernel) {
    return "kernel "
        + kernel.version().number()
        + " ("
        + kernel.name()
        + ", "
        + kernel.release()
        + ")";
  }

  /**
   * Which kernel of the store a node loaded last, and when.
   *
   * @return empty if it was none, or only the daemon may read that
   */
  static String loadedBy(Path state, String address) {
    try {
      Optional<NodeUse<Integer>> use =
          KernelUses.read(state).orElse(List.of()).stream()
              .filter(each -> each.address().toString().equals(address))
              .findFirst();
      return use.map(found -> about(state, found.what()) + ", loaded " + TIME.format(found.at()))
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  private static String about(Path state, int number) {
    try {
      return about(StoredKernel.read(new KernelVersion(Settings.kernelsIn(state), number)));
    } catch (IOException e) {
      return "kernel " + number + ", which is there no more";
    }
  }
}
