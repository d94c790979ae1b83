package org.krgboot.dhcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * The leases on disk, in the table {@code lease} of an SQLite file that other tables may share. The
 * texts are readable: {@code sqlite3 state.db 'select * from lease'}. Safe for use by one thread
 * after another, not by several at once.
 */
public final class LeaseStore implements AutoCloseable {
  /** In the file's {@code PRAGMA user_version}; 0 is a file that nobody has given tables yet. */
  private static final int SCHEMA = 2;

  /** One row for each address: a node may hold one in each of several networks. */
  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS lease (
        address   TEXT NOT NULL PRIMARY KEY,
        mac       TEXT NOT NULL,
        client_id TEXT NOT NULL, -- 0x and hexadecimal; empty if the node is known by its MAC
        name      TEXT NOT NULL,
        since     TEXT NOT NULL, -- UTC, whole seconds
        renewed   TEXT NOT NULL,
        expires   TEXT NOT NULL
      ) WITHOUT ROWID
      """;

  /** Schema 1 had one row for each MAC address. */
  private static final List<String> FROM_SCHEMA_1 =
      List.of(
          "ALTER TABLE lease RENAME TO lease_of_schema_1",
          CREATE,
          "INSERT INTO lease (address, mac, client_id, name, since, renewed, expires)"
              + " SELECT address, mac, '', name, since, renewed, expires FROM lease_of_schema_1",
          "DROP TABLE lease_of_schema_1");

  /** Replaces the row of whoever had the address. */
  private static final String BIND =
      "INSERT OR REPLACE INTO lease (address, mac, client_id, name, since, renewed, expires)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)";

  private static final String UNBIND = "DELETE FROM lease WHERE address = ?";

  /** Waits for another writer of the file, the daemon's own, rather than fail at once. */
  private static final int BUSY_TIMEOUT_MS = 5_000;

  private final Path file;

  /** Null after a failure, until the next use opens it again. */
  private @Nullable Connection connection;

  private LeaseStore(Path file) {
    this.file = file;
  }

  /**
   * Opens the file, and makes it and its table if they are not there.
   *
   * @throws IOException if it is not a database, is of a newer krgboot, or cannot be written
   */
  public static LeaseStore open(Path databaseFile) throws IOException {
    LeaseStore store = new LeaseStore(databaseFile);
    try {
      store.connection = store.connect();
      return store;
    } catch (SQLException e) {
      throw new IOException(
          "cannot use the lease database " + databaseFile + ": " + e.getMessage(), e);
    }
  }

  private Connection connect() throws SQLException, IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException(
          "cannot use the lease database " + file + ": its directory does not exist; create it");
    }
    Connection opened = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try (Statement statement = opened.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MS);
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      opened.setAutoCommit(false);
      createSchema(opened, statement);
      return opened;
    } catch (SQLException | IOException e) {
      opened.close();
      throw e;
    }
  }

  private void createSchema(Connection opened, Statement statement)
      throws SQLException, IOException {
    int version;
    try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      version = row.getInt(1);
    }
    if (version > SCHEMA) {
      throw new IOException(
          "the lease database "
              + file
              + " was written by a newer krgboot (schema "
              + version
              + ", this one knows "
              + SCHEMA
              + "); install that version, or move the file away and lose its leases");
    }
    if (version == 1) {
      for (String step : FROM_SCHEMA_1) {
        statement.execute(step);
      }
    } else {
      statement.execute(CREATE);
    }
    if (version < SCHEMA) {
      statement.execute("PRAGMA user_version = " + SCHEMA);
    }
    opened.commit();
  }

  /**
   * All leases, also those that have run out.
   *
   * @throws IOException if the file cannot be read, or holds a row that is not a lease
   */
  List<Binding> load() throws IOException {
    List<Binding> all = new ArrayList<>();
    try {
      Connection open = connected();
      try (Statement statement = open.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT address, mac, client_id, name, since, renewed, expires FROM lease")) {
        while (row.next()) {
          all.add(binding(row));
        }
      }
      open.commit();
      return all;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private Binding binding(ResultSet row) throws SQLException, IOException {
    try {
      Lease lease =
          new Lease(
              MacAddress.parse(row.getString(2)),
              Ipv4.parse(row.getString(1)),
              new NodeName(row.getString(4)),
              Instant.parse(row.getString(5)),
              Instant.parse(row.getString(7)));
      Optional<Octets> clientId =
          Optional.of(row.getString(3)).filter(text -> !text.isEmpty()).map(Octets::parse);
      return new Binding(lease, Instant.parse(row.getString(6)), clientId);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(
          "the lease of "
              + row.getString(1)
              + " in "
              + file
              + " cannot be read ("
              + e.getMessage()
              + "); correct or delete that row with sqlite3",
          e);
    }
  }

  /**
   * Makes the changes durable, all or none. They are on disk when this returns, so it may take as
   * long as the disk does. May be called again after a failure.
   *
   * @throws IOException if nothing was written
   */
  void commit(List<Change.Durable> changes) throws IOException {
    try {
      Connection open = connected();
      try (PreparedStatement bind = open.prepareStatement(BIND);
          PreparedStatement unbind = open.prepareStatement(UNBIND)) {
        for (Change.Durable change : changes) {
          switch (change) {
            case Change.Bind(Binding binding) -> bind(bind, binding);
            case Change.Unbind(Ipv4 address) -> {
              unbind.setString(1, address.toString());
              unbind.executeUpdate();
            }
          }
        }
      }
      open.commit();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static void bind(PreparedStatement bind, Binding binding) throws SQLException {
    Lease lease = binding.lease();
    bind.setString(1, lease.address().toString());
    bind.setString(2, lease.mac().toString());
    bind.setString(3, binding.clientId().map(Octets::toString).orElse(""));
    bind.setString(4, lease.name().text());
    bind.setString(5, lease.since().toString());
    bind.setString(6, binding.renewed().toString());
    bind.setString(7, lease.expires().toString());
    bind.executeUpdate();
  }

  private Connection connected() throws SQLException, IOException {
    Connection open = connection;
    if (open == null) {
      open = connect();
      connection = open;
    }
    return open;
  }

  /** Gives up the connection, and with it the transaction; the next use opens a new one. */
  private IOException failed(SQLException e) {
    IOException failure =
        new IOException("cannot write the lease database " + file + ": " + e.getMessage(), e);
    try {
      close();
    } catch (IOException again) {
      failure.addSuppressed(again);
    }
    return failure;
  }

  /** Ends the use of the file. What was committed stays. */
  @Override
  public void close() throws IOException {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        throw new IOException("cannot close the lease database " + file, e);
      }
    }
  }
}
