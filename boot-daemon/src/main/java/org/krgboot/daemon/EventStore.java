package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.krgboot.model.BootEvent;
import org.krgboot.model.MacAddress;

/** The events table of a database of its own. Used by one thread at a time. */
final class EventStore implements AutoCloseable {
  /** About 30 bytes to 200 bytes each; enough for some thousand boots. */
  static final int KEPT = 100_000;

  /**
   * An event to be kept.
   *
   * @param mac the node that it is of, as far as that was known when it happened
   */
  record Entry(Optional<MacAddress> mac, BootEvent event) {}

  private final Connection connection;
  private int sinceForgetting;

  private EventStore(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens the table, made if it is not there.
   *
   * @throws IOException if the file cannot be used; the message names it
   */
  static EventStore open(Path database) throws IOException {
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA busy_timeout = 10000");
        statement.execute("PRAGMA journal_mode = WAL");
        // Events are told, not promised: losing the last second at a power cut is no harm.
        statement.execute("PRAGMA synchronous = NORMAL");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, json TEXT NOT NULL, mac TEXT)");
        addMac(statement);
        statement.execute("CREATE INDEX IF NOT EXISTS event_of_node ON event (mac, id)");
      }
      connection.setAutoCommit(false);
      EventStore store = new EventStore(connection);
      store.forgetOldest();
      return store;
    } catch (SQLException e) {
      throw new IOException(
          database + " cannot be used as the event journal: " + e.getMessage(), e);
    }
  }

  /** Journals of the first versions do not say which node an event is of. */
  private static void addMac(Statement statement) throws SQLException {
    try (ResultSet columns =
        statement.executeQuery("SELECT 1 FROM pragma_table_info('event') WHERE name = 'mac'")) {
      if (columns.next()) {
        return;
      }
    }
    statement.execute("ALTER TABLE event ADD COLUMN mac TEXT");
  }

  /** Reads all events, oldest first; a kind that this version does not know is left out. */
  void readAll(Consumer<BootEvent> into) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT json FROM event ORDER BY id")) {
      while (rows.next()) {
        EventJson.read(rows.getString(1)).ifPresent(into);
      }
    }
    connection.commit();
  }

  /** Writes the events in one transaction; all or none. */
  void append(List<Entry> events) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO event (json, mac) VALUES (?, ?)")) {
      for (Entry entry : events) {
        insert.setString(1, EventJson.write(entry.event()));
        insert.setString(2, entry.mac().map(Object::toString).orElse(null));
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
      sinceForgetting += events.size();
      if (sinceForgetting > KEPT / 10) {
        forgetOldest();
      }
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  private void forgetOldest() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "DELETE FROM event WHERE id <= (SELECT coalesce(max(id), 0) FROM event) - " + KEPT);
      connection.commit();
    }
    sinceForgetting = 0;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing is lost: all that was appended is committed.
      return;
    }
  }
}
