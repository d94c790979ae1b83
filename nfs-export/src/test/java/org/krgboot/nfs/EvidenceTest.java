package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What is there after a kill tells what was done before it. */
class EvidenceTest {
  private static final WireHandle A = file(1);
  private static final WireHandle B = file(2);
  private static final WireHandle NEW = file(3);
  private static final WireHandle GONE = null;

  private static WireHandle file(long code) {
    return new WireHandle(ByteBuffer.allocate(24).putLong(16, code).array());
  }

  @Test
  void a_removal_is_done_when_its_victim_has_not_the_name_any_more() {
    Evidence.Removal removal = new Evidence.Removal(A.code());
    assertThat(removal.isDone(A)).isFalse();
    assertThat(removal.isDone(GONE)).isTrue();
    assertThat(removal.isDone(NEW)).as("made since: not to be removed too").isTrue();
  }

  @Test
  void a_rename_to_a_free_name_is_done_when_the_old_name_is_not_the_files_any_more() {
    Evidence.Move move = Evidence.Move.of(A, GONE);
    assertThat(move.isDone(A, GONE)).isFalse();
    assertThat(move.isDone(GONE, A)).isTrue();
    assertThat(move.isDone(NEW, A)).as("the old name made anew").isTrue();
    assertThat(move.isDone(GONE, NEW)).as("moved, then replaced by others").isTrue();
    assertThat(move.isDone(GONE, GONE)).as("moved, then moved on by others").isTrue();
    assertThat(move.isDone(A, NEW)).as("others were first at the new name").isFalse();
  }

  @Test
  void a_rename_over_another_file_is_not_done_while_that_is_there() {
    Evidence.Move move = Evidence.Move.of(A, B);
    assertThat(move.isDone(A, B)).isFalse();
    assertThat(move.isDone(GONE, A)).isTrue();
    assertThat(move.isDone(NEW, A)).isTrue();
    assertThat(move.isDone(GONE, B)).as("others have taken the source away").isFalse();
    assertThat(move.isDone(GONE, GONE)).isTrue();
  }

  @Test
  void places_are_told_apart_by_directory_and_by_name() {
    byte[] x = {'x'};
    byte[] y = {'y'};
    assertThat(A.place(x)).isEqualTo(file(1).place(x.clone()));
    assertThat(A.place(x)).isNotEqualTo(A.place(y)).isNotEqualTo(B.place(x));
  }

  @Test
  void a_name_that_another_call_makes_is_no_evidence_any_more() {
    Unfinished unfinished = new Unfinished();
    ReplyCache.Key key = new ReplyCache.Key(org.krgboot.model.Ipv4.ANY, 1, 9, 2);
    unfinished.add(key, new Evidence.Creation(7));
    unfinished.made(8);
    assertThat(unfinished.take(key)).isEqualTo(new Evidence.Creation(7));
    assertThat(unfinished.take(key)).as("asked once").isNull();
    unfinished.add(key, new Evidence.Creation(7));
    unfinished.made(7);
    assertThat(unfinished.take(key)).isNull();
  }
}
