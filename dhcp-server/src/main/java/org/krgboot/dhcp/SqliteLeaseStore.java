package org.krgboot.dhcp;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;

/**
 * Leases in the tables {@code lease} and {@code past_lease} of an SQLite file that other tables may
 * share. The texts are readable: {@code sqlite3 state.db 'select * from lease'}.
 */
public final class SqliteLeaseStore implements LeaseStore {
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final SqliteFile file;
  private final SqliteFile.Missing missing;
  private final Duration historyKept;

  /** Held by whoever talks to the disk, so that a stop can tell that it hangs. */
  private final ReentrantLock inUse = new ReentrantLock();

  /** Null after a failure, until the next use opens it again. */
  private @Nullable Open open;

  /** A connection with what is prepared on it. */
  private record Open(
      Connection connection,
      PreparedStatement bind,
      PreparedStatement unbind,
      PreparedStatement endReplaced,
      PreparedStatement end) {}

  private SqliteLeaseStore(Path file, SqliteFile.Missing missing, Duration historyKept) {
    this.file = new SqliteFile(file);
    this.missing = missing;
    this.historyKept = historyKept;
  }

  /**
   * Opens the file for a server, and makes it and its tables if they have never been there.
   *
   * @param historyKept how long it is remembered who had which address
   * @throws IOException if the file is gone, damaged, locked, of a newer krgboot or cannot be
   *     written; the message says what to do
   */
  public static SqliteLeaseStore open(Path databaseFile, Duration historyKept) throws IOException {
    return opened(new SqliteLeaseStore(databaseFile, SqliteFile.Missing.MADE_ONCE, historyKept));
  }

  /**
   * Opens the file to be looked at, also while a server uses it.
   *
   * @throws IOException as in {@link #open}, and if there is no file
   */
  public static SqliteLeaseStore existing(Path databaseFile) throws IOException {
    return opened(
        new SqliteLeaseStore(databaseFile, SqliteFile.Missing.REFUSED, Duration.ofDays(36500)));
  }

  /**
   * Opens the file to be filled from a dump, and makes it if it is gone.
   *
   * @throws IOException as in {@link #open}
   */
  public static SqliteLeaseStore toRestore(Path databaseFile) throws IOException {
    return opened(
        new SqliteLeaseStore(databaseFile, SqliteFile.Missing.MADE_ANEW, Duration.ofDays(36500)));
  }

  private static SqliteLeaseStore opened(SqliteLeaseStore store) throws IOException {
    try {
      store.connected();
    } catch (SQLException e) {
      throw store.file.failure("cannot use", e);
    }
    return store;
  }

  private Open connected() throws SQLException, IOException {
    Open known = open;
    if (known != null) {
      return known;
    }
    Connection connection = file.open(missing);
    try {
      createSchema(connection);
      Open made =
          new Open(
              connection,
              connection.prepareStatement(LeaseSql.BIND),
              connection.prepareStatement(LeaseSql.UNBIND),
              connection.prepareStatement(LeaseSql.END_REPLACED),
              connection.prepareStatement(LeaseSql.END_OF_LEASE));
      file.wasMade();
      open = made;
      return made;
    } catch (SQLException | IOException e) {
      connection.close();
      throw e;
    }
  }

