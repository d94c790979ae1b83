package org.krgboot.model;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one node's boot: the fold of its events, oldest first. Pure.
 *
 * @param since when the node entered this stage
 * @param powerOn when its firmware first asked in this boot, as far as we saw it
 * @param reached when it entered each stage of this boot; stages that nobody saw are left out
 * @param trouble the newest refusal since the last step forward; for the operator
 */
public record NodeProgress(
    MacAddress mac,
    Optional<Ipv4> address,
    Optional<NodeName> name,
    BootStage stage,
    Instant since,
    Instant powerOn,
    Map<BootStage, Instant> reached,
    Optional<String> trouble) {

  public NodeProgress {
    reached = Map.copyOf(reached);
  }

  /** A node of which nothing but this event is known. */
  public static NodeProgress first(MacAddress mac, BootEvent event) {
    return new NodeProgress(
            mac,
            Optional.empty(),
            Optional.empty(),
            BootStage.DHCP,
            event.at(),
            event.at(),
            Map.of(BootStage.DHCP, event.at()),
            Optional.empty())
        .after(event);
  }

  /** What is known after one more event of this node. */
  public NodeProgress after(BootEvent event) {
    return switch (event) {
      case BootEvent.AddressOffered e -> asking(e.at(), e.client());
      case BootEvent.AddressAcknowledged e ->
          asking(e.at(), e.client()).holding(e.address(), e.name());
      case BootEvent.AddressRefused e -> troubled(e.reason());
      case BootEvent.AddressReturned e -> troubled("gave its address back: " + e.how());
      case BootEvent.OtherOfferTaken e ->
          troubled("took its address from another DHCP server, " + e.server());
      case BootEvent.FileSent e -> fetched(e);
      case BootEvent.FileRefused e ->
          isProbe(e.file()) ? this : troubled(e.file() + ": " + e.reason());
      case BootEvent.RootMounted e -> reached(BootStage.MOUNTED, e.at());
      case BootEvent.MountRefused e -> troubled(e.path() + ": " + e.reason());
      case BootEvent.RootFirstRead e -> reached(BootStage.READING, e.at());
      case BootEvent.InitNotFound e -> troubled(e.path() + " has no init");
      case BootEvent.InitRead e -> reached(BootStage.INIT, e.at());
      case BootEvent.LoginStarted e -> reached(BootStage.UP, e.at());
      case BootEvent.NodeOrdered _, BootEvent.ConfigurationRead _ -> this;
    };
  }

  /** PXELINUX asks for many configuration names in turn; that most are not there is normal. */
  static boolean isProbe(String file) {
    return file.contains("pxelinux.cfg/");
  }

  /**
   * DHCP by firmware begins a new boot; DHCP by a kernel or its initrd means that the kernel runs;
   * DHCP by a node that has its root is a renewal.
   */
  private NodeProgress asking(Instant at, String client) {
    if (isFirmware(client)) {
      boolean sameBoot = stage == BootStage.DHCP && trouble.isEmpty();
      return new NodeProgress(
          mac,
          address,
          name,
          BootStage.DHCP,
          sameBoot ? since : at,
          sameBoot ? powerOn : at,
          sameBoot ? reached : Map.of(BootStage.DHCP, at),
          Optional.empty());
    }
    return stage == BootStage.DHCP ? this : reached(BootStage.STARTING, at);
  }

  /** Firmware says so in option 60 (PXEClient, HTTPClient) or 77 (iPXE, gPXE). */
  private static boolean isFirmware(String client) {
    return client.startsWith("PXEClient")
        || client.startsWith("HTTPClient")
        || client.endsWith("PXE");
  }

  private NodeProgress fetched(BootEvent.FileSent sent) {
    return switch (sent.role()) {
      case LOADER, CONFIG -> reached(BootStage.LOADER, sent.at());
      case KERNEL, INITRD -> reached(BootStage.KERNEL, sent.at());
      case OTHER -> this;
    };
  }

  private NodeProgress reached(BootStage next, Instant at) {
    if (next.compareTo(stage) <= 0) {
      return this;
    }
    Map<BootStage, Instant> more = new EnumMap<>(reached);
    more.put(next, at);
    return new NodeProgress(mac, address, name, next, at, powerOn, more, Optional.empty());
  }

  /** How long after power-on it entered the stage, in this boot; empty if it has not been seen. */
  public Optional<Duration> untilStage(BootStage which) {
    return Optional.ofNullable(reached.get(which)).map(at -> Duration.between(powerOn, at));
  }

  private NodeProgress holding(Ipv4 newAddress, NodeName newName) {
    return new NodeProgress(
        mac,
        Optional.of(newAddress),
        Optional.of(newName),
        stage,
        since,
        powerOn,
        reached,
        trouble);
  }

  private NodeProgress troubled(String what) {
    return new NodeProgress(mac, address, name, stage, since, powerOn, reached, Optional.of(what));
  }
}
