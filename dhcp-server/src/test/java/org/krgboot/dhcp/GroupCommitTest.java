package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.dhcp.LeaseStoreTest.binding;
import static org.krgboot.dhcp.Packets.NODE_1;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

@Timeout(60)
class GroupCommitTest {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  /** A store whose disk does as the test says: writes when it may, or fails as it is told. */
  private static final class Disk implements LeaseStore {
    final Semaphore may = new Semaphore(1000);
    final BlockingQueue<Integer> batches = new LinkedBlockingQueue<>();
    volatile Throwable fault;
    volatile Throwable tidyFault;
    final Semaphore steps = new Semaphore(0);

    @Override
    public void commit(List<Change.Durable> changes, Instant now) throws IOException {
      may.acquireUninterruptibly();
      batches.add(changes.size());
      switch (fault) {
        case null -> {}
        case IOException io -> throw io;
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        default -> throw new AssertionError(fault);
      }
    }

    @Override
    public List<Binding> load() {
      return List.of();
    }

    @Override
    public void replaceAll(List<Binding> leases, Instant now) {}

    @Override
    public List<PastLease> historyOf(Ipv4 address) {
      return List.of();
    }

    @Override
    public List<PastLease> historyOf(MacAddress mac) {
      return List.of();
    }

    @Override
    public Rest tidy(Instant now) {
      steps.release();
      if (tidyFault instanceof Error error) {
        throw error;
      }
      return steps.availablePermits() < 3 ? Rest.MORE_TO_DO : Rest.DONE;
    }

    @Override
    public void close() {}
  }

  private final Disk disk = new Disk();
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void endLoop() {
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
  }

  private GroupCommit started() {
    GroupCommit commits = new GroupCommit(disk, loop, InstantSource.system());
    commits.start(replies -> {
      replies.forEach(Runnable::run);
      told.add("sent");
    });
    return commits;
  }

  private GroupCommit.Pending pending() {
    return new GroupCommit.Pending(
        List.of(new Change.Bind(binding(NODE_1, "10.0.0.1"))),
        () -> told.add("durable"),
        () -> told.add("failed"));
  }

  @Test
  void a_fault_of_the_driver_fails_the_batch_and_the_next_one_is_written() throws Exception {
    try (GroupCommit commits = started()) {
      disk.fault = new IllegalStateException("a defect of the driver");
      commits.offer(pending());
      assertThat(List.of(told.take(), told.take())).containsExactly("failed", "sent");
      disk.fault = new IOException("disk full");
      commits.offer(pending());
      assertThat(List.of(told.take(), told.take())).containsExactly("failed", "sent");
      disk.fault = null;
      commits.offer(pending());
      assertThat(List.of(told.take(), told.take())).containsExactly("durable", "sent");
    }
  }

  @Test
  void an_error_of_the_virtual_machine_fails_the_batch_and_the_next_one_is_written()
      throws Exception {
    try (GroupCommit commits = started()) {
      for (Error error :
          List.of(new OutOfMemoryError("test"), new StackOverflowError(), new LinkageError("t"))) {
        disk.fault = error;
        disk.tidyFault = error;
        commits.offer(pending());
        assertThat(List.of(told.take(), told.take())).containsExactly("failed", "sent");
      }
      disk.fault = null;
      commits.offer(pending());
      assertThat(List.of(told.take(), told.take())).containsExactly("durable", "sent");
    }
  }

  @Test
  void a_loop_that_takes_nothing_does_not_end_the_writing() throws Exception {
    loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    try (GroupCommit commits = started()) {
      commits.offer(pending());
      assertThat(disk.batches.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
      commits.offer(pending());
      assertThat(disk.batches.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void what_there_is_to_tidy_is_tidied_step_by_step_to_its_end() throws Exception {
    try (GroupCommit commits = started()) {
      commits.offer(pending());
      assertThat(disk.steps.tryAcquire(3, 30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_disk_that_hangs_does_not_keep_the_server_from_stopping() throws Exception {
    disk.may.drainPermits();
    GroupCommit commits = started();
    commits.offer(pending());
    commits.close(Duration.ofMillis(50));
    assertThat(told).isEmpty();
    assertThat(commits.offer(pending())).isFalse();
    disk.may.release(1000);
    assertThat(List.of(told.take(), told.take())).containsExactly("durable", "sent");
  }

  @Test
  void what_waits_while_the_disk_is_slow_is_written_together() throws Exception {
    disk.may.drainPermits();
    try (GroupCommit commits = started()) {
      for (int i = 0; i < 100; i++) {
        assertThat(commits.offer(pending())).isTrue();
      }
      disk.may.release(1000);
      for (int i = 0; i < 100; ) {
        i += told.take().equals("durable") ? 1 : 0;
      }
    }
    assertThat(disk.batches).hasSizeLessThanOrEqualTo(2);
    assertThat(disk.batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
  }

  @Test
  void more_than_can_be_written_in_time_is_refused_at_once() {
    disk.may.drainPermits();
    try (GroupCommit commits = started()) {
      int taken = 0;
      while (commits.offer(pending())) {
        taken++;
      }
      assertThat(taken).isBetween(4096, 4096 + 512);
      disk.may.release(10_000);
    }
  }

  @Test
  void what_waits_is_written_before_it_closes() {
    disk.may.drainPermits();
    GroupCommit commits = started();
    for (int i = 0; i < 10; i++) {
      commits.offer(pending());
    }
    disk.may.release(1000);
    commits.close();
    loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    assertThat(told.stream().filter("durable"::equals)).hasSize(10);
    assertThat(commits.offer(pending())).isFalse();
  }
}
