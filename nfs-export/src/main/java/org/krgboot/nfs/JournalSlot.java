package org.krgboot.nfs;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.Ipv4;

/**
 * One call in the {@link CallJournal}. Two parts with a checksum each, since they are written one
 * after the other and a kill can fall anywhere:
 *
 * <pre>
 * 0  checksum(4) kind(4) time(8) client(4) xid(4) procedure(4) arguments(4) place or files(8 + 8)
 * 48 checksum of all before and after(4) length(4) reply
 * </pre>
 *
 * @param time when it was begun, on the clock of {@link System#nanoTime}
 * @param reply null if it was not answered
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record JournalSlot(ReplyCache.Key key, long time, Evidence evidence, byte @Nullable [] reply) {
  static final int SIZE = 512;

  /** Where the reply begins. */
  static final int REPLY = 48;

  private static final int REPLY_BYTES = REPLY + 8;

  /**
   * The longest reply that is kept. That of a CREATE has 4 + 72 + 88 + 116 bytes, of no call more.
   */
  static final int LONGEST_REPLY = SIZE - REPLY_BYTES;

  private static final int REMOVAL = 1;
  private static final int MOVE = 2;
  private static final int CREATION = 3;
  private static final int GUARDED = 4;

  /** The first part: the call before it is done. */
  static byte[] begun(ReplyCache.Key key, long time, Evidence evidence) {
    ByteBuffer out = ByteBuffer.allocate(REPLY);
    out.position(4);
    out.putInt(kind(evidence)).putLong(time);
    out.putInt(key.client().bits()).putInt(key.xid()).putInt(key.procedure());
    out.putInt((int) key.checksum());
    switch (evidence) {
      case Evidence.Removal(long victim) -> out.putLong(victim).putLong(0);
      case Evidence.Move(long source, long target) -> out.putLong(source).putLong(target);
      case Evidence.Creation(long place) -> out.putLong(place).putLong(0);
      case Evidence.Guarded() -> out.putLong(0).putLong(0);
    }
    return out.putInt(0, checksum(out.array(), 4, REPLY - 4)).array();
  }

  private static int kind(Evidence evidence) {
    return switch (evidence) {
      case Evidence.Removal _ -> REMOVAL;
      case Evidence.Move _ -> MOVE;
      case Evidence.Creation _ -> CREATION;
      case Evidence.Guarded _ -> GUARDED;
    };
  }

  /**
   * The second part: its answer.
   *
   * @param begun the first part, to which it belongs
   * @param reply at most {@link #LONGEST_REPLY} bytes
   */
  static byte[] answered(byte[] begun, byte[] reply) {
    ByteBuffer out = ByteBuffer.allocate(8 + reply.length);
    out.position(4);
    out.putInt(reply.length).put(reply);
    CRC32 sum = new CRC32();
    sum.update(begun);
    sum.update(out.array(), 4, 4 + reply.length);
    return out.putInt(0, (int) sum.getValue()).array();
  }

  /** What the bytes of a slot say; nothing if they were not written whole, or never. */
  static Optional<JournalSlot> decode(byte[] slot) {
    ByteBuffer in = ByteBuffer.wrap(slot);
    if (slot.length != SIZE || in.getInt() != checksum(slot, 4, REPLY - 4)) {
      return Optional.empty();
    }
    int kind = in.getInt();
    long time = in.getLong();
    ReplyCache.Key key =
        new ReplyCache.Key(
            new Ipv4(in.getInt()), in.getInt(), in.getInt(), Integer.toUnsignedLong(in.getInt()));
    Evidence evidence = evidence(kind, in.getLong(), in.getLong());
    return evidence == null
        ? Optional.empty()
        : Optional.of(new JournalSlot(key, time, evidence, reply(slot)));
  }

  private static @Nullable Evidence evidence(int kind, long first, long second) {
    return switch (kind) {
      case REMOVAL -> new Evidence.Removal(first);
      case MOVE -> new Evidence.Move(first, second);
      case CREATION -> new Evidence.Creation(first);
      case GUARDED -> new Evidence.Guarded();
      default -> null;
    };
  }

  private static byte @Nullable [] reply(byte[] slot) {
    ByteBuffer in = ByteBuffer.wrap(slot, REPLY, SIZE - REPLY);
    int expected = in.getInt();
    int length = in.getInt();
    if (length < 0 || length > LONGEST_REPLY) {
      return null;
    }
    CRC32 sum = new CRC32();
    sum.update(slot, 0, REPLY);
    sum.update(slot, REPLY + 4, 4 + length);
    if ((int) sum.getValue() != expected) {
      return null;
    }
    byte[] reply = new byte[length];
    in.get(reply);
    return reply;
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, from, length);
    return (int) sum.getValue();
  }
}
