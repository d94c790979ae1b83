package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.krgboot.model.BootEvent;
import org.krgboot.model.MacAddress;
import org.sqlite.SQLiteConfig;

/**
 * Reads the event journal beside the thread that writes it. Thread-safe: one question at a time.
 */
public final class EventHistory implements AutoCloseable {
  /** So many events are told at once at the most. */
  public static final int MOST = 10_000;

  /**
   * An event as it was written.
   *
   * @param id grows with each event
   * @param mac the node that it is of, as far as that was known when it happened
   */
  record Entry(long id, Optional<MacAddress> mac, BootEvent event) {}

  private final Connection connection;

  private EventHistory(Connection connection) {
    this.connection = connection;
  }

  /** Opens a journal that is there. */
  static EventHistory open(Path database) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(10_000);
    return new EventHistory(config.createConnection("jdbc:sqlite:" + database));
  }

  /**
   * The newest events of all nodes, oldest first.
   *
   * @param after only those with a greater id
   * @param most how many; never more than {@link #MOST}
   */
  synchronized List<Entry> newest(long after, int most) throws IOException {
    return read("", after, most);
  }

  /** The same for some nodes. */
  synchronized List<Entry> newestOf(List<MacAddress> macs, long after, int most)
      throws IOException {
    String list = // a MAC address is hex digits and colons
        macs.stream().map(mac -> "'" + mac + "'").collect(Collectors.joining(","));
    return read("mac IN (" + list + ") AND ", after, most);
  }

  private List<Entry> read(String which, long after, int most) throws IOException {
    String query =
        "SELECT id, mac, json FROM event WHERE " + which + "id > ? ORDER BY id DESC LIMIT ?";
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(query)) {
      select.setLong(1, after);
      select.setInt(2, Math.clamp(most, 0, MOST));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          long id = rows.getLong(1);
          Optional<MacAddress> mac = Optional.ofNullable(rows.getString(2)).map(MacAddress::parse);
          EventJson.read(rows.getString(3))
              .ifPresent(event -> entries.add(new Entry(id, mac, event)));
        }
      }
    } catch (SQLException e) {
      throw new IOException("the event journal cannot be read: " + e.getMessage(), e);
    }
    Collections.reverse(entries);
    return entries;
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It only read: nothing is lost.
      return;
    }
  }
}
