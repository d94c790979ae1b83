package org.krgboot.settings;

import java.util.Arrays;
import java.util.Optional;

/** Every key of the configuration file; the same names are used for flags. One place knows them. */
public enum SettingKey {
  ONLY("server.only"),
  INTERFACE("server.interface"),
  LISTEN("server.listen"),
  STATE_DIR("server.state-dir"),
  DHCP_PORT("dhcp.port"),
  DHCP_SUBNET("dhcp.subnet"),
  DHCP_RANGE("dhcp.range"),
  DHCP_LEASE_TIME("dhcp.lease-time"),
  DHCP_LEASE_HISTORY("dhcp.lease-history"),
  DHCP_ADMISSION("dhcp.admission"),
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
  DHCP_PING_CHECK("dhcp.ping-check"),
  DHCP_RAPID_COMMIT("dhcp.rapid-commit"),
  DHCP_MAX_MESSAGE_SIZE("dhcp.max-message-size"),
  DHCP_ANSWER_ROUTER_SOLICITATIONS("dhcp.answer-router-solicitations"),
  TFTP_PORT("tftp.port"),
  TFTP_ROOT("tftp.root"),
  TFTP_LOADERS("tftp.loaders"),
  TFTP_MORE_ROOTS("tftp.more-roots"),
  TFTP_MAP_FILE("tftp.map-file"),
  TFTP_NODE_DIRECTORIES("tftp.node-directories"),
  TFTP_MAX_BLOCK_SIZE("tftp.max-block-size"),
  TFTP_MAX_WINDOW("tftp.max-window"),
  TFTP_MAX_TRANSFERS("tftp.max-transfers"),
  TFTP_DSCP("tftp.dscp"),
  HTTP_PORT("http.port"),
  HTTP_TLS_PORT("http.tls-port"),
  HTTP_CERTIFICATE("http.certificate"),
  HTTP_KEY("http.key"),
  NFS_PORT("nfs.port"),
  NFS_MOUNT_PORT("nfs.mount-port"),
  NFS_PORTMAP_PORT("nfs.portmap-port"),
  NFS_ROOT("nfs.root"),
  NFS_EXPORTS_FILE("nfs.exports-file"),
  NFS_SYNC("nfs.sync"),
  NFS_MAX_CONNECTIONS("nfs.max-connections"),
  NFS_ADDRESS_SHARE("nfs.address-share"),
  NFS_IO_SIZE("nfs.io-size"),
  NFS_OPEN_FILES("nfs.open-files"),
  NFS_BUFFER_MEMORY("nfs.buffer-memory"),
  NFS_WAITING_CALLS("nfs.waiting-calls"),
  NFS_IDLE_TIMEOUT("nfs.idle-timeout"),
  NFS_STALL_TIMEOUT("nfs.stall-timeout"),
  BOOT_KERNEL("boot.kernel"),
  BOOT_INITRD("boot.initrd"),
  BOOT_APPEND("boot.append"),
  BOOT_SERIAL("boot.serial"),
  BOOT_TARGET("boot.target"),
  BOOT_MENU_TIMEOUT("boot.menu-timeout"),
  STATUS_LISTEN("status.listen"),
  STATUS_PORT("status.port"),
  STATUS_HOSTS("status.hosts"),
  STATUS_TOKEN_FILE("status.token-file"),
  STATUS_CERTIFICATE("status.certificate"),
  STATUS_KEY("status.key");

  private final String text;

  SettingKey(String text) {
    this.text = text;
  }

  /** As written in the file: {@code table.key}. */
  public String text() {
    return text;
  }

  static Optional<SettingKey> of(String text) {
    return Arrays.stream(values()).filter(key -> key.text.equals(text)).findFirst();
  }
}
