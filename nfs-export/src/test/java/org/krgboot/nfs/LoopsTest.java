package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** In which order calls that wait for a disk get a thread. */
class LoopsTest {
  private static final int FEW = 0;
  private static final int MANY = 15;

  @Test
  void who_has_many_calls_goes_behind_who_has_few_but_not_behind_all_that_ever_come()
      throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch oneThread = new CountDownLatch(1);
    CountDownLatch otherThreads = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1 + 1000);
    try (Loops loops = Loops.start(new BufferPool(1 << 20, 8 << 20), new Counters())) {
      loops.execute(FEW, () -> await(oneThread));
      IntStream.range(1, Loops.WORKERS).forEach(_ -> loops.execute(FEW, () -> await(otherThreads)));
      loops.execute(MANY, () -> note(order, "many", done));
      IntStream.range(0, 1000)
          .forEach(i -> loops.execute(FEW, () -> note(order, "few " + i, done)));
      oneThread.countDown();
      done.await();
      otherThreads.countDown();
    }
    assertThat(order.indexOf("many")).isBetween(100, 900);
    order.remove("many");
    assertThat(order)
        .as("equals in the order in which they came")
        .isEqualTo(IntStream.range(0, 1000).mapToObj(i -> "few " + i).toList());
  }

  private static void note(List<String> order, String what, CountDownLatch done) {
    order.add(what);
    done.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
