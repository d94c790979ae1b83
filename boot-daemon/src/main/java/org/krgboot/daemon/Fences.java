package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.settings.NewFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which nodes are shut out of everything, in a file that is replaced whole, so that it outlives the
 * daemon. A fenced node is known by its MAC address and by the addresses that it had. Thread-safe.
 */
final class Fences implements BootEvent.Sink {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** One node's. */
  private record Fence(Instant since, Set<Ipv4> addresses) {
    Fence {
      addresses = Collections.unmodifiableSet(new TreeSet<>(addresses));
    }

    Fence and(Fence later) {
      Set<Ipv4> all = new TreeSet<>(addresses);
      all.addAll(later.addresses);
      return new Fence(since, all);
    }
  }

  /** Who has to refuse addresses by himself. */
  @FunctionalInterface
  interface Refuser {
    /**
     * Refuses these and no others from now on.
     *
     * @throws IOException if something that they had begun goes on; the message says what
     */
    void refuse(Set<Ipv4> addresses) throws IOException;
  }

  /** Of one node: more only if somebody plays with it. */
  private static final int MOST_ADDRESSES = 8;

  private final Path file;
  private final BiPredicate<Ipv4, MacAddress> isOfAnother;
  private final Executor disk;
  private volatile Map<MacAddress, Fence> fences;
  private volatile Set<Ipv4> addresses;
  private Refuser refuser = _ -> {};

  private Fences(
      Path file,
      Map<MacAddress, Fence> fences,
      BiPredicate<Ipv4, MacAddress> isOfAnother,
      Executor disk) {
    this.file = file;
    this.isOfAnother = isOfAnother;
    this.disk = disk;
    this.fences = fences;
    this.addresses = addressesOf(fences);
  }

  /**
   * Reads who is fenced.
   *
   * @param isOfAnother whether another node runs from its root at that address
   * @param disk on which what events change is written: servers do not wait for it
   * @throws IOException if the file cannot be read, or a line of it means nothing; names it
   */
  static Fences open(Path file, BiPredicate<Ipv4, MacAddress> isOfAnother, Executor disk)
      throws IOException {
    Map<MacAddress, Fence> fences = new TreeMap<>();
    try {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        String[] words = line.strip().split("\\s+", -1);
        try {
          Set<Ipv4> addresses = new TreeSet<>();
          for (String address : List.of(words).subList(2, words.length)) {
            addresses.add(Ipv4.parse(address));
          }
          fences.put(MacAddress.parse(words[0]), new Fence(Instant.parse(words[1]), addresses));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
          throw new IOException(
              file + ":" + number + ": not 'MAC SINCE ADDRESS…'; mend or delete it", e);
        }
      }
    } catch (NoSuchFileException e) {
      return new Fences(file, new TreeMap<>(), isOfAnother, disk); // nobody was ever fenced
    }
    return new Fences(file, fences, isOfAnother, disk);
  }

  private static Set<Ipv4> addressesOf(Map<MacAddress, Fence> fences) {
    Set<Ipv4> all = new HashSet<>();
    fences.values().forEach(fence -> all.addAll(fence.addresses()));
    return Set.copyOf(all);
  }

  /** From now on this one hears who is to be refused. */
  synchronized void tell(Refuser other) throws IOException {
    refuser = other;
    refuser.refuse(addresses);
  }

  /** All that are refused. */
  Set<Ipv4> addresses() {
    return addresses;
  }

  /** Those of one node; none if it is not fenced, or nobody knows its address. */
  Set<Ipv4> addressesOf(MacAddress node) {
    Fence fence = fences.get(node);
    return fence == null ? Set.of() : fence.addresses();
  }

  boolean isFenced(MacAddress node) {
    return fences.containsKey(node);
  }

  boolean isFenced(Ipv4 address) {
    Set<Ipv4> now = addresses;
    return !now.isEmpty() && now.contains(address);
  }

  /** Since when the node is fenced; empty if it is not. */
  Optional<Instant> since(MacAddress node) {
    return Optional.ofNullable(fences.get(node)).map(Fence::since);
  }

  /**
   * Shuts these out; who is out already, with the addresses that it has besides.
   *
   * @param addressesOf those that a node has, or may come with
   * @throws IOException if that cannot be kept: then nobody is shut out; or if something goes on
   *     that one had begun: then they are. The message says which
   */
  synchronized void fence(
      Collection<MacAddress> nodes, Function<MacAddress, Set<Ipv4>> addressesOf, Instant now)
      throws IOException {
    Map<MacAddress, Fence> next = new TreeMap<>(fences);
    for (MacAddress node : nodes) {
      next.merge(node, new Fence(now, addressesOf.apply(node)), Fence::and);
    }
    replace(next);
  }

  /** Lets these in again; the rest as of {@link #fence}. */
  synchronized void unfence(Collection<MacAddress> nodes) throws IOException {
    Map<MacAddress, Fence> next = new TreeMap<>(fences);
    nodes.forEach(next::remove);
    replace(next);
  }

  private void replace(Map<MacAddress, Fence> next) throws IOException {
    StringBuilder text = new StringBuilder();
    next.forEach((node, fence) -> {
      text.append(node).append(' ').append(fence.since());
      fence.addresses().forEach(address -> text.append(' ').append(address));
      text.append('\n');
    });
    NewFile.replace(file, text.toString());
    fences = next;
    addresses = addressesOf(next);
    refuser.refuse(addresses);
  }

  /**
   * Who is given an address that a fenced node had, is not that node; and where a fenced node gets
   * one all the same, from an answer that was under way or from another server, it is refused
   * there. Not where another node is at work: of another server's answers only the request is seen,
   * and a fenced node could ask for any address. To be told of an event before the cluster is.
   */
  @Override
  public void accept(BootEvent event) {
    if (event instanceof BootEvent.AddressAcknowledged given
        && (isFenced(given.mac()) ? mayAdd(given) : isFenced(given.address()))) {
      disk.execute(() -> follow(given));
    }
  }

  private boolean mayAdd(BootEvent.AddressAcknowledged given) {
    Set<Ipv4> its = addressesOf(given.mac());
    if (its.contains(given.address())) {
      return false;
    }
    if (isOfAnother.test(given.address(), given.mac())) {
      log.warn(
          "{}, which is fenced, asks for {}, at which another node is at work: that one goes on",
          given.mac(),
          given.address());
      return false;
    }
    return its.size() < MOST_ADDRESSES;
  }

  private synchronized void follow(BootEvent.AddressAcknowledged given) {
    Map<MacAddress, Fence> next = new TreeMap<>();
    fences.forEach((node, fence) -> {
      Set<Ipv4> its = new TreeSet<>(fence.addresses());
      if (node.equals(given.mac())) {
        its.add(given.address());
      } else {
        its.remove(given.address());
      }
      next.put(node, new Fence(fence.since(), its));
    });
    if (next.equals(fences)) {
      return;
    }
    try {
      replace(next);
    } catch (IOException e) {
      log.error("the fence of {} at {}: {}", given.mac(), given.address(), e.getMessage());
    }
  }
}
