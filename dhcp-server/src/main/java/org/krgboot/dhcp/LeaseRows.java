package org.krgboot.dhcp;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/** From the rows of {@link LeaseSql} to leases. */
final class LeaseRows {
  private LeaseRows() {}

  /** Of {@link LeaseSql#LOAD}. */
  static List<Binding> all(Connection connection) throws SQLException, IOException {
    List<Binding> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LeaseSql.LOAD)) {
      while (row.next()) {
        Optional<Octets> clientId =
            Optional.of(row.getString(7)).filter(id -> !id.isEmpty()).map(Octets::parse);
        all.add(new Binding(lease(row), instant(row, 6), clientId));
      }
    }
    return all;
  }

  /** The first five columns. */
  static Lease lease(ResultSet row) throws SQLException, IOException {
    try {
      return new Lease(
          MacAddress.parse(row.getString(1)),
          Ipv4.parse(row.getString(2)),
          new NodeName(row.getString(3)),
          instant(row, 4),
          instant(row, 5));
    } catch (IllegalArgumentException e) {
      throw unreadable(row, e);
    }
  }

  private static Instant instant(ResultSet row, int column) throws SQLException, IOException {
    try {
      return Instant.parse(row.getString(column));
    } catch (DateTimeException e) {
      throw unreadable(row, e);
    }
  }

  private static IOException unreadable(ResultSet row, RuntimeException cause) throws SQLException {
    return new IOException(
        "the lease of "
            + row.getString(1)
            + " in the lease database cannot be read ("
            + cause.getMessage()
            + "); correct or delete that row with sqlite3",
        cause);
  }
}
