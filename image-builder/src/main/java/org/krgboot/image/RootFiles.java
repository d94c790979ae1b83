package org.krgboot.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/**
 * What is written into a Debian root so that many diskless nodes can share it, read-write, at the
 * same time. Pure: the same recipe gives the same files.
 *
 * @param early written before the packages are configured, so that the initrd is made right once
 * @param late written when all packages are there
 */
record RootFiles(List<Entry> early, List<Entry> late) {

  /** One thing in the root; paths are relative to it. */
  sealed interface Entry {
    String path();

    record File(String path, String content, String permissions) implements Entry {}

    record Link(String path, String to) implements Entry {}

    record Absent(String path) implements Entry {}
  }

  /**
   * Units that make no sense, or do harm, where many nodes share one root: timers that would all
   * change the same files at the same hour, services for local disks, and those that write one
   * node's state into /etc or /var for all.
   */
  static final List<String> MASKED =
      List.of(
          "apt-daily.timer",
          "apt-daily-upgrade.timer",
          "dpkg-db-backup.timer",
          "e2scrub_all.timer",
          "e2scrub_reap.service",
          "fstrim.timer",
          "man-db.timer",
          "logrotate.timer",
          "nfs-blkmap.service",
          "rpc-statd-notify.service",
          "systemd-firstboot.service",
          "systemd-machine-id-commit.service",
          "systemd-random-seed.service",
          "systemd-pstore.service",
          "systemd-sysusers.service",
          "systemd-tmpfiles-clean.timer");

  static RootFiles of(RootRecipe recipe) {
    return new RootFiles(initramfs(recipe.size()), late(recipe));
  }

  private static List<Entry> initramfs(RootRecipe.Size size) {
    List<Entry> files = new ArrayList<>();
    // conf.d wins over initramfs.conf (initramfs.conf(5)), and no package asks about it.
    files.add(text("etc/initramfs-tools/conf.d/krgboot", initramfsConf(size)));
    files.add(script("etc/initramfs-tools/scripts/init-bottom/krgboot-node", NODE_SCRIPT));
    switch (size) {
      case STANDARD -> {}
      case SMALL ->
          files.add(
              text(
                  "etc/initramfs-tools/modules",
                  "virtio_pci\nvirtio_net\nvirtio_rng\naf_packet\nnfs\nnfsv3\n"));
    }
    return files;
  }

  static String initramfsConf(RootRecipe.Size size) {
    String modules =
        switch (size) {
          case STANDARD -> "netboot";
          case SMALL -> "list";
        };
    return "MODULES=" + modules + "\nBOOT=nfs\nCOMPRESS=zstd\nNFSROOT=auto\nFSTYPE=nfs\n";
  }

  /**
   * Runs in the initrd, after the root is mounted and before its init starts. What belongs to one
   * node only goes to /run, which init inherits: the machine id (made from the MAC address, so that
   * it is the same at each boot and no two nodes have the same) and the name servers from DHCP,
   * which klibc's ipconfig leaves in /run/net-*.conf.
   */
  private static final String NODE_SCRIPT =
      """
      #!/bin/sh
      [ "$1" = prereqs ] && exit 0

      for lease in /run/net-*.conf; do
        [ -e "$lease" ] || continue
        . "$lease"
        read -r mac < "/sys/class/net/$DEVICE/address" || continue
        IFS=:
        set -- $mac
        unset IFS
        [ $# = 6 ] && echo "6b7267626f6f74000000$1$2$3$4$5$6" > /run/machine-id
        mkdir -p /run/krgboot
        : > /run/krgboot/resolv.conf
        [ -n "$DNSDOMAIN" ] && echo "search $DNSDOMAIN" >> /run/krgboot/resolv.conf
        for server in $IPV4DNS0 $IPV4DNS1; do
          [ "$server" = 0.0.0.0 ] || echo "nameserver $server" >> /run/krgboot/resolv.conf
        done
        break
      done
      exit 0
      """;

  private static List<Entry> late(RootRecipe recipe) {
    List<Entry> files = new ArrayList<>();
    files.add(text("etc/fstab", FSTAB));
    files.add(text("etc/hosts", hosts(recipe.hosts())));
    // The name comes from DHCP; klibc's ipconfig has set it before init starts.
    files.add(new Entry.Absent("etc/hostname"));
    files.add(new Entry.Link("etc/mtab", "../proc/self/mounts"));
    files.add(new Entry.Link("etc/machine-id", "../run/machine-id"));
    files.add(new Entry.Link("var/lib/dbus/machine-id", "/etc/machine-id"));
    files.add(new Entry.Link("etc/resolv.conf", "../run/krgboot/resolv.conf"));
    files.add(text("etc/tmpfiles.d/krgboot.conf", TMPFILES));
    files.add(text("etc/systemd/journald.conf.d/krgboot.conf", JOURNALD));
    files.add(text("etc/default/locale", "LANG=C.UTF-8\n"));
    files.add(
        new Entry.Link(
            "etc/systemd/system/default.target", "/lib/systemd/system/multi-user.target"));
    for (String unit : MASKED) {
      files.add(new Entry.Link("etc/systemd/system/" + unit, "/dev/null"));
    }
    return files;
  }

  // systemd mounts /proc, /sys, /run and configfs itself, and the initrd has mounted the root.
  private static final String FSTAB =
      """
      # The root is mounted by NFS before this file is read; systemd mounts proc, sys, run, configfs.
      # /tmp is the node's own: nodes that share a root must not meet there.
      tmpfs  /tmp  tmpfs  mode=1777,nosuid,nodev  0 0
      # A node with a disk may have swap:
      # /dev/sda1  none  swap  sw,nofail  0 0
      """;

  private static final String TMPFILES =
      """
      # With ip=dhcp and no initrd the kernel itself has asked DHCP; what it was told is here.
      d /run/krgboot 0755 root root -
      L /run/krgboot/resolv.conf - - - - /proc/net/pnp
      """;

  private static final String JOURNALD =
      """
      # In memory: all nodes share /var, and each line would be a write over the network.
      [Journal]
      Storage=volatile
      RuntimeMaxUse=16M
      """;

  static String hosts(Map<Ipv4, NodeName> nodes) {
    StringBuilder text =
        new StringBuilder(
            """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            """);
    nodes.forEach((address, name) -> text.append(address).append('\t').append(name).append('\n'));
    return text.toString();
  }

  private static Entry text(String path, String content) {
    return new Entry.File(path, content, "rw-r--r--");
  }

  private static Entry script(String path, String content) {
    return new Entry.File(path, content, "rwxr-xr-x");
  }
}
