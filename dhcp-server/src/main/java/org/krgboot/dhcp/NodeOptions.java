package org.krgboot.dhcp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/**
 * What nodes are told, beside their address, once all scopes are laid over each other. The meaning
 * of each is in {@link ScopeOptions}.
 *
 * @param server this machine on the boot network: server id, NFS and TFTP server
 * @param nfsPort told to nodes only if it is not 2049
 * @param scope what all scopes say together; boot file, root path, name, lease time and maximum
 *     message size are there
 */
public record NodeOptions(Ipv4 server, int nfsPort, ScopeOptions scope) {
  private static final int STANDARD_NFS_PORT = 2049;

  /** As options of nfsroot: kernels up to 2.6.30 use NFSv2, UDP and 4 KiB blocks unless told. */
  private static final String MOUNT_OPTIONS = ",v3,tcp,rsize=1048576,wsize=1048576";

  /**
   * The kernel's buffer for the root path has 256 bytes with its NUL; less what we write around the
   * path.
   */
  static final int MAX_ROOT_PATH =
      255 - "255.255.255.255:".length() - MOUNT_OPTIONS.length() - ",port=65535".length();

  /** Refuses what is incomplete. */
  public NodeOptions {
    require(nfsPort >= 1 && nfsPort <= 65535, "an NFS port is 1 to 65535, not " + nfsPort);
    require(
        scope.boot().file().isPresent()
            && scope.rootPath().isPresent()
            && scope.name().isPresent()
            && scope.leaseTime().isPresent()
            && scope.maxMessageSize().isPresent(),
        "a boot file, root path, name, lease time and maximum message size are needed");
  }

  /** The same where we have another address. */
  NodeOptions at(Ipv4 address) {
    return address.equals(server) ? this : new NodeOptions(address, nfsPort, scope);
  }

  /** The same where {@code inner} has its say too. */
  NodeOptions with(ScopeOptions inner) {
    return inner.equals(ScopeOptions.NONE)
        ? this
        : new NodeOptions(server, nfsPort, inner.over(scope));
  }

  Ipv4 nextServer() {
    return scope.nextServer().orElse(server);
  }

  String serverName() {
    return scope.serverName().orElseGet(() -> nextServer().toString());
  }

  BootChoice boot() {
    return scope.boot();
  }

  public String rootPath() {
    return scope.rootPath().orElseThrow();
  }

  public NameTemplate name() {
    return scope.name().orElseThrow();
  }

  List<Ipv4> routers() {
    return scope.routers().orElse(List.of());
  }

  public List<Ipv4> dns() {
    return scope.dns().orElse(List.of());
  }

  public List<Ipv4> ntp() {
    return scope.ntp().orElse(List.of());
  }

  public Optional<String> domain() {
    return scope.domain().filter(text -> !text.isEmpty());
  }

  int maxMessageSize() {
    return scope.maxMessageSize().orElseThrow();
  }

  public Duration leaseTime() {
    return scope.leaseTime().orElseThrow();
  }

  /** T1 of a lease that has {@code time} left: in proportion. */
  Duration renewTime(Duration time) {
    return scope.renewTime().map(t1 -> inProportion(t1, time)).orElseGet(() -> time.dividedBy(2));
  }

  /** T2 of a lease that has {@code time} left; never before T1. */
  Duration rebindTime(Duration time) {
    Duration t2 =
        scope
            .rebindTime()
            .map(all -> inProportion(all, time))
            .orElseGet(() -> time.multipliedBy(7).dividedBy(8));
    Duration t1 = renewTime(time);
    return t2.compareTo(t1) < 0 ? t1 : t2;
  }

  private Duration inProportion(Duration part, Duration time) {
    Duration whole = leaseTime();
    return part.compareTo(whole) >= 0
        ? time
        : Duration.ofSeconds(part.toSeconds() * time.toSeconds() / whole.toSeconds());
  }

  /** Where klibc's client finds its root: {@code SERVER:/path}. */
  String plainRootPath() {
    return server + ":" + rootPath();
  }

  /** Where the kernel finds its root, and how it is to mount it. */
  String rootPathWithOptions() {
    String port = nfsPort == STANDARD_NFS_PORT ? "" : ",port=" + nfsPort;
    return server + ":" + rootPath() + MOUNT_OPTIONS + port;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
