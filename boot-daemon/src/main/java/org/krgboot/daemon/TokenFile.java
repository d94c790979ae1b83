package org.krgboot.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file with the word that an order by browser needs. */
final class TokenFile {
  private static final Logger log = LoggerFactory.getLogger("krgboot");
  private static final int SHORTEST = 16;

  private final Path file;
  private final AtomicBoolean isBad = new AtomicBoolean();

  private TokenFile(Path file) {
    this.file = file;
  }

  /**
   * Reads it once, to see that it can be.
   *
   * @throws IOException if it cannot be used; the message says why and what to do
   */
  static TokenFile open(Path file) throws IOException {
    read(file);
    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      log.warn("everybody on this machine can read {}: chmod 600 it", file);
    }
    return new TokenFile(file);
  }

  private static String read(Path file) throws IOException {
    String token;
    try {
      token = Files.readString(file).strip();
    } catch (IOException e) {
      throw new IOException(
          "status.token-file " + file + " cannot be read; make one: " + made(file), e);
    }
    if (token.length() < SHORTEST || !token.matches("[!-~]+")) {
      throw new IOException(
          "the token in "
              + file
              + " must be one word of at least "
              + SHORTEST
              + " characters; make one: "
              + made(file));
    }
    return token;
  }

  private static String made(Path file) {
    return "(umask 077; openssl rand -hex 24 > " + file + ")";
  }

  /** What it holds now; empty if that is of no use, which is told once. */
  Optional<String> token() {
    try {
      String token = read(file);
      isBad.set(false);
      return Optional.of(token);
    } catch (IOException e) {
      if (isBad.compareAndSet(false, true)) {
        log.warn("no orders by browser: {}", e.getMessage());
      }
      return Optional.empty();
    }
  }
}
