package org.krgboot.dhcp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;

/**
 * What one scope of the configuration says to its nodes, beside their address. What it leaves out,
 * the scope around it says: global, network, subnet, pool, class, host, the last one wins. An empty
 * list says "none".
 *
 * @param nextServer {@code siaddr}: where the boot file is, and for the Linux kernel the root
 * @param serverName the header field for it and option 66; may be ""
 * @param boot which boot file: the {@code file} field and option 67
 * @param rootPath the exported directory that is the nodes' root
 * @param name how nodes are called
 * @param maxMessageSize option 57, told to clients that ask for it
 * @param leaseTime how long a node holds its address without asking again
 * @param renewTime T1, option 58; half of the lease time if left out
 * @param rebindTime T2, option 59; seven eighths if left out
 * @param extra options that the operator defined, each code once
 */
public record ScopeOptions(
    Optional<Ipv4> nextServer,
    Optional<String> serverName,
    BootChoice boot,
    Optional<String> rootPath,
    Optional<NameTemplate> name,
    Optional<List<Ipv4>> routers,
    Optional<List<Ipv4>> dns,
    Optional<List<Ipv4>> ntp,
    Optional<String> domain,
    Optional<Integer> maxMessageSize,
    Optional<Duration> leaseTime,
    Optional<Duration> renewTime,
    Optional<Duration> rebindTime,
    List<OptionValue> extra) {
  /** A scope that says nothing. */
  public static final ScopeOptions NONE = new Builder().build();

  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(60);
  private static final Duration LONGEST_LEASE = Duration.ofDays(365);

  /** More would crowd out what a node needs to boot. */
  private static final int MAX_SERVERS = 8;

  /** Refuses what does not fit into a packet, or is no sense. */
  public ScopeOptions {
    routers = routers.map(List::copyOf);
    dns = dns.map(List::copyOf);
    ntp = ntp.map(List::copyOf);
    extra = List.copyOf(extra);
    serverName.ifPresent(text -> requireText("the server name", text, 63));
    domain.ifPresent(text -> requireText("the domain", text, 253));
    rootPath.ifPresent(ScopeOptions::requireRootPath);
    maxMessageSize.ifPresent(size ->
        require(
            size >= 576 && size <= 65535, "a maximum message size is 576 to 65535, not " + size));
    requireFew("routers", routers);
    requireFew("DNS servers", dns);
    requireFew("NTP servers", ntp);
    leaseTime.ifPresent(time ->
        require(
            time.compareTo(SHORTEST_LEASE) >= 0 && time.compareTo(LONGEST_LEASE) <= 0,
            "a lease time of " + time.toSeconds() + "s is out of bounds; use 60s to 365d"));
    requireOrder(renewTime, rebindTime, "the renew time must be shorter than the rebind time");
    requireOrder(renewTime, leaseTime, "the renew time must be shorter than the lease time");
    requireOrder(rebindTime, leaseTime, "the rebind time must be shorter than the lease time");
  }

  /** What holds for a node in this scope, where the scopes around say {@code outer}. */
  public ScopeOptions over(ScopeOptions outer) {
    if (equals(NONE)) {
      return outer;
    }
    return new ScopeOptions(
        nextServer.or(outer::nextServer),
        serverName.or(outer::serverName),
        boot.over(outer.boot),
        rootPath.or(outer::rootPath),
        name.or(outer::name),
        routers.or(outer::routers),
        dns.or(outer::dns),
        ntp.or(outer::ntp),
        domain.or(outer::domain),
        maxMessageSize.or(outer::maxMessageSize),
        leaseTime.or(outer::leaseTime),
        // The times belong together: those for a long lease would not fit a shorter one.
        renewTime.or(() -> leaseTime.isPresent() ? Optional.empty() : outer.renewTime),
        rebindTime.or(() -> leaseTime.isPresent() ? Optional.empty() : outer.rebindTime),
        extraOver(outer));
  }

  private List<OptionValue> extraOver(ScopeOptions outer) {
    if (outer.extra.isEmpty() || extra.isEmpty()) {
      return extra.isEmpty() ? outer.extra : extra;
    }
    Map<Integer, OptionValue> all = new LinkedHashMap<>();
    outer.extra.forEach(option -> all.put(option.code(), option));
    extra.forEach(option -> all.put(option.code(), option));
    return List.copyOf(all.values());
  }

  private static void requireRootPath(String path) {
    requireText("the root path", path, NodeOptions.MAX_ROOT_PATH);
    require(path.startsWith("/"), "the root path '" + path + "' must begin with '/'");
    require(
        path.chars().noneMatch(c -> c == ',' || c == ' '),
        "the root path '" + path + "' has a comma or a space; nodes would cut it there");
  }

  private static void requireText(String what, String text, int maxBytes) {
    require(
        text.chars().noneMatch(c -> c < ' ' || c == 0x7f),
        what + " has a control character in it; remove it");
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    require(
        length <= maxBytes,
        what + " '" + text + "' has " + length + " bytes; there is room for " + maxBytes);
  }

  private static void requireFew(String what, Optional<List<Ipv4>> list) {
    require(
        list.isEmpty() || list.get().size() <= MAX_SERVERS,
        "name at most " + MAX_SERVERS + " " + what);
  }

  private static void requireOrder(Optional<Duration> a, Optional<Duration> b, String otherwise) {
    require(a.isEmpty() || b.isEmpty() || a.get().compareTo(b.get()) < 0, otherwise);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Says a scope by name; what is not said is left out. */
  public static final class Builder {
    private Optional<Ipv4> nextServer = Optional.empty();
    private Optional<String> serverName = Optional.empty();
    private BootChoice boot = BootChoice.NONE;
    private Optional<String> rootPath = Optional.empty();
    private Optional<NameTemplate> name = Optional.empty();
    private Optional<List<Ipv4>> routers = Optional.empty();
    private Optional<List<Ipv4>> dns = Optional.empty();
    private Optional<List<Ipv4>> ntp = Optional.empty();
    private Optional<String> domain = Optional.empty();
    private Optional<Integer> maxMessageSize = Optional.empty();
    private Optional<Duration> leaseTime = Optional.empty();
    private Optional<Duration> renewTime = Optional.empty();
    private Optional<Duration> rebindTime = Optional.empty();
    private List<OptionValue> extra = List.of();

    public Builder nextServer(Ipv4 address) {
      nextServer = Optional.of(address);
      return this;
    }

    public Builder serverName(String text) {
      serverName = Optional.of(text);
      return this;
    }

    /** The same boot file for all nodes of the scope. */
    public Builder bootFile(String text) {
      return boot(BootChoice.of(text));
    }

    public Builder boot(BootChoice choice) {
      boot = choice;
      return this;
    }

    public Builder rootPath(String text) {
      rootPath = Optional.of(text);
      return this;
    }

    public Builder name(NameTemplate template) {
      name = Optional.of(template);
      return this;
    }

    public Builder routers(List<Ipv4> addresses) {
      routers = Optional.of(addresses);
      return this;
    }

    public Builder dns(List<Ipv4> addresses) {
      dns = Optional.of(addresses);
      return this;
    }

    public Builder ntp(List<Ipv4> addresses) {
      ntp = Optional.of(addresses);
      return this;
    }

    public Builder domain(String text) {
      domain = Optional.of(text);
      return this;
    }

    public Builder maxMessageSize(int size) {
      maxMessageSize = Optional.of(size);
      return this;
    }

    public Builder leaseTime(Duration time) {
      leaseTime = Optional.of(time);
      return this;
    }

    public Builder renewTime(Duration time) {
      renewTime = Optional.of(time);
      return this;
    }

    public Builder rebindTime(Duration time) {
      rebindTime = Optional.of(time);
      return this;
    }

    public Builder extra(List<OptionValue> options) {
      extra = options;
      return this;
    }

    /** The scope as said so far. */
    public ScopeOptions build() {
      return new ScopeOptions(
          nextServer,
          serverName,
          boot,
          rootPath,
          name,
          routers,
          dns,
          ntp,
          domain,
          maxMessageSize,
          leaseTime,
          renewTime,
          rebindTime,
          extra);
    }
  }
}
