package org.krgboot.dhcp;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;

/**
 * Where leases outlive the server. Used by one thread after another, not by several at once. After
 * a failure any method may be called again, and works if the cause is gone.
 */
public interface LeaseStore extends AutoCloseable {
  /**
   * All leases, also those that have run out.
   *
   * @throws IOException if they cannot be read; the message says what to do
   */
  List<Binding> load() throws IOException;

  /** What {@link #load} gives, in the words of other modules. */
  default List<Lease> leases() throws IOException {
    return load().stream().map(Binding::lease).toList();
  }

  /**
   * Makes the changes durable, all or none. They are on disk when this returns, so it may take as
   * long as the disk does. What they end goes into the history, with {@code now} as its end.
   *
   * @throws IOException if nothing was written
   */
  void commit(List<Change.Durable> changes, Instant now) throws IOException;

  /**
   * Makes these the only leases, all or none; those that were there go into the history.
   *
   * @throws IOException if nothing was written
   */
  void replaceAll(List<Binding> leases, Instant now) throws IOException;

  /** Who had the address, and who has it; oldest first. */
  List<PastLease> historyOf(Ipv4 address) throws IOException;

  /** What the node had, and has; oldest first. */
  List<PastLease> historyOf(MacAddress mac) throws IOException;

  /** How much of a work is left. */
  enum Rest {
    DONE,
    MORE_TO_DO
  }

  /**
   * Work that can wait until no node does: forgets old history. Takes some milliseconds at most
   * beside the time of the disk; if there is more of it, it is to be called again soon.
   */
  Rest tidy(Instant now) throws IOException;

  @Override
  void close() throws IOException;
}
