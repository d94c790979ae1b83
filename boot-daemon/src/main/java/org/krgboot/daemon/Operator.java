package org.krgboot.daemon;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.krgboot.model.BootEvent;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;
import org.krgboot.model.NodeRange;
import org.krgboot.settings.NodeKey;
import org.krgboot.settings.NodeRecord;
import org.krgboot.settings.NodesFile;

/** What an operator can change while nodes run; each change is told to the journal. */
final class Operator {
  private static final String ALL = "all";

  private final Configuration configuration;
  private final KnownNodes known;
  private final Cluster cluster;
  private final Fences fences;
  private final BootEvent.Sink events;
  private final InstantSource clock;

  Operator(
      Configuration configuration,
      KnownNodes known,
      Cluster cluster,
      Fences fences,
      BootEvent.Sink events,
      InstantSource clock) {
    this.configuration = configuration;
    this.known = known;
    this.cluster = cluster;
    this.fences = fences;
    this.events = events;
    this.clock = clock;
  }

  /**
   * What was done.
   *
   * @param number of the configuration that holds now; 0 if it is the same
   * @param nodes whom it concerns, by what an operator calls them
   * @param changes in words
   */
  record Done(long number, List<String> nodes, String changes) {}

  /**
   * Reads the configuration again.
   *
   * @throws IOException if it stays as it is; the message says why
   */
  Done reload(String by) throws IOException {
    return done(configuration.reload(by), List.of());
  }

  /** As of {@link #reload}, with the files of that number. */
  Done rollback(long number) throws IOException {
    return done(configuration.rollback(number), List.of());
  }

  private static Done done(Configuration.Accepted accepted, List<NodeRange.Identity> nodes) {
    return new Done(
        accepted.number(), nodes.stream().map(KnownNodes::label).toList(), accepted.changes());
  }

  /**
   * Says something of nodes. A key that ends in {@code +} adds words to those that are there.
   *
   * @throws IllegalArgumentException if the range, a key or a value makes no sense
   * @throws IOException if the configuration stays as it is; the message says why
   */
  Done set(String range, Map<String, String> values) throws IOException {
    List<NodeRange.Identity> nodes = known.meant(NodeRange.parse(range));
    Map<NodeKey, String> replaced = new EnumMap<>(NodeKey.class);
    Map<NodeKey, String> added = new EnumMap<>(NodeKey.class);
    values.forEach((key, value) -> {
      boolean adds = key.equals(NodeKey.APPEND.text() + "+");
      NodeKey which = NodeKey.of(adds ? NodeKey.APPEND.text() : key);
      (adds ? added : replaced).put(which, checked(which, value));
    });
    requireNotWaiting(nodes);
    requireOneFor(nodes, replaced.keySet());
    UnaryOperator<NodeRecord> change =
        record -> {
          NodeRecord next = record;
          for (Map.Entry<NodeKey, String> entry : replaced.entrySet()) {
            next = next.with(entry.getKey(), entry.getValue());
          }
          for (Map.Entry<NodeKey, String> entry : added.entrySet()) {
            String before = next.values().getOrDefault(entry.getKey(), "");
            next = next.with(entry.getKey(), (before + " " + entry.getValue()).strip());
          }
          return next;
        };
    StringBuilder by = new StringBuilder("set " + range);
    values.forEach((key, value) -> by.append(' ').append(key).append('=').append(value));
    return done(configuration.change(file -> each(file, nodes, change), by.toString()), nodes);
  }

  private static String checked(NodeKey key, String value) {
    if (key == NodeKey.MAC) {
      throw new IllegalArgumentException(
          "a node is its MAC address; approve the new one and unset the old one (key all)");
    }
    if (key == NodeKey.REJECTED) {
      throw new IllegalArgumentException("say krgboot reject, or krgboot approve");
    }
    try {
      return key.value(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key.text() + ": " + e.getMessage(), e);
    }
  }

  private static void requireOneFor(List<NodeRange.Identity> nodes, Set<NodeKey> keys) {
    for (NodeKey key : List.of(NodeKey.NAME, NodeKey.ADDRESS)) {
      if (nodes.size() > 1 && keys.contains(key)) {
        throw new IllegalArgumentException(
            key.text() + " is one node's, and this names " + nodes.size() + " nodes; name one");
      }
    }
  }

