package org.krgboot.image;

import static org.krgboot.image.RootFinding.broken;
import static org.krgboot.image.RootFinding.good;
import static org.krgboot.image.RootFinding.odd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.steps.RootPath;

/** Looks at a root as a node would, and tells what is wrong with it. Changes nothing. */
final class RootDoctor {
  /** The usual wired network cards of machines and of virtual ones. */
  private static final List<String> CARDS =
      List.of(
          "virtio_net",
          "e1000",
          "e1000e",
          "igb",
          "igc",
          "ixgbe",
          "i40e",
          "r8169",
          "tg3",
          "bnx2",
          "bnxt_en",
          "mlx5_core",
          "vmxnet3",
          "8139too");

  /** Runs a program in the root; its lines, or none if it fails. */
  @FunctionalInterface
  interface InRoot {
    List<String> lines(List<String> program) throws IOException;
  }

  private final Path root;
  private final RootAction.Demand demand;
  private final InRoot inRoot;
  private final List<RootFinding> found = new ArrayList<>();

  private RootDoctor(Path root, RootAction.Demand demand, InRoot inRoot) {
    this.root = root;
    this.demand = demand;
    this.inRoot = inRoot;
  }

  static List<RootFinding> examine(Path root, RootAction.Demand demand, InRoot inRoot)
      throws IOException {
    RootDoctor doctor = new RootDoctor(root, demand, inRoot);
    doctor.kernels();
    doctor.init();
    doctor.shared();
    doctor.policy();
    doctor.devices();
    doctor.mounts();
    doctor.setuid();
    return doctor.found;
  }

  private void kernels() throws IOException {
    List<String> kernels = Kernels.of(root);
    if (kernels.isEmpty()) {
      found.add(
          broken(
              "no kernel in /boot (vmlinuz-*); install one, such as the package linux-image-amd64"));
    }
    for (String release : kernels) {
      Path file = Kernels.file(root, release);
      Optional<String> says =
          Files.isRegularFile(file) ? Kernels.releaseIn(file) : Optional.empty();
      if (says.isPresent() && !says.get().equals(release)) {
        found.add(broken("/boot/" + file.getFileName() + " is a kernel " + says.get()));
      }
      modules(release);
      Optional<Path> initrd = Kernels.initrd(root, release);
      if (initrd.isPresent()) {
        initrd(release, "/" + root.relativize(initrd.get()));
      } else {
        boolean needed = demand != RootAction.Demand.BOOTABLE;
        String text = "kernel " + release + " has no initrd: it must have network and NFS built in";
        found.add(needed ? broken(text) : odd(text));
      }
    }
  }

  private void modules(String release) {
    boolean there =
        Stream.of("lib/modules/", "usr/lib/modules/")
            .anyMatch(directory ->
                RootPath.followed(root, directory + release + "/modules.dep").isPresent());
    if (there) {
      found.add(good("kernel " + release + " with its modules"));
    } else {
      found.add(odd("kernel " + release + " has no modules in /lib/modules/" + release));
    }
  }

  private void initrd(String release, String initrd) throws IOException {
    List<String> names = inRoot.lines(List.of("lsinitramfs", initrd));
    if (names.isEmpty()) {
      String text =
          initrd + " could not be looked into: no lsinitramfs in the root, or it is damaged";
      found.add(demand == RootAction.Demand.BOOTABLE ? odd(text) : broken(text));
      return;
    }
    if (has(names, "lib/modules/") && !has(names, "lib/modules/" + release + "/")) {
      found.add(broken(initrd + " has the modules of another kernel; run update-initramfs"));
    }
    for (String wanted : wanted()) {
      if (!has(names, wanted)) {
        found.add(broken(wanted + " is not in " + initrd + "; see /etc/initramfs-tools/modules"));
      }
    }
    if (!has(names, "scripts/nfs-bottom/krgboot-root")) {
      found.add(odd(initrd + " does not know styles of roots: it mounts this one read-write"));
    }
    List<String> cards = CARDS.stream().filter(card -> has(names, "/" + card + ".ko")).toList();
    List<String> lacks = CARDS.stream().filter(card -> !cards.contains(card)).toList();
    found.add(
        cards.isEmpty()
            ? odd("no driver of a usual network card is in " + initrd)
            : good(
                initrd
                    + " drives "
                    + String.join(", ", cards)
                    + (lacks.isEmpty() ? "" : "; not " + String.join(", ", lacks))));
  }

