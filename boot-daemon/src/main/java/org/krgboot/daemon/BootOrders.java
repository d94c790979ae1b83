package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.krgboot.bootfiles.BootMenu;
import org.krgboot.model.MacAddress;
import org.krgboot.settings.NewFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators told nodes to boot ({@code krgboot boot}), in a file that is replaced whole, so
 * that it outlives the daemon. Thread-safe.
 */
public final class BootOrders {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  /** For how long an order holds. */
  public enum Times {
    ONCE,
    ALWAYS
  }

  /** One node's. */
  public record Order(String target, Times times) {
    @Override
    public String toString() {
      return times == Times.ONCE ? target + " once" : target;
    }
  }

  private final Path file;

  /** Never changed, only replaced: who serves nodes reads it while another is being written. */
  private volatile Map<MacAddress, Order> orders;

  private BootOrders(Path file, Map<MacAddress, Order> orders) {
    this.file = file;
    this.orders = orders;
  }

  /**
   * Reads what was ordered.
   *
   * @throws IOException if the file cannot be read, or a line of it means nothing; names it
   */
  public static BootOrders open(Path file) throws IOException {
    Map<MacAddress, Order> orders = new TreeMap<>();
    try {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        String[] words = line.strip().split("\\s+", -1);
        boolean once = words.length == 3 && words[2].equals("once");
        if (words.length != 2 && !once) {
          throw new IOException(
              file + ":" + number + ": not 'MAC TARGET' or 'MAC TARGET once'; mend or delete it");
        }
        orders.put(
            mac(file, number, words[0]), new Order(words[1], once ? Times.ONCE : Times.ALWAYS));
      }
    } catch (NoSuchFileException e) {
      return none(file); // nothing was ever ordered
    }
    return new BootOrders(file, orders);
  }

  /** Nothing ordered, and nothing read. */
  public static BootOrders none(Path file) {
    return new BootOrders(file, new TreeMap<>());
  }

  private static MacAddress mac(Path file, int line, String text) throws IOException {
    try {
      return MacAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ":" + line + ": " + e.getMessage(), e);
    }
  }

  public Optional<Order> of(MacAddress node) {
    return Optional.ofNullable(orders.get(node));
  }

  /**
   * Orders the same of all these nodes.
   *
   * @param order empty: they do again what the configuration says
   * @throws IOException if it cannot be kept; then nothing is ordered
   */
  synchronized void give(Collection<MacAddress> nodes, Optional<Order> order) throws IOException {
    Map<MacAddress, Order> next = new TreeMap<>(orders);
    for (MacAddress node : nodes) {
      if (order.isPresent()) {
        next.put(node, order.get());
      } else {
        next.remove(node);
      }
    }
    StringBuilder text = new StringBuilder();
    next.forEach((node, its) -> text.append(node).append(' ').append(its).append('\n'));
    NewFile.replace(file, text.toString());
    orders = next;
  }

  /** How many nodes are ordered to boot what is no target. */
  Map<String, Integer> withoutTarget(BootMenu menu) {
    Map<String, Integer> lost = new TreeMap<>();
    for (Order order : orders.values()) {
      if (menu.target(order.target()).isEmpty()) {
        lost.merge(order.target(), 1, Integer::sum);
      }
    }
    return lost;
  }

  /**
   * A node has done what it was ordered.
   *
   * @param order as it was when it did so; the same given anew since then is another
   * @return whether there is one order less
   */
  @SuppressWarnings("ReferenceEquality") // so that it is another
  synchronized boolean done(MacAddress node, Order order) {
    if (orders.get(node) != order) {
      return false;
    }
    try {
      give(List.of(node), Optional.empty());
      return true;
    } catch (IOException e) {
      log.error("{} would boot {} again: {}", node, order.target(), e.getMessage());
      return false;
    }
  }
}
