package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.linux.FileCalls;
import org.krgboot.nfs.Peer.Transport;

/** When clients are told to send again what they wrote. */
class WriteVerifierTest {
  @TempDir Path root;

  @Test
  void a_failed_sync_of_any_kind_makes_clients_send_their_data_again() throws Exception {
    TestServer.assumeFileHandles();
    HandleCodec codec = new HandleCodec(new byte[HandleKey.LENGTH]);
    try (Exports exports = new Exports(codec);
        DescriptorCache cache = new DescriptorCache(10)) {
      exports.replace(List.of(Export.readWriteRoot(root)));
      FileTree tree = new FileTree(codec, exports, cache);
      Peer peer = new Peer(TestServer.LOOPBACK, 700, Transport.TCP);
      Caller caller = new Caller(new Credential.User(0, 0, List.of()), peer, Disk.MAY_WAIT);
      WireHandle handle = exports.now().all().get(0).directory().rootHandle();
      try (FileTree.Opened opened = tree.open(handle, caller)) {
        long promise = tree.verifier().value();
        FileCalls.close(opened.file().forReading()); // its fsync fails now, as on a broken disk
        assertThatThrownBy(opened::settle).isInstanceOf(IOException.class);
        assertThat(tree.verifier().value()).isNotEqualTo(promise);
      }
    }
  }

  /** Waits until all of these wait for a lock. */
  private static void awaitWaiting(List<Thread> threads) {
    while (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
  }

  private static final WriteVerifier.Written DATA =
      new WriteVerifier.Written(new WireHandle(new byte[] {1}), 7, NfsCall.Stability.FILE_SYNC);

  /**
   * How each of eight ended that came while a first sync was under way, and all syncs there were.
   */
  private static int syncs(WriteVerifier verifier, AtomicInteger failed, int failing)
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger syncs = new AtomicInteger();
    Thread first =
        Thread.ofPlatform()
            .start(() ->
                watch(
                    verifier,
                    failed,
                    () -> {
                      syncs.incrementAndGet();
                      begun.countDown();
                      await(end);
                    }));
    begun.await();
    List<Thread> others =
        IntStream.range(0, 8)
            .mapToObj(_ ->
                Thread.ofPlatform()
                    .start(() ->
                        watch(
                            verifier,
                            failed,
                            () -> {
                              if (syncs.incrementAndGet() == failing) {
                                throw new IOException("a broken disk");
                              }
                            })))
            .toList();
    awaitWaiting(others);
    end.countDown();
    first.join();
    for (Thread other : others) {
      other.join();
    }
    return syncs.get();
  }

  private static void watch(WriteVerifier verifier, AtomicInteger failed, Identity.Effect sync) {
    try {
      var _ = verifier.watchData(DATA, sync);
    } catch (IOException e) {
      failed.incrementAndGet();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void all_that_wait_for_a_sync_of_one_file_share_the_next() throws Exception {
    AtomicInteger failed = new AtomicInteger();
    WriteVerifier verifier = new WriteVerifier();
    long promise = verifier.value();
    assertThat(syncs(verifier, failed, 0)).isEqualTo(2);
    assertThat(failed).hasValue(0);
    assertThat(verifier.value()).isEqualTo(promise);
  }

  @Test
  void a_shared_sync_that_fails_is_nobodys_success() throws Exception {
    AtomicInteger failed = new AtomicInteger();
    WriteVerifier verifier = new WriteVerifier();
    long promise = verifier.value();
    assertThat(syncs(verifier, failed, 2)).as("another tries for the rest").isEqualTo(3);
    assertThat(failed).hasValue(1);
    assertThat(verifier.value()).isNotEqualTo(promise);
  }
}