  private List<String> wanted() {
    return switch (demand) {
      case STANDARD -> List.of("/nfsv3.ko", "/virtio_net.ko", "/e1000.ko", "/krgboot-node");
      case SMALL -> List.of("/nfsv3.ko", "/virtio_net.ko", "/krgboot-node");
      case BOOTABLE -> List.of("/nfsv3.ko");
    };
  }

  private static boolean has(List<String> names, String part) {
    return names.stream().anyMatch(name -> name.contains(part));
  }

  private void init() {
    Optional<Path> init =
        Stream.of("sbin/init", "etc/init", "bin/init", "bin/sh")
            .flatMap(path -> RootPath.followed(root, path).stream())
            .filter(Files::isRegularFile)
            .findFirst();
    if (init.isEmpty()) {
      found.add(broken("no init: neither /sbin/init nor /bin/sh is there; install systemd-sysv"));
    } else if (!Files.isExecutable(init.get())) {
      found.add(broken("/" + root.relativize(init.get()) + " cannot be executed"));
    } else {
      found.add(good("init is /" + root.relativize(init.get())));
    }
  }

  /** What must not be the same on all nodes. */
  private void shared() throws IOException {
    for (String type : List.of("rsa", "ecdsa", "ed25519")) {
      String key = "etc/ssh/ssh_host_" + type + "_key";
      if (Files.exists(root.resolve(key), LinkOption.NOFOLLOW_LINKS)) {
        found.add(broken("/" + key + " would be the key of every node; remove it"));
      }
    }
    for (String path : List.of("etc/machine-id", "var/lib/dbus/machine-id")) {
      Path file = root.resolve(path);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.readString(file).strip().matches("[0-9a-f]{32}")) {
        found.add(
            broken(
                "/" + path + " would be the id of every node; make it a link to /run/machine-id"));
      }
    }
    if (Files.exists(root.resolve("var/lib/systemd/random-seed"), LinkOption.NOFOLLOW_LINKS)) {
      found.add(odd("/var/lib/systemd/random-seed would seed every node alike; remove it"));
    }
    if (Files.isRegularFile(root.resolve("etc/hostname"), LinkOption.NOFOLLOW_LINKS)) {
      found.add(odd("/etc/hostname would name every node alike; remove it"));
    }
  }

  /** Of a program that was killed while it ran in the root. */
  private void policy() throws IOException {
    Path policy = root.resolve("usr/sbin/policy-rc.d");
    if (Files.isRegularFile(policy, LinkOption.NOFOLLOW_LINKS)
        && Files.readString(policy).contains("krgboot")) {
      found.add(
          odd(
              "/usr/sbin/policy-rc.d was left by a krgboot that was killed, and keeps packages from"
                  + " starting services; remove it"));
    }
  }

  /** A kernel without devtmpfs opens these before init runs. */
  private void devices() throws IOException {
    for (String device : List.of("console", "null")) {
      if (!Files.exists(root.resolve("dev").resolve(device), LinkOption.NOFOLLOW_LINKS)) {
        found.add(odd("/dev/" + device + " is missing: a kernel without devtmpfs needs it"));
      }
    }
  }

  private void mounts() throws IOException {
    Path fstab = root.resolve("etc/fstab");
    if (!Files.isRegularFile(fstab, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (String line : Files.readAllLines(fstab)) {
      String[] words = line.strip().split("\\s+", -1);
      boolean disk = line.strip().matches("(UUID=|LABEL=|PARTUUID=|/dev/).*");
      if (disk && !line.contains("nofail") && !line.contains("noauto")) {
        found.add(
            broken(
                "/etc/fstab wants "
                    + words[0]
                    + ", which a node has not; add nofail or remove it"));
      }
    }
  }

  private void setuid() throws IOException {
    List<String> programs = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Object mode = Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if (mode instanceof Integer bits && (bits & 0170000) == 0100000 && (bits & 04000) != 0) {
          programs.add("/" + root.relativize(file));
        }
      }
    }
    programs.sort(null);
    found.add(
        good(
            programs.isEmpty()
                ? "no program runs as another user (setuid)"
                : programs.size()
                    + " programs run as their owner (setuid): "
                    + String.join(" ", programs)));
  }
}
