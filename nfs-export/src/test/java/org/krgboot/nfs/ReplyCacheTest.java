package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;

/** What becomes of calls that are sent again, where the wire cannot show it. */
class ReplyCacheTest {
  private static final ReplyCache.Key CALL = new ReplyCache.Key(Ipv4.ANY, 1, 12, 7);

  private final BufferPool pool = new BufferPool(BufferPool.SMALL, 4L * BufferPool.SMALL);
  private final ReplyCache replies = new ReplyCache(2, CallJournal.none());
  private int done;

  private boolean work(XdrWriter out) {
    done++;
    out.u32(done);
    return true;
  }

  private int answer(ReplyCache.Key key) {
    XdrWriter out = new XdrWriter(pool);
    replies.answer(key, Peer.Transport.TCP, out, attempt -> work(out));
    int said = out.wordAt(0);
    out.release();
    return said;
  }

  private int answerInTurn(ReplyCache.Key key) {
    XdrWriter out = new XdrWriter(pool);
    replies.answerInTurn(key, Peer.Transport.TCP, out, attempt -> work(out));
    int said = out.wordAt(0);
    out.release();
    return said;
  }

  @Test
  void a_call_for_whose_reply_there_was_no_room_is_done_when_it_is_sent_again() {
    BufferPool small = new BufferPool(BufferPool.SMALL, BufferPool.SMALL);
    XdrWriter full = new XdrWriter(small);
    full.fixed(new byte[BufferPool.SMALL - 8]);
    assertThatThrownBy(() -> replies.answer(CALL, Peer.Transport.TCP, full, attempt -> work(full)))
        .isInstanceOf(BufferPool.ExhaustedException.class);
    full.release();
    assertThat(done).isZero();
    assertThat(answer(CALL)).isEqualTo(1);
    assertThat(answer(CALL)).isEqualTo(1);
  }

  @Test
  void while_a_call_is_worked_on_the_same_one_waits_for_its_answer_but_over_udp() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (ExecutorService client = Executors.newFixedThreadPool(2)) {
      Future<?> first = client.submit(() -> answerSlowly(begun, end));
      begun.await();
      Future<Integer> second = client.submit(() -> answer(CALL));
      XdrWriter out = new XdrWriter(pool);
      assertThatThrownBy(() -> replies.answer(CALL, Peer.Transport.UDP, out, attempt -> work(out)))
          .isInstanceOf(UnansweredException.class);
      assertThat(out.position()).isZero();
      end.countDown();
      first.get();
      assertThat(second.get()).isEqualTo(1);
    }
    assertThat(done).isEqualTo(1);
  }

  private void answerSlowly(CountDownLatch begun, CountDownLatch end) {
    XdrWriter out = new XdrWriter(pool);
    replies.answer(
        CALL,
        Peer.Transport.TCP,
        out,
        attempt -> {
          begun.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return work(out);
        });
    out.release();
  }

  @Test
  void however_many_data_are_written_the_removals_stay_known() {
    assertThat(answer(CALL)).isEqualTo(1);
    for (int xid = 100; xid < 110; xid++) {
      var _ = answerInTurn(new ReplyCache.Key(Ipv4.ANY, xid, 7, 0));
    }
    assertThat(answer(CALL)).isEqualTo(1);
  }

  @Test
  void a_client_that_has_started_anew_writes_anew() {
    assertThat(answerInTurn(CALL)).isEqualTo(1);
    assertThat(answerInTurn(CALL)).isEqualTo(1);
    replies.forget(Ipv4.ANY);
    assertThat(answerInTurn(CALL)).isEqualTo(2);
  }
}