  private void requireNotWaiting(List<NodeRange.Identity> nodes) {
    for (NodeRange.Identity node : nodes) {
      if (isWaiting(node.mac())) {
        throw new IllegalArgumentException(
            node.mac() + " waits for approval; krgboot approve " + node.mac() + " first");
      }
    }
  }

  /** Whether the node asked in vain, since nobody has approved it. */
  boolean isWaiting(MacAddress node) {
    return cluster.isWaiting(node) && !known.isConfigured(node);
  }

  private static NodesFile each(
      NodesFile file, List<NodeRange.Identity> nodes, UnaryOperator<NodeRecord> change) {
    Map<MacAddress, NodeRecord> now = file.byMac();
    List<NodeRecord> changed = new ArrayList<>();
    for (NodeRange.Identity node : nodes) {
      NodeRecord before = now.get(node.mac());
      changed.add(change.apply(before == null ? NodeRecord.of(node.mac()) : before));
    }
    return file.with(changed);
  }

  /**
   * Takes back what {@link #set} said; the key {@code all}: whatever it said of the node.
   *
   * @throws IllegalArgumentException if the range or a key makes no sense, or none of it was said
   * @throws IOException if the configuration stays as it is; the message says why
   */
  Done unset(String range, List<String> keys) throws IOException {
    List<NodeRange.Identity> nodes = known.meant(NodeRange.parse(range));
    String by = "unset " + range + " " + String.join(" ", keys);
    if (keys.equals(List.of(ALL))) {
      List<MacAddress> macs = nodes.stream().map(NodeRange.Identity::mac).toList();
      return done(configuration.change(file -> changed(file, file.without(macs), by), by), nodes);
    }
    List<NodeKey> known = keys.stream().map(NodeKey::of).toList();
    if (known.contains(NodeKey.MAC)) {
      throw new IllegalArgumentException("to forget the whole node, say: krgboot unset NODE all");
    }
    UnaryOperator<NodeRecord> change =
        record -> {
          NodeRecord next = record;
          for (NodeKey key : known) {
            next = next.without(key);
          }
          return next;
        };
    return done(
        configuration.change(
            file -> {
              Map<MacAddress, NodeRecord> now = file.byMac();
              List<NodeRange.Identity> there =
                  nodes.stream().filter(node -> now.containsKey(node.mac())).toList();
              return changed(file, each(file, there, change), by);
            },
            by),
        nodes);
  }

  private static NodesFile changed(NodesFile before, NodesFile after, String by) {
    if (before.equals(after)) {
      throw new IllegalArgumentException(
          "there is nothing to "
              + by
              + ": krgboot set did not say it; what stands in other files is changed there");
    }
    return after;
  }

  /**
   * Serves nodes that wait, or were rejected.
   *
   * @param names for them in this order, as a range of names; empty: none in particular
   * @throws IllegalArgumentException if there are fewer names than nodes, or one is not a MAC
   * @throws IOException if the configuration stays as it is; the message says why
   */
  Done approve(List<String> macs, String names) throws IOException {
    List<MacAddress> nodes = macs.stream().map(MacAddress::parse).toList();
    List<NodeName> given =
        names.isEmpty() ? List.of() : NodeRange.parse(names).names(known.configured().groups());
    if (!names.isEmpty() && given.size() < nodes.size()) {
      throw new IllegalArgumentException(
          names + " is " + given.size() + " names for " + nodes.size() + " nodes; give more");
    }
    String by = "approve " + String.join(" ", macs) + (names.isEmpty() ? "" : " as " + names);
    Set<MacAddress> rejected = known.configured().rejected();
    Configuration.Accepted accepted =
        configuration.change(
            file -> {
              NodesFile next = file;
              for (int i = 0; i < nodes.size(); i++) {
                NodeRecord record = approved(file.of(nodes.get(i)), rejected);
                next = next.with(given.isEmpty() ? record : named(record, given.get(i)));
              }
              return next;
            },
            by);
    for (int i = 0; i < nodes.size(); i++) {
      String as = given.isEmpty() ? "" : given.get(i).toString();
      tell(nodes.get(i), BootEvent.Order.APPROVED, as);
    }
    return done(accepted, nodes.stream().map(known::of).toList());
  }

