package org.krgboot.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first bytes of the {@link CallJournal}: {@code "krgcalls"(8) version(4) slots(4) boot(16)},
 * and later the time of the last sign of life.
 *
 * @param slots how many follow
 * @param boot in which start of the machine it was written; its times are of no use in another
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record JournalHead(int slots, byte[] boot) {
  static final int SIZE = 4096;

  /** Where the time of the last sign of life is. */
  static final long SIGN_OF_LIFE = 64;

  private static final Logger log = LoggerFactory.getLogger(JournalHead.class);
  private static final byte[] MAGIC = "krgcalls".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int BOOT = MAGIC.length + 8;
  private static final int BOOT_LENGTH = 16;
  private static final int LENGTH = BOOT + BOOT_LENGTH;
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** What tells this start of the machine from others; zeros if the kernel does not say. */
  static byte[] thisBoot() {
    ByteBuffer boot = ByteBuffer.allocate(BOOT_LENGTH);
    try {
      UUID id = UUID.fromString(Files.readString(BOOT_ID).strip());
      boot.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    } catch (IOException | IllegalArgumentException e) {
      boot.clear();
    }
    return boot.array();
  }

  long fileSize() {
    return SIZE + (long) slots * JournalSlot.SIZE;
  }

  byte[] encode() {
    return ByteBuffer.allocate(LENGTH).put(MAGIC).putInt(VERSION).putInt(slots).put(boot).array();
  }

  /** Whether the journal there can be gone on with; says so if it is none of ours. */
  boolean fits(Path path) throws IOException {
    if (!Files.exists(path)) {
      return false;
    }
    byte[] there = new byte[LENGTH];
    try (var in = Files.newInputStream(path)) {
      in.readNBytes(there, 0, LENGTH);
    }
    if (Files.size(path) != fileSize() || !Arrays.equals(there, 0, BOOT, encode(), 0, BOOT)) {
      log.warn("{} is of another version or size; a new one takes its place", path);
      return false;
    }
    return Arrays.equals(there, BOOT, LENGTH, boot, 0, BOOT_LENGTH);
  }
}
