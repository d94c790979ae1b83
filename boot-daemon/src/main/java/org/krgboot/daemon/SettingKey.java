package org.krgboot.daemon;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** Every key of the configuration file; the same names are used for flags. One place knows them. */
enum SettingKey {
  ONLY("server.only"),
  INTERFACE("server.interface"),
  LISTEN("server.listen"),
  STATE_DIR("server.state-dir"),
  DHCP_PORT("dhcp.port"),
  DHCP_SUBNET("dhcp.subnet"),
  DHCP_RANGE("dhcp.range"),
  DHCP_LEASE_TIME("dhcp.lease-time"),
  DHCP_UNKNOWN("dhcp.unknown"),
  DHCP_ROUTER("dhcp.router"),
  DHCP_DNS("dhcp.dns"),
  DHCP_NTP("dhcp.ntp"),
  DHCP_DOMAIN("dhcp.domain"),
  DHCP_SERVER_NAME("dhcp.server-name"),
  DHCP_NODE_NAME("dhcp.node-name"),
  DHCP_NAME_PREFIX("dhcp.name-prefix"),
  DHCP_NEXT_SERVER("dhcp.next-server"),
  DHCP_ROOT_PATH("dhcp.root-path"),
  DHCP_RENEW_TIME("dhcp.renew-time"),
  DHCP_REBIND_TIME("dhcp.rebind-time"),
  DHCP_AUTHORITATIVE("dhcp.authoritative"),
  DHCP_KEY("dhcp.key"),
  DHCP_REPLY("dhcp.reply"),
  DHCP_UNIQUE_NODE_IDS("dhcp.unique-node-ids"),
  DHCP_BOOT_FILE("dhcp.boot-file"),
  DHCP_BOOT_FILE_UEFI_IA32("dhcp.boot-file-uefi-ia32"),
  DHCP_BOOT_FILE_UEFI_X64("dhcp.boot-file-uefi-x64"),
  DHCP_BOOT_FILE_UEFI_ARM32("dhcp.boot-file-uefi-arm32"),
  DHCP_BOOT_FILE_UEFI_ARM64("dhcp.boot-file-uefi-arm64"),
  DHCP_BOOT_FILE_IPXE("dhcp.boot-file-ipxe"),
  DHCP_HTTP_BOOT_URL("dhcp.http-boot-url"),
  DHCP_OPTIONS("dhcp.options"),
  DHCP_MODE("dhcp.mode"),
  DHCP_RAPID_COMMIT("dhcp.rapid-commit"),
  DHCP_MAX_MESSAGE_SIZE("dhcp.max-message-size"),
  DHCP_ANSWER_ROUTER_SOLICITATIONS("dhcp.answer-router-solicitations"),
  TFTP_PORT("tftp.port"),
  TFTP_ROOT("tftp.root"),
  TFTP_LOADERS("tftp.loaders"),
  NFS_PORT("nfs.port"),
  NFS_MOUNT_PORT("nfs.mount-port"),
  NFS_PORTMAP_PORT("nfs.portmap-port"),
  NFS_ROOT("nfs.root"),
  NFS_EXPORTS_FILE("nfs.exports-file"),
  NFS_SYNC("nfs.sync"),
  BOOT_KERNEL("boot.kernel"),
  BOOT_INITRD("boot.initrd"),
  BOOT_APPEND("boot.append"),
  BOOT_SERIAL("boot.serial");

  private final String text;

  SettingKey(String text) {
    this.text = text;
  }

  /** As written in the file: {@code table.key}. */
  String text() {
    return text;
  }

  static Optional<SettingKey> of(String text) {
    return Arrays.stream(values()).filter(key -> key.text.equals(text)).findFirst();
  }

  /** The key that a mistyped one most likely means, if any is near. */
  static Optional<SettingKey> nearest(String text) {
    return Arrays.stream(values())
        .min(Comparator.comparingInt(key -> distance(key.text, text)))
        .filter(key -> distance(key.text, text) <= 3);
  }

  /** Levenshtein's distance. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
