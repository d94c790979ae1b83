package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.krgboot.linux.Capabilities;
import org.krgboot.linux.Capability;
import org.krgboot.linux.KernelClock;
import org.krgboot.linux.LinuxException;
import org.krgboot.settings.Settings;

/** This machine: rights, room on its disks, its clock. */
final class HostCheck {
  /** Leases and events are some megabytes; below this the next log fills the disk. */
  private static final long LITTLE = 100L << 20;

  private static final long TOO_LITTLE = 10L << 20;

  /** No clock of a machine that runs this shows an earlier time. */
  private static final Instant BUILT_AFTER = Instant.parse("2026-01-01T00:00:00Z");

  private static final SequencedMap<Capability, String> RIGHTS = rights();

  private final Settings settings;

  HostCheck(Settings settings) {
    this.settings = settings;
  }

  private static SequencedMap<Capability, String> rights() {
    SequencedMap<Capability, String> rights = new LinkedHashMap<>();
    rights.put(Capability.NET_BIND_SERVICE, "to use the ports below 1024");
    rights.put(
        Capability.NET_RAW, "to bind to an interface, and to ask by ping who has an address");
    rights.put(Capability.NET_ADMIN, "to answer nodes that have no address yet");
    rights.put(Capability.DAC_READ_SEARCH, "to open files by NFS handle");
    rights.put(Capability.DAC_OVERRIDE, "to act for the nodes' root user");
    rights.put(Capability.SETUID, "to act as the nodes' users");
    rights.put(Capability.SETGID, "to act as the nodes' groups");
    rights.put(Capability.CHOWN, "to give files to the nodes' users");
    rights.put(Capability.FOWNER, "to change files of the nodes' users");
    rights.put(Capability.FSETID, "to keep the set-group-id bit of the nodes' files");
    rights.put(Capability.MKNOD, "to make the nodes' device files");
    return rights;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(rightsFinding());
    findings.add(stateDirectory());
    findings.add(space("state directory", settings.stateDirectory(), "leases are kept there"));
    settings
        .nfs()
        .ifPresent(_ ->
            findings.add(
                space(
                    "node root",
                    settings.bootEntry().nodeRoot(),
                    "nodes write their logs and files there")));
    findings.add(clock());
    return findings;
  }

  private Finding rightsFinding() {
    Capabilities mine = Capabilities.ofThisThread();
    List<String> missing =
        RIGHTS.entrySet().stream()
            .filter(right -> isWanted(right.getKey()) && !mine.has(right.getKey()))
            .map(right -> "CAP_" + right.getKey() + " " + right.getValue())
            .toList();
    return missing.isEmpty()
        ? Finding.ok("the rights that the servers need are there")
        : Finding.problem(
            "rights are missing: " + String.join(", ", missing),
            "the servers that need them do not start, or cannot do their work",
            "run as root; in a container or unit, give it these capabilities");
  }

  private boolean isWanted(Capability right) {
    return switch (right) {
      case NET_BIND_SERVICE -> true;
      case NET_RAW, NET_ADMIN -> settings.dhcp().isPresent();
      case CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, SETGID, SETUID, MKNOD ->
          settings.nfs().isPresent();
      case SYS_ADMIN, SYS_RESOURCE -> false;
    };
  }

  private static Path existing(Path path) {
    Path existing = path.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return existing;
  }

  private Finding stateDirectory() {
    Path existing = existing(settings.stateDirectory());
    return Files.isWritable(existing)
        ? Finding.ok("state directory: " + settings.stateDirectory())
        : Finding.problem(
            "user " + System.getProperty("user.name") + " cannot write " + existing,
            "a lease is on disk before a node gets its address",
            "run as root, or name a directory with --state-dir");
  }

  private static Finding space(String what, Path path, String why) {
    Path existing = existing(path);
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String told = what + " " + path + ": " + (free >> 20) + " MB free";
      String remedy = "make room: du -xh --max-depth=2 " + existing + " | sort -h | tail";
      if (free < TOO_LITTLE) {
        return Finding.problem(told, why, remedy);
      }
      return free < LITTLE ? Finding.warning(told, why, remedy) : Finding.ok(told);
    } catch (IOException e) {
      return Finding.warning(
          "the room at " + existing + " cannot be told: " + e.getMessage(), why, "df " + existing);
    }
  }

  private static Finding clock() {
    Instant now = Instant.now();
    if (now.isBefore(BUILT_AFTER)) {
      return Finding.problem(
          "the clock of this machine says " + now,
          "leases end at wrong times once it is set, and nodes take their time from their files",
          "timedatectl set-ntp true; or set it: date -s");
    }
    try {
      return KernelClock.isSynchronized()
          ? Finding.ok("the clock is synchronised")
          : Finding.warning(
              "the clock is not synchronised with any other",
              "times of files and of logs differ between server and nodes: make and logs go wrong",
              "apt-get install systemd-timesyncd; timedatectl set-ntp true");
    } catch (LinuxException e) {
      return Finding.ok("the clock says " + now);
    }
  }
}