  private void createSchema(Connection connection) throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      int version = version(statement);
      if (version > LeaseSql.SCHEMA) {
        throw new IOException(
            "the lease database was written by a newer krgboot (schema "
                + version
                + ", this one knows "
                + LeaseSql.SCHEMA
                + "); install that version, or restore a dump of it");
      }
      if (version != LeaseSql.SCHEMA && missing == SqliteFile.Missing.REFUSED) {
        throw new IOException(
            "the lease database is of an older krgboot; start this version's daemon once, which"
                + " brings it up to date");
      }
      for (String step : LeaseSql.upgradeFrom(version)) {
        statement.execute(step);
      }
      if (version < LeaseSql.SCHEMA) {
        statement.execute("PRAGMA user_version = " + LeaseSql.SCHEMA);
      }
      connection.commit();
    }
  }

  /** What {@code sqlite3 .recover} has made of a file has its tables, but no number any more. */
  private static int version(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      if (row.getInt(1) != 0) {
        return row.getInt(1);
      }
    }
    try (ResultSet row = statement.executeQuery(LeaseSql.IS_OF_SCHEMA_1)) {
      return row.getInt(1);
    }
  }

  @Override
  public List<Binding> load() throws IOException {
    return transaction("read", known -> LeaseRows.all(known.connection()));
  }

  @Override
  public void commit(List<Change.Durable> changes, Instant now) throws IOException {
    String second = now.truncatedTo(ChronoUnit.SECONDS).toString();
    transaction(
        "write",
        known -> {
          file.requireSame();
          for (Change.Durable change : changes) {
            switch (change) {
              case Change.Bind(Binding binding) -> bind(known, binding, second);
              case Change.Unbind(Ipv4 address) -> unbind(known, address, second);
            }
          }
          return changes;
        });
  }

  @Override
  public void replaceAll(List<Binding> leases, Instant now) throws IOException {
    String second = now.truncatedTo(ChronoUnit.SECONDS).toString();
    Set<Binding> kept = new HashSet<>(leases);
    transaction(
        "write",
        known -> {
          for (Binding old : LeaseRows.all(known.connection())) {
            if (!kept.contains(old)) {
              unbind(known, old.address(), second);
            }
          }
          for (Binding binding : leases) {
            bind(known, binding, second);
          }
          return leases;
        });
  }

  private static void bind(Open known, Binding binding, String now) throws SQLException {
    Lease lease = binding.lease();
    String mac = lease.mac().toString();
    String address = lease.address().toString();
    String since = lease.since().toString();
    String clientId = binding.clientId().map(Octets::toString).orElse("");
    PreparedStatement end = known.endReplaced();
    end.setString(1, now);
    end.setString(2, mac);
    end.setString(3, address);
    end.setString(4, since);
    end.setString(5, clientId);
    end.executeUpdate();
    PreparedStatement bind = known.bind();
    bind.setString(1, mac);
    bind.setString(2, address);
    bind.setString(3, lease.name().text());
    bind.setString(4, since);
    bind.setString(5, lease.expires().toString());
    bind.setString(6, binding.renewed().toString());
    bind.setString(7, clientId);
    bind.executeUpdate();
  }

  private static void unbind(Open known, Ipv4 address, String now) throws SQLException {
    known.end().setString(1, now);
    known.end().setString(2, address.toString());
    known.end().executeUpdate();
    known.unbind().setString(1, address.toString());
    known.unbind().executeUpdate();
  }

  @Override
  public List<PastLease> historyOf(Ipv4 address) throws IOException {
    return history(LeaseSql.HISTORY_OF_ADDRESS, address.toString());
  }

  @Override
  public List<PastLease> historyOf(MacAddress mac) throws IOException {
    return history(LeaseSql.HISTORY_OF_NODE, mac.toString());
  }

  private List<PastLease> history(String select, String key) throws IOException {
    return transaction(
        "read",
        known -> {
          List<PastLease> all = new ArrayList<>();
          try (PreparedStatement statement = known.connection().prepareStatement(select)) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                all.add(
                    new PastLease(
                        LeaseRows.lease(row), PastLease.Standing.valueOf(row.getString(6))));
              }
            }
          }
          return all;
        });
  }

  @Override
  public Rest tidy(Instant now) throws IOException {
    String ended = now.minus(historyKept).truncatedTo(ChronoUnit.SECONDS).toString();
    boolean more =
        transaction(
            "tidy",
            known -> {
              try (PreparedStatement forget = known.connection().prepareStatement(LeaseSql.FORGET);
                  Statement surplus = known.connection().createStatement()) {
                forget.setString(1, ended);
                int old = forget.executeUpdate();
                return old == LeaseSql.FORGET_AT_ONCE
                    || surplus.executeUpdate(LeaseSql.FORGET_SURPLUS) == LeaseSql.FORGET_AT_ONCE;
              }
            });
    if (!more) {
      checkpoint();
    }
    return more ? Rest.MORE_TO_DO : Rest.DONE;
  }

  /** Brings the write-ahead log into the file, as far as nobody reads it; waits for nobody. */
  private void checkpoint() throws IOException {
    try {
      Connection connection = connected().connection();
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
      }
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw failed("cannot tidy", e);
    }
  }

  /** Work on a connection within one transaction. */
  @FunctionalInterface
  private interface Work<T> {
    T on(Open known) throws SQLException, IOException;
  }

  private <T> T transaction(String what, Work<T> work) throws IOException {
    inUse.lock();
    try {
      return transactionAlone(what, work);
    } finally {
      inUse.unlock();
    }
  }

  private <T> T transactionAlone(String what, Work<T> work) throws IOException {
    try {
      Open known = connected();
      T result = work.on(known);
      known.connection().commit();
      return result;
    } catch (SQLException e) {
      throw failed("cannot " + what, e);
    } catch (IOException | RuntimeException | Error e) {
      giveUp(e);
      throw e;
    }
  }

  private IOException failed(String what, SQLException e) {
    IOException failure = file.failure(what, e);
    giveUp(failure);
    return failure;
  }

  /** Gives up the connection, and with it the transaction; the next use opens a new one. */
  private void giveUp(Throwable failure) {
    try {
      disconnect();
    } catch (IOException again) {
      failure.addSuppressed(again);
    }
  }

  /**
   * Ends the use of the file. What was committed stays.
   *
   * @throws IOException also if a write still waits for a disk that hangs: the file then stays open
   */
  @Override
  public void close() throws IOException {
    boolean mine = false;
    try {
      mine = inUse.tryLock(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!mine) {
      throw new IOException("the disk of the lease database does not answer");
    }
    try {
      disconnect();
    } finally {
      inUse.unlock();
    }
  }

  private void disconnect() throws IOException {
    Open known = open;
    open = null;
    if (known != null) {
      try {
        known.connection().close();
      } catch (SQLException e) {
        throw file.failure("cannot close", e);
      }
    }
  }
}
