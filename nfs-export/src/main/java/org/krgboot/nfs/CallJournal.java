package org.krgboot.nfs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that must not be done twice, in a file that is mapped into memory: what is written
 * there is the kernel's from that moment on and outlives the process, at no cost of a sync. It need
 * not outlive the machine: docs/decisions/0007.
 *
 * <p>Slots of one size, used one after the other, all over again. Where the file cannot be kept,
 * that is said once, and calls are known until the process ends.
 */
final class CallJournal {
  private static final Logger log = LoggerFactory.getLogger(CallJournal.class);
  static final String FILE = "nfs-calls.journal";

  /** How long before the end of the last process a call may have been begun to be known. */
  static final long REMEMBERED = TimeUnit.MINUTES.toNanos(2);

  private static final int CHUNK = 64 << 10;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  private final int slots;
  private final @Nullable MemorySegment file;
  private final AtomicLong next = new AtomicLong();
  private final AtomicBoolean failed = new AtomicBoolean();

  private CallJournal(int slots, @Nullable MemorySegment file) {
    this.slots = slots;
    this.file = file;
  }

  /** One that forgets. */
  static CallJournal none() {
    return new CallJournal(0, null);
  }

  /**
   * Opens the journal of a state directory, or begins one.
   *
   * @param boot tells the machine's starts apart, {@link JournalHead#thisBoot}
   */
  static CallJournal open(Path stateDirectory, int slots, byte[] boot) {
    Path path = stateDirectory.resolve(FILE);
    JournalHead head = new JournalHead(slots, boot);
    try {
      if (!head.fits(path)) {
        begin(path, head);
      }
      try (FileChannel channel =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return new CallJournal(
            slots, channel.map(FileChannel.MapMode.READ_WRITE, 0, head.fileSize(), Arena.ofAuto()));
      }
    } catch (IOException | InternalError e) {
      complain(e);
      return none();
    }
  }

  /**
   * All of its bytes are written, so that the disk has room for them: a store to a page that finds
   * none would be a signal, not an error.
   */
  private static void begin(Path path, JournalHead head) throws IOException {
    Files.deleteIfExists(path);
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      while (channel.size() < head.fileSize()) {
        long left = head.fileSize() - channel.size();
        channel.write(ByteBuffer.allocate((int) Math.min(left, CHUNK)));
      }
      channel.write(ByteBuffer.wrap(head.encode()), 0); // last: without it nothing counts
    }
  }

  private static void complain(Throwable cause) {
    log.warn(
        "cannot keep a journal of NFS calls ({}): a call that is sent again after a restart of the"
            + " server may be done twice; see that the state directory can be written and has room",
        cause.toString());
  }

  /**
   * The calls that the last process knew when it ended, the older first. From now on they are as
   * new, however long no server ran, so that the end of this process finds them too.
   */
  List<JournalSlot> recover(long now) {
    if (file == null) {
      return List.of();
    }
    Map<Integer, JournalSlot> found = new HashMap<>();
    byte[] bytes = new byte[JournalSlot.SIZE];
    for (int i = 0; i < slots; i++) {
      int number = i;
      MemorySegment.copy(file, ValueLayout.JAVA_BYTE, offset(i), bytes, 0, bytes.length);
      JournalSlot.decode(bytes).ifPresent(slot -> found.put(number, slot));
    }
    long lastSign = file.get(LONG, JournalHead.SIGN_OF_LIFE);
    long end = found.values().stream().mapToLong(JournalSlot::time).reduce(lastSign, Math::max);
    found.values().removeIf(slot -> end - slot.time() > REMEMBERED || slot.time() > now);
    List<JournalSlot> inOrder = new ArrayList<>();
    found.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getValue().time()))
        .forEach(entry -> {
          renew(entry.getKey(), entry.getValue(), now);
          inOrder.add(entry.getValue());
          next.set(entry.getKey() + 1L);
        });
    return inOrder;
  }

  private void renew(int number, JournalSlot slot, long now) {
    byte[] begun = JournalSlot.begun(slot.key(), now, slot.evidence());
    put(offset(number), begun);
    if (slot.reply() != null) {
      put(offset(number) + JournalSlot.REPLY, JournalSlot.answered(begun, slot.reply()));
    }
  }

  /** A call's place in the file. */
  final class Entry {
    private final long offset;
    private final byte[] begun;

    private Entry(long offset, byte[] begun) {
      this.offset = offset;
      this.begun = begun;
    }

    /** Keeps the answer. */
    void answered(byte[] reply) {
      if (reply.length <= JournalSlot.LONGEST_REPLY) {
        put(offset + JournalSlot.REPLY, JournalSlot.answered(begun, reply));
      }
    }
  }

  /** Notes a call right before it is done. */
  Entry begin(ReplyCache.Key key, Evidence evidence, long now) {
    byte[] begun = JournalSlot.begun(key, now, evidence);
    long offset = slots == 0 ? 0 : offset((int) (next.getAndIncrement() % slots));
    put(offset, begun);
    return new Entry(offset, begun);
  }

  /** Says that this process lives; called every few seconds. */
  void live(long now) {
    put(JournalHead.SIGN_OF_LIFE, ByteBuffer.allocate(Long.BYTES).putLong(now).array());
  }

  private static long offset(int number) {
    return JournalHead.SIZE + (long) number * JournalSlot.SIZE;
  }

  private void put(long at, byte[] bytes) {
    if (file != null && !failed.get()) {
      MemorySegment.copy(bytes, 0, file, ValueLayout.JAVA_BYTE, at, bytes.length);
    }
  }

  /**
   * Goes on without the file. A disk that fails makes a store to it an error of the JVM, which is
   * thrown a little later, by whatever called the store.
   */
  void fail(InternalError fault) {
    if (failed.compareAndSet(false, true)) {
      Identity.leave(); // to log may open files
      complain(fault);
    }
  }
}
