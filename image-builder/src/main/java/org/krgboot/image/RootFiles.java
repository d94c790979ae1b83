package org.krgboot.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.krgboot.images.RootStyle;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;
import org.krgboot.steps.Step;

/**
 * What is written into a root so that many diskless nodes can share it, as named steps. Pure: the
 * same recipe gives the same files. These are the how-to's edits, for a system of today.
 */
final class RootFiles {
  private RootFiles() {}

  /** One thing in the root; paths are relative to it. */
  sealed interface Entry {
    String path();

    record File(String path, String content, String permissions) implements Entry {}

    record Link(String path, String to) implements Entry {}

    record Absent(String path) implements Entry {}

    /** Tells a person. */
    default String shown() {
      return switch (this) {
        case File(String path, String content, String permissions) ->
            "write /" + path + " (" + content.lines().count() + " lines, " + permissions + ")";
        case Link(String path, String to) -> "link /" + path + " -> " + to;
        case Absent(String path) -> "remove /" + path;
      };
    }
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

  /** Before the packages are configured, so that the initrd is made right once. */
  static List<Entry> initramfs(Optional<RootRecipe.Size> size) {
    List<Entry> files = new ArrayList<>();
    // conf.d wins over initramfs.conf (initramfs.conf(5)), and no package asks about it.
    files.add(text("etc/initramfs-tools/conf.d/krgboot", initramfsConf(size)));
    files.add(script("etc/initramfs-tools/scripts/init-premount/krgboot-link", LINK_SCRIPT));
    files.add(script("etc/initramfs-tools/scripts/init-bottom/krgboot-node", NODE_SCRIPT));
    files.add(script("etc/initramfs-tools/scripts/nfs-bottom/krgboot-root", ROOT_SCRIPT));
    boolean small = size.equals(Optional.of(RootRecipe.Size.SMALL));
    String modules = "virtio_pci\nvirtio_net\nvirtio_rng\naf_packet\nnfs\nnfsv3\n";
    // An imported root's own list stays as it is.
    files.add(
        size.isPresent()
            ? text("etc/initramfs-tools/modules", "overlay\n" + (small ? modules : ""))
            : text("usr/share/initramfs-tools/modules.d/krgboot", "overlay\n"));
    return files;
  }

  static String initramfsConf(Optional<RootRecipe.Size> size) {
    String modules = size.equals(Optional.of(RootRecipe.Size.SMALL)) ? "list" : "netboot";
    // What an imported root packs its initrds with is there; zstd may not be.
    String compress = size.isPresent() ? "COMPRESS=zstd\n" : "";
    return "MODULES=" + modules + "\nBOOT=nfs\n" + compress + "NFSROOT=auto\nFSTYPE=nfs\n";
  }

  /**
   * Runs in the initrd, before it asks DHCP: brings the links up. For a moment after that the
   * kernel refuses to send (ENOBUFS, until the link watch has activated the device), and klibc's
   * ipconfig, which would bring it up and send at once, then sleeps for 10 seconds. It writes a
   * lease without an address, which must not stay: it would count as one. Only what klibc has.
   */
  private static final String LINK_SCRIPT =
      """
      #!/bin/sh
      [ "$1" = prereqs ] && exit 0

      for device in /sys/class/net/*; do
        name=${device##*/}
        read -r type < "$device/type" || continue
        [ "$type" = 1 ] && [ ! -e "/run/net-$name.conf" ] || continue
        ipconfig -n -t 1 -c none -d "$name" > /dev/null 2>&1
        lease=/run/net-$name.conf
        [ ! -e "$lease" ] || mv "$lease" /run/krgboot-link || nuke "$lease"
        read -r carrier < "$device/carrier" && [ "$carrier" = 1 ] || continue
        for tenth in 1 2 3 4 5 6 7 8 9 10; do
          read -r state < "$device/operstate"
          [ "$state" != up ] || break
          sleep 0.1
        done
      done
      exit 0
      """;

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

  /**
   * Runs in the initrd, right after the root is mounted: makes it what its style says. The version
   * that is mounted is in the name it was mounted by (see RootVersion); a read-only root has its
   * writable directories beside it. Only what klibc has: no sed, no grep.
   */
  private static final String ROOT_SCRIPT =
      """
      #!/bin/sh
      [ "$1" = prereqs ] && exit 0

      style=read-write
      writable=
      [ -r "$rootmnt/etc/krgboot-style" ] && . "$rootmnt/etc/krgboot-style"

      over_memory() { # DIR NAME BELOW: shows BELOW at DIR; what is written there stays in memory
        mkdir -p "/run/krgboot/$2"
        mount -n -t tmpfs -o mode=0755,size=50% tmpfs "/run/krgboot/$2"
        mkdir "/run/krgboot/$2/upper" "/run/krgboot/$2/work"
        mount -n -t overlay -o \
          "lowerdir=$3,upperdir=/run/krgboot/$2/upper,workdir=/run/krgboot/$2/work" overlay "$1"
      }

      case $style in
      overlay)
        modprobe overlay
        mkdir -p /run/krgboot/below
        mount -n -o move "$rootmnt" /run/krgboot/below
        over_memory "$rootmnt" above /run/krgboot/below
        ;;
      read-only)
        from=
        port=
        while read -r source at type options rest; do
          [ "$at" = "$rootmnt" ] && [ "$type" = nfs ] || continue
          from=$source
          case ,$options in *,port=*) port=,$options port=${port##*,port=} port=,port=${port%%,*} ;; esac
        done < /proc/mounts
        version=${from%/root}
        version=${version##*/}
        live=${from%/sealed/"$version"/root}/live/$version
        for directory in $writable; do
          if [ "$from" != "${from%/sealed/*/root}" ]; then
            nfsmount -o "nolock,rw,v3,tcp$port" "$live/$directory" "$rootmnt/$directory"
          else
            echo "krgboot: the root is not mounted by its version; /$directory is kept in memory"
            modprobe overlay
            over_memory "$rootmnt/$directory" "$directory" "$rootmnt/$directory"
          fi
        done
        mount -n -o remount,ro "$from" "$rootmnt"
        ;;
      esac
      exit 0
      """;

