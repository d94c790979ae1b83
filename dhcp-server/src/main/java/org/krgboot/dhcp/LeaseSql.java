package org.krgboot.dhcp;

import java.util.List;
import java.util.stream.Stream;

/** The statements of {@link SqliteLeaseStore}. */
final class LeaseSql {
  /**
   * In the file's {@code PRAGMA user_version}; 0 is a file that nobody has given tables yet, or
   * what {@code sqlite3 .recover} has made of one.
   */
  static final int SCHEMA = 2;

  /** One row for each address: a node may hold one in each of several networks. */
  private static final String LEASE =
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

  private static final List<String> PAST_LEASE =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS past_lease (
            id      INTEGER PRIMARY KEY,
            mac     TEXT NOT NULL,
            address TEXT NOT NULL,
            name    TEXT NOT NULL,
            since   TEXT NOT NULL,
            ended   TEXT NOT NULL
          )
          """,
          "CREATE INDEX IF NOT EXISTS past_lease_mac ON past_lease (mac)",
          "CREATE INDEX IF NOT EXISTS past_lease_address ON past_lease (address)",
          "CREATE INDEX IF NOT EXISTS past_lease_ended ON past_lease (ended)");

  /** Schema 1 had one row for each MAC address, and no history. */
  private static final List<String> FROM_SCHEMA_1 =
      List.of(
          "ALTER TABLE lease RENAME TO lease_of_schema_1",
          LEASE,
          "INSERT INTO lease (address, mac, client_id, name, since, renewed, expires)"
              + " SELECT address, mac, '', name, since, renewed, expires FROM lease_of_schema_1",
          "DROP TABLE lease_of_schema_1");

  static final String LOAD =
      "SELECT mac, address, name, since, expires, renewed, client_id FROM lease";

  /** Replaces the row of whoever had the address. */
  static final String BIND =
      "INSERT OR REPLACE INTO lease (mac, address, name, since, expires, renewed, client_id)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)";

  static final String UNBIND = "DELETE FROM lease WHERE address = ?";

  private static final String END =
      "INSERT INTO past_lease (mac, address, name, since, ended)"
          + " SELECT mac, address, name, since, min(expires, ?1) FROM lease WHERE ";

  /** What a binding replaces, unless it goes on: the same node, address and beginning. */
  static final String END_REPLACED =
      END + "address = ?3 AND (mac <> ?2 OR since <> ?4 OR client_id <> ?5)";

  static final String END_OF_LEASE = END + "address = ?2";

  /** A moment's work, between which nodes are served. */
  static final int FORGET_AT_ONCE = 1000;

  static final String FORGET =
      "DELETE FROM past_lease WHERE id IN (SELECT id FROM past_lease WHERE ended < ? ORDER BY ended"
          + " LIMIT "
          + FORGET_AT_ONCE
          + ")";

  /** A stranger can make up nodes, so time alone is no bound; of about 100 bytes each. */
  private static final int MOST_PAST_LEASES = 500_000;

  static final String FORGET_SURPLUS =
      "DELETE FROM past_lease WHERE id IN (SELECT id FROM past_lease WHERE id <="
          + " (SELECT max(id) FROM past_lease) - "
          + MOST_PAST_LEASES
          + " ORDER BY id LIMIT "
          + FORGET_AT_ONCE
          + ")";

  /** 1 if the lease table is there and is that of schema 1, else 0. */
  static final String IS_OF_SCHEMA_1 =
      "SELECT count(*) = 0 AND EXISTS (SELECT 1 FROM pragma_table_info('lease'))"
          + " FROM pragma_table_info('lease') WHERE name = 'client_id'";

  private static final String HISTORY =
      "SELECT mac, address, name, since, ended, 'ENDED', id FROM past_lease WHERE %1$s = ?1"
          + " UNION ALL SELECT mac, address, name, since, expires, 'LATEST', 0 FROM lease"
          + " WHERE %1$s = ?1 ORDER BY 4, 6, 7";

  static final String HISTORY_OF_ADDRESS = HISTORY.formatted("address");
  static final String HISTORY_OF_NODE = HISTORY.formatted("mac");

  private LeaseSql() {}

  /** What brings a file of {@code version} to {@link #SCHEMA}. */
  static List<String> upgradeFrom(int version) {
    return switch (version) {
      case 0 -> joined(List.of(LEASE), PAST_LEASE);
      case 1 -> joined(FROM_SCHEMA_1, PAST_LEASE);
      default -> List.of();
    };
  }

  private static List<String> joined(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
