package org.krgboot.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/**
 * What nodes are told, beside their address.
 *
 * @param server this machine on the boot network: server id, siaddr, NFS and TFTP server
 * @param serverName the {@code sname} field and option 66; may be ""
 * @param boot what is in the {@code file} field and option 67
 * @param rootPath the exported directory that is the nodes' root
 * @param nfsPort told to nodes only if it is not 2049
 * @param namePrefix a node without a name of its own is this and its address's last octet
 * @param maxMessageSize option 57, told to clients that ask for it
 */
public record NodeOptions(
    Ipv4 server,
    String serverName,
    BootChoice boot,
    String rootPath,
    int nfsPort,
    String namePrefix,
    Optional<Ipv4> router,
    List<Ipv4> dns,
    List<Ipv4> ntp,
    Optional<String> domain,
    int maxMessageSize) {
  private static final int STANDARD_NFS_PORT = 2049;

  /** As options of nfsroot: kernels up to 2.6.30 use NFSv2, UDP and 4 KiB blocks unless told. */
  private static final String MOUNT_OPTIONS = ",v3,tcp,rsize=1048576,wsize=1048576";

  /** The kernel's buffer for the root path has 256 bytes with its NUL. */
  private static final int MAX_ROOT_PATH = 255;

  /** More would crowd out what a node needs to boot. */
  private static final int MAX_SERVERS = 8;

  public NodeOptions {
    dns = List.copyOf(dns);
    ntp = List.copyOf(ntp);
    requireText("the server name", serverName, 63);
    requireText("the root path", rootPath, MAX_ROOT_PATH);
    domain.ifPresent(name -> requireText("the domain", name, 253));
    require(rootPath.startsWith("/"), "the root path '" + rootPath + "' must begin with '/'");
    require(
        rootPath.chars().noneMatch(c -> c == ',' || c == ' '),
        "the root path '" + rootPath + "' has a comma or a space; nodes would cut it there");
    require(nfsPort >= 1 && nfsPort <= 65535, "an NFS port is 1 to 65535, not " + nfsPort);
    require(
        maxMessageSize >= 576 && maxMessageSize <= 65535,
        "a maximum message size is 576 to 65535, not " + maxMessageSize);
    require(
        dns.size() <= MAX_SERVERS && ntp.size() <= MAX_SERVERS,
        "name at most " + MAX_SERVERS + " DNS and NTP servers each");
    requirePrefix(namePrefix);
    int longest = rootPath(server, rootPath, nfsPort).getBytes(StandardCharsets.UTF_8).length;
    require(
        longest <= MAX_ROOT_PATH,
        "the root path '" + rootPath + "' is too long by " + (longest - MAX_ROOT_PATH) + " bytes");
  }

  /** The {@code file} field for that client: a file's name, or a URL if it fits; else "". */
  String bootFileOf(DhcpRequest request) {
    return switch (boot.of(BootClient.of(request))) {
      case BootChoice.File(String name) -> name;
      case BootChoice.Url(String url) -> url.length() <= BootChoice.MAX_FILE ? url : "";
      case BootChoice.Nothing() -> "";
    };
  }

  /** Where klibc's client finds its root: {@code SERVER:/path}. */
  String plainRootPath() {
    return server + ":" + rootPath;
  }

  /** Where the kernel finds its root, and how it is to mount it. */
  String rootPathWithOptions() {
    return rootPath(server, rootPath, nfsPort);
  }

  /** The name of a node without a name of its own, as in the how-to's dhcpd.conf. */
  NodeName nameOf(Ipv4 address) {
    return new NodeName(namePrefix + address.octet(3));
  }

  private static String rootPath(Ipv4 server, String rootPath, int nfsPort) {
    String port = nfsPort == STANDARD_NFS_PORT ? "" : ",port=" + nfsPort;
    return server + ":" + rootPath + MOUNT_OPTIONS + port;
  }

  private static void requirePrefix(String prefix) {
    try {
      new NodeName(prefix + "255");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the name prefix '" + prefix + "' does not begin a host name such as krgnode101", e);
    }
  }

  private static void requireText(String what, String text, int maxBytes) {
    require(
        text.chars().noneMatch(c -> c < ' ' || c == 0x7f),
        what + " has a control character in it; remove it");
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    require(
        length <= maxBytes,
        what + " '" + text + "' has " + length + " bytes; DHCP has room for " + maxBytes);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
