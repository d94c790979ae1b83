package org.krgboot.dhcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of the leases. It is made once. A file that is gone later is an error, since an empty
 * one in its place would give the addresses of running nodes to others; a small file beside it
 * remembers that it was made.
 */
final class SqliteFile {
  /** What may be done if there is no file. */
  enum Missing {
    /** Made, unless it had been made before. */
    MADE_ONCE,
    /** Made, also if it had been made before: it is about to be filled. */
    MADE_ANEW,
    /** Refused. */
    REFUSED
  }

  /** Waits for another writer of the file rather than fail at once. */
  private static final int BUSY_TIMEOUT_MS = 5_000;

  /** SQLite's own checkpoint comes in a node's way, so it comes only where tidying never does. */
  private static final int CHECKPOINT_AT_PAGES = 8_192;

  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_CORRUPT = 11;
  private static final int SQLITE_NOTADB = 26;

  private final Path path;
  private final Path made;

  /** Of the file that was opened first; no other is ever written to. */
  private @Nullable Identity identity;

  /** Which file it is. One that takes a deleted one's place often gets its inode too. */
  private record Identity(@Nullable Object inode, FileTime born, FileTime changed) {
    boolean isOf(@Nullable Identity other) {
      // Where the file system knows no time of birth, Java gives that of the last change.
      boolean knowsBirth = !born.equals(changed);
      return other != null
          && Objects.equals(inode, other.inode)
          && (!knowsBirth || born.equals(other.born));
    }
  }

  SqliteFile(Path path) {
    this.path = path.toAbsolutePath();
    this.made = this.path.resolveSibling(path.getFileName() + ".made");
  }

  /**
   * Opens it, with every commit synchronous and each transaction ended by hand.
   *
   * @throws IOException if it is gone, damaged, locked or no database; the message says what to do
   */
  Connection open(Missing missing) throws IOException {
    requireThere(missing);
    if (identity != null) {
      requireSame();
    }
    try {
      Connection opened = DriverManager.getConnection("jdbc:sqlite:" + path);
      try (Statement statement = opened.createStatement()) {
        statement.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MS);
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_AT_PAGES);
        check(statement);
        opened.setAutoCommit(false);
        identity = identity == null ? found() : identity;
        return opened;
      } catch (SQLException | IOException e) {
        opened.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure("cannot use", e);
    }
  }

  /** Remembers that the file is there to stay. */
  void wasMade() throws IOException {
    if (!Files.exists(made)) {
      Files.writeString(
          made,
          path.getFileName()
              + " holds the leases of running nodes. If it is gone, krgboot does not start, rather"
              + " than give their addresses to others.\nTo begin without leases on purpose, delete"
              + " this file.\n");
    }
  }

  /**
   * A deleted file can be written on, but nobody will find it again.
   *
   * @throws IOException if the path does not lead to the open file any more
   */
  void requireSame() throws IOException {
    if (identity == null || !identity.isOf(found())) {
      throw new IOException(
          "the lease database "
              + path
              + " was deleted or replaced while krgboot uses it; put the same file back, or stop"
              + " krgboot and restore a dump: krgboot leases restore FILE");
    }
  }

  IOException failure(String what, SQLException cause) {
    return new IOException(
        what + " the lease database " + path + ": " + cause.getMessage() + remedy(cause), cause);
  }

  private String remedy(SQLException cause) {
    return switch (cause.getErrorCode() & 0xff) {
      case SQLITE_BUSY ->
          "; another program keeps it locked, end that one (fuser " + path + " tells which)";
      case SQLITE_CORRUPT, SQLITE_NOTADB -> damageRemedy();
      default -> "";
    };
  }

  private String damageRemedy() {
    return "; it is damaged: move it and its -wal and -shm files away, then restore a dump (krgboot"
        + " leases restore FILE) or what `sqlite3 "
        + path.getFileName()
        + " .recover` finds";
  }

  private void check(Statement statement) throws SQLException, IOException {
    try (ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      String finding = row.getString(1);
      if (!"ok".equals(finding)) {
        throw new IOException(
            "cannot use the lease database " + path + ": " + finding + damageRemedy());
      }
    }
  }

  private void requireThere(Missing missing) throws IOException {
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException(
          "cannot use the lease database " + path + ": its directory does not exist; create it");
    }
    if (Files.exists(path)) {
      requireNotEmpty(missing);
      return;
    }
    boolean allowed =
        switch (missing) {
          case MADE_ONCE -> !Files.exists(made);
          case MADE_ANEW -> true;
          case REFUSED -> false;
        };
    if (!allowed) {
      throw new IOException(
          "the lease database "
              + path
              + " is gone; put it back, or restore a dump (krgboot leases restore FILE), or delete "
              + made
              + " to begin without leases: then addresses of running nodes may be given to others");
    }
  }

  private void requireNotEmpty(Missing missing) throws IOException {
    if (Files.size(path) == 0 && missing != Missing.MADE_ANEW && Files.exists(made)) {
      throw new IOException("the lease database " + path + " is empty" + damageRemedy());
    }
  }

  private @Nullable Identity found() throws IOException {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Identity(
          attributes.fileKey(), attributes.creationTime(), attributes.lastModifiedTime());
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
