package org.krgboot.dhcp;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.NodeName;

/**
 * A lease to be acknowledged, with what has to be written first.
 *
 * @param time how long the node may use the address from now on
 */
record Grant(Binding binding, Duration time, List<Change> changes) {
  /** What is on disk, if it is good for most of a lease time; else a new binding. */
  static Grant of(Caller caller, Ipv4 address, Terms terms, LeaseTable leases, Instant now) {
    Duration leaseTime = terms.node().leaseTime();
    NodeName name = nameOf(caller, address, terms);
    Optional<Binding> old = leases.bindingOf(caller.key()).filter(b -> b.address().equals(address));
    Instant enough = now.plus(leaseTime.multipliedBy(3).dividedBy(4));
    Optional<Binding> good =
        old.filter(b -> leases.isSaved(caller.key()))
            .filter(b -> b.lease().name().equals(name) && b.mac().equals(caller.mac()))
            .filter(b -> !b.lease().expires().isBefore(enough));
    if (good.isPresent()) {
      Duration left = Duration.between(now, good.get().lease().expires());
      Duration time = left.compareTo(leaseTime) > 0 ? leaseTime : wholeSeconds(left);
      return new Grant(good.get(), time, withdrawn(caller, leases));
    }
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    Instant since = old.filter(b -> b.isActive(now)).map(b -> b.lease().since()).orElse(second);
    // Ends on a whole second, as it is on disk; never before what the node is told.
    Lease lease =
        new Lease(caller.mac(), address, name, since, second.plusSeconds(1).plus(leaseTime));
    Binding binding = new Binding(lease, second, caller.clientId());
    return new Grant(binding, leaseTime, bound(caller, binding, leases));
  }

  /** The node's own name, or the one made from its address. */
  static NodeName nameOf(Caller caller, Ipv4 address, Terms terms) {
    return caller
        .host()
        .flatMap(FixedHost::name)
        .orElseGet(() -> terms.node().name().nameOf(address, caller.mac(), caller.ownName()));
  }

  private static Duration wholeSeconds(Duration time) {
    return Duration.ofSeconds(time.toSeconds());
  }

  private static List<Change> withdrawn(Caller caller, LeaseTable leases) {
    return leases
        .offerTo(caller.key())
        .<List<Change>>map(address -> List.of(new Change.Withdraw(address)))
        .orElse(List.of());
  }

  private static List<Change> bound(Caller caller, Binding binding, LeaseTable leases) {
    List<Change> changes = new ArrayList<>();
    leases
        .bindingOf(caller.key())
        .map(Binding::address)
        .filter(old -> !old.equals(binding.address()))
        .ifPresent(old -> changes.add(new Change.Unbind(old)));
    changes.add(new Change.Bind(binding));
    return changes;
  }
}