  /** The how-to's edits, each a step of its own. */
  static List<Step<RootAction>> edits(Recipe recipe) {
    Recipe.Node node = recipe.node();
    List<Step<RootAction>> steps = new ArrayList<>();
    steps.add(
        RootAction.edit(
            "style",
            "say how nodes write to it: " + node.style().kind().text(),
            text(RootStyle.PATH, node.style().text())));
    steps.add(
        RootAction.edit("fstab", "mount what a node mounts itself", text("etc/fstab", FSTAB)));
    steps.add(
        RootAction.edit(
            "mtab",
            "take what is mounted from /proc",
            new Entry.Link("etc/mtab", "../proc/self/mounts")));
    steps.add(
        RootAction.edit(
            "hosts",
            "tell the names of all nodes",
            text("etc/hosts", hosts(node.hosts()) + lines(node.lines()))));
    // klibc's ipconfig has set the name before init starts.
    steps.add(
        RootAction.edit("hostname", "take the name from DHCP", new Entry.Absent("etc/hostname")));
    steps.add(
        RootAction.edit(
            "resolv.conf",
            "take name servers from DHCP",
            new Entry.Link("etc/resolv.conf", "../run/krgboot/resolv.conf"),
            text("etc/tmpfiles.d/krgboot.conf", TMPFILES)));
    steps.add(
        RootAction.edit(
            "locale", "use a locale that is there", text("etc/default/locale", "LANG=C.UTF-8\n")));
    steps.add(
        RootAction.edit(
            "machine-id",
            "give each node an id of its own",
            new Entry.Link("etc/machine-id", "../run/machine-id"),
            new Entry.Link("var/lib/dbus/machine-id", "/etc/machine-id"),
            new Entry.Absent("var/lib/systemd/random-seed")));
    steps.add(
        RootAction.where(
            "usr/sbin/sshd",
            RootAction.edit("host-keys", "give each node ssh host keys of its own", hostKeys())));
    steps.add(
        RootAction.where(
            "usr/lib/systemd/systemd",
            RootAction.edit("units", "leave out what harms a root that is shared", units())));
    return steps;
  }

  private static String lines(List<String> more) {
    return more.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static Entry[] hostKeys() {
    List<Entry> files = new ArrayList<>();
    for (String type : List.of("rsa", "ecdsa", "ed25519", "dsa")) {
      files.add(new Entry.Absent("etc/ssh/ssh_host_" + type + "_key"));
      files.add(new Entry.Absent("etc/ssh/ssh_host_" + type + "_key.pub"));
    }
    files.add(text("etc/ssh/sshd_config.d/krgboot.conf", "HostKey " + HOST_KEY + "\n"));
    files.add(script("usr/lib/krgboot/host-keys", HOST_KEYS));
    files.add(text("etc/systemd/system/krgboot-host-keys.service", HOST_KEYS_UNIT));
    files.add(
        text(
            "etc/systemd/system/ssh.service.d/krgboot.conf",
            "[Unit]\nRequires=krgboot-host-keys.service\nAfter=krgboot-host-keys.service\n"));
    return files.toArray(Entry[]::new);
  }

  private static Entry[] units() {
    List<Entry> files = new ArrayList<>();
    files.add(text("etc/systemd/journald.conf.d/krgboot.conf", JOURNALD));
    files.add(
        new Entry.Link(
            "etc/systemd/system/default.target", "/lib/systemd/system/multi-user.target"));
    for (String unit : MASKED) {
      files.add(new Entry.Link("etc/systemd/system/" + unit, "/dev/null"));
    }
    return files.toArray(Entry[]::new);
  }

  private static final String HOST_KEY = "/run/krgboot/ssh/ssh_host_ed25519_key";

  /** Kept by machine id, where /var can be written and is kept; else new at each boot. */
  private static final String HOST_KEYS =
      """
      #!/bin/sh
      # Makes this node's ssh host key at its first boot, and finds it again at the next.
      set -e
      umask 077
      key=ssh_host_ed25519_key
      read -r id < /etc/machine-id || id=$(uname -n)
      kept=/var/lib/krgboot-node/$id
      mkdir -p /run/krgboot/ssh
      if ! { [ -s "$kept/$key" ] && cp "$kept/$key" "$kept/$key.pub" /run/krgboot/ssh/; }; then
        rm -f "/run/krgboot/ssh/$key"
        ssh-keygen -q -t ed25519 -N '' -C "$(uname -n)" -f "/run/krgboot/ssh/$key"
        mkdir -p "$kept" && cp "/run/krgboot/ssh/$key.pub" "$kept/" &&
          cp "/run/krgboot/ssh/$key" "$kept/$key.new" && mv "$kept/$key.new" "$kept/$key" ||
          echo "the host key is not kept: /var cannot be written"
      fi
      """;

  private static final String HOST_KEYS_UNIT =
      """
      [Unit]
      Description=This node's own ssh host key
      DefaultDependencies=no
      After=local-fs.target
      Before=ssh.service
      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/usr/lib/krgboot/host-keys
      """;

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