  private static NodeRecord named(NodeRecord record, NodeName name) {
    return record.with(NodeKey.NAME, name.text());
  }

  /** Where another file rejects it, this one has to say the opposite. */
  private static NodeRecord approved(NodeRecord record, Set<MacAddress> rejected) {
    boolean byUs = record.isRejected();
    NodeRecord free = record.without(NodeKey.REJECTED);
    return rejected.contains(record.mac().orElseThrow()) && !byUs
        ? free.with(NodeKey.REJECTED, "false")
        : free;
  }

  /** Serves these nodes no more, and asks nobody about them; the rest as of {@link #set}. */
  Done reject(String range) throws IOException {
    List<NodeRange.Identity> nodes = known.meant(NodeRange.parse(range));
    Configuration.Accepted accepted =
        configuration.change(
            file -> each(file, nodes, record -> record.with(NodeKey.REJECTED, "true")),
            "reject " + range);
    nodes.forEach(node -> tell(node.mac(), BootEvent.Order.REJECTED, ""));
    return done(accepted, nodes);
  }

  /**
   * Shuts nodes out of DHCP, TFTP, HTTP and NFS, at once and until they are let in again.
   *
   * @throws IllegalArgumentException if a part of the range names none
   * @throws IOException if they are not, or something that one had begun goes on; the message says
   *     which
   */
  Done fence(String range) throws IOException {
    List<NodeRange.Identity> nodes = known.meant(NodeRange.parse(range));
    Set<MacAddress> fresh = new HashSet<>();
    nodes.stream()
        .map(NodeRange.Identity::mac)
        .filter(m -> !fences.isFenced(m))
        .forEach(fresh::add);
    Instant now = clock.instant();
    try {
      fences.fence(nodes.stream().map(NodeRange.Identity::mac).toList(), known::addressesOf, now);
    } finally {
      fresh.stream()
          .filter(fences::isFenced)
          .forEach(node -> tell(node, BootEvent.Order.FENCED, ""));
    }
    List<NodeRange.Identity> unknown =
        nodes.stream().filter(node -> fences.addressesOf(node.mac()).isEmpty()).toList();
    return new Done(
        0,
        labels(nodes),
        unknown.isEmpty()
            ? "fenced"
            : "fenced; no address is known of "
                + String.join(", ", labels(unknown))
                + ", so that NFS cannot refuse it at one that krgboot did not give: if it has one,"
                + " krgboot set NODE address=... and fence it again");
  }

  /** Lets them in again; the rest as of {@link #fence}. */
  Done unfence(String range) throws IOException {
    List<NodeRange.Identity> nodes =
        known.meant(NodeRange.parse(range)).stream()
            .filter(node -> fences.isFenced(node.mac()))
            .toList();
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("none of " + range + " is fenced");
    }
    fences.unfence(nodes.stream().map(NodeRange.Identity::mac).toList());
    nodes.forEach(node -> tell(node.mac(), BootEvent.Order.UNFENCED, ""));
    return new Done(0, labels(nodes), "not fenced any more");
  }

  private static List<String> labels(List<NodeRange.Identity> nodes) {
    return nodes.stream().map(KnownNodes::label).toList();
  }

  private void tell(MacAddress node, BootEvent.Order order, String detail) {
    events.accept(new BootEvent.NodeOrdered(clock.instant(), node, order, detail));
  }

  /** How an operator has the node stand, in a word; empty if it is served as any other. */
  String standing(MacAddress node) {
    Optional<Instant> since = fences.since(node);
    if (since.isPresent()) {
      return "fenced";
    }
    if (known.configured().rejected().contains(node)) {
      return "rejected";
    }
    return isWaiting(node) ? "waiting" : "";
  }

  /** Since when it is fenced; empty if it is not. */
  Optional<Instant> fencedSince(MacAddress node) {
    return fences.since(node);
  }
}
