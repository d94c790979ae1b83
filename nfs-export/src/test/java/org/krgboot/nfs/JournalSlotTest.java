package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.model.Ipv4;

class JournalSlotTest {
  private static final ReplyCache.Key KEY =
      new ReplyCache.Key(new Ipv4(0xc0a80107), -5, 12, 0xfedcba98L);
  private static final ReplyCache.Key OTHER = new ReplyCache.Key(new Ipv4(7), 8, 14, 9);
  private static final Evidence.Removal REMOVAL = new Evidence.Removal(-3);
  private static final Evidence.Move MOVE = new Evidence.Move(5, 6);
  private static final byte[] REPLY = {1, 2, 3, 4, 5, 6, 7, 8};

  private static byte[] slot(byte[]... parts) {
    byte[] slot = new byte[JournalSlot.SIZE];
    System.arraycopy(parts[0], 0, slot, 0, parts[0].length);
    if (parts.length > 1) {
      System.arraycopy(parts[1], 0, slot, JournalSlot.REPLY, parts[1].length);
    }
    return slot;
  }

  private static byte[] answered(ReplyCache.Key key, Evidence evidence, byte[] reply) {
    byte[] begun = JournalSlot.begun(key, 77, evidence);
    return slot(begun, JournalSlot.answered(begun, reply));
  }

  @Test
  void what_is_written_is_read_again() {
    for (Evidence evidence :
        new Evidence[] {REMOVAL, MOVE, new Evidence.Creation(9), new Evidence.Guarded()}) {
      JournalSlot begun =
          JournalSlot.decode(slot(JournalSlot.begun(KEY, 77, evidence))).orElseThrow();
      assertThat(begun.key()).isEqualTo(KEY);
      assertThat(begun.time()).isEqualTo(77);
      assertThat(begun.evidence()).isEqualTo(evidence);
      assertThat(begun.reply()).isNull();
      byte[] longest = new byte[JournalSlot.LONGEST_REPLY];
      for (byte[] reply : new byte[][] {{}, REPLY, longest}) {
        JournalSlot whole = JournalSlot.decode(answered(KEY, evidence, reply)).orElseThrow();
        assertThat(whole.evidence()).isEqualTo(evidence);
        assertThat(whole.reply()).isEqualTo(reply);
      }
    }
  }

  @Test
  void a_slot_that_was_never_written_says_nothing() {
    assertThat(JournalSlot.decode(new byte[JournalSlot.SIZE])).isEmpty();
    assertThat(JournalSlot.decode(new byte[JournalSlot.SIZE - 1])).isEmpty();
    byte[] ones = new byte[JournalSlot.SIZE];
    Arrays.fill(ones, (byte) -1);
    assertThat(JournalSlot.decode(ones)).isEmpty();
  }

  @Test
  void a_beginning_that_was_cut_off_is_the_old_call_or_the_new_or_nothing() {
    byte[] old = answered(OTHER, MOVE, REPLY);
    byte[] fresh = JournalSlot.begun(KEY, 78, REMOVAL);
    for (int cut = 0; cut <= fresh.length; cut++) {
      byte[] torn = old.clone();
      System.arraycopy(fresh, 0, torn, 0, cut);
      ReplyCache.Key[] whole =
          cut == 0 ? new ReplyCache.Key[] {OTHER} : new ReplyCache.Key[] {KEY, OTHER};
      JournalSlot.decode(torn).ifPresent(slot -> assertThat(slot.key()).isIn((Object[]) whole));
    }
    System.arraycopy(fresh, 0, old, 0, fresh.length);
    JournalSlot begun = JournalSlot.decode(old).orElseThrow();
    assertThat(begun.key()).isEqualTo(KEY);
    assertThat(begun.reply()).as("the reply of the call before is none of this").isNull();
  }

  @Test
  void an_answer_that_was_cut_off_leaves_the_call_begun() {
    byte[] begun = JournalSlot.begun(KEY, 78, REMOVAL);
    byte[] answer = JournalSlot.answered(begun, REPLY);
    byte[] before = answered(OTHER, MOVE, new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9});
    System.arraycopy(begun, 0, before, 0, begun.length);
    for (int cut = 0; cut < answer.length; cut++) {
      byte[] torn = before.clone();
      System.arraycopy(answer, 0, torn, JournalSlot.REPLY, cut);
      JournalSlot slot = JournalSlot.decode(torn).orElseThrow();
      assertThat(slot.evidence()).isEqualTo(REMOVAL);
      assertThat(slot.reply()).isNull();
    }
  }

  @FuzzTest
  void any_bytes_are_a_call_or_nothing(byte[] bytes) {
    decode(bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void random_bytes_do_no_harm(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = new byte[JournalSlot.SIZE];
      random.nextBytes(bytes);
      ByteBuffer.wrap(bytes).putInt(4, random.nextInt(6)).putInt(52, random.nextInt(600) - 50);
      decode(bytes);
    }
  }

  /** As they are, and with checksums that fit: only so the rest of the decoder is reached. */
  private static void decode(byte[] bytes) {
    var _ = JournalSlot.decode(bytes);
    byte[] slot = Arrays.copyOf(bytes, JournalSlot.SIZE);
    seal(slot, 0, 4, JournalSlot.REPLY);
    int length = ByteBuffer.wrap(slot).getInt(JournalSlot.REPLY + 4);
    if (length >= 0 && length <= JournalSlot.LONGEST_REPLY) {
      CRC32 sum = new CRC32();
      sum.update(slot, 0, JournalSlot.REPLY);
      sum.update(slot, JournalSlot.REPLY + 4, 4 + length);
      ByteBuffer.wrap(slot).putInt(JournalSlot.REPLY, (int) sum.getValue());
    }
    JournalSlot.decode(slot).ifPresent(JournalSlotTest::readsAsItWasWritten);
  }

  private static void seal(byte[] slot, int at, int from, int to) {
    CRC32 sum = new CRC32();
    sum.update(slot, from, to - from);
    ByteBuffer.wrap(slot).putInt(at, (int) sum.getValue());
  }

  private static void readsAsItWasWritten(JournalSlot slot) {
    byte[] begun = JournalSlot.begun(slot.key(), slot.time(), slot.evidence());
    JournalSlot again = JournalSlot.decode(slot(begun)).orElseThrow();
    assertThat(again.key()).isEqualTo(slot.key());
    assertThat(again.evidence()).isEqualTo(slot.evidence());
  }
}
