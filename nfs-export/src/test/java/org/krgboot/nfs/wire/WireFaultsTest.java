package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.FILE_SYNC;
import static org.krgboot.nfs.wire.NfsClient.GUARDED;
import static org.krgboot.nfs.wire.NfsClient.UNSTABLE;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is wrong with the disk is said as it is, logged once, and over when it is mended. */
final class WireFaultsTest extends WireTest {
  private static final byte[] BLOCK = new byte[64 << 10];
  private static final byte[] BIG = new byte[1 << 20];

  private final Logger logger = (Logger) LoggerFactory.getLogger("org.krgboot.nfs");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(log);
  }

  private List<String> logged(String part) {
    return List.copyOf(log.list).stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(part))
        .toList();
  }

  private interface Scene {
    void play(Disk disk) throws Exception;
  }

  /** Serves a disk instead of the directory that is there. */
  private void on(Disk fresh, Scene scene) throws Exception {
    try (Disk disk = fresh) {
      restart();
      scene.play(disk);
      stop();
      served = null;
    }
  }

  private Status fill(byte[] file, int stable) throws IOException {
    Status status = Status.OK;
    for (long i = 0; status == Status.OK && i < 1000; i++) {
      status = root.write(file, i * BLOCK.length, stable, BLOCK).status();
    }
    return status;
  }

  private void fillAndMakeRoom() throws IOException {
    byte[] small = file("small", 0644);
    byte[] big = file("big", 0644);
    assertThat(fill(big, UNSTABLE)).isEqualTo(Status.NOSPC);
    for (int i = 0; i < 20; i++) {
      assertThat(root.write(small, 0, FILE_SYNC, BLOCK).status()).isEqualTo(Status.NOSPC);
    }
    assertThat(logged("NOSPC")).hasSize(1);
    assertThat(root.read(small, 0, 10).status()).isEqualTo(Status.OK);
    assertThat(root.commit(big, 0, 0).status()).isEqualTo(Status.OK);
    assertThat(root.remove(top, "big").status()).isEqualTo(Status.OK);
    assertThat(root.write(small, 0, FILE_SYNC, BLOCK).status()).isEqualTo(Status.OK);
  }

  @Test
  void a_full_disk_is_nospc_until_there_is_room_again() throws Exception {
    on(Disk.ext4(exported, path.resolve("image"), 8 << 20), disk -> fillAndMakeRoom());
  }

  @Test
  void a_full_disk_in_memory_is_nospc_until_there_is_room_again() throws Exception {
    on(Disk.inMemory(exported, "1m"), disk -> fillAndMakeRoom());
  }

  @Test
  void a_disk_that_is_made_read_only_is_rofs_until_it_is_writable_again() throws Exception {
    on(Disk.ext4(exported, path.resolve("image"), 8 << 20), this::goReadOnly);
  }

  private void goReadOnly(Disk disk) throws Exception {
    byte[] file = file("f", 0644);
    assertThat(root.write(file, 0, FILE_SYNC, BLOCK).status()).isEqualTo(Status.OK);
    long start = System.nanoTime();
    while (!disk.remount("ro")) { // busy until the server lets go of the file it has written
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    for (int i = 0; i < 5; i++) {
      assertThat(root.write(file, 0, UNSTABLE, BLOCK).status()).isEqualTo(Status.ROFS);
      Results.Made made = root.create(top, "g", GUARDED, Sattr.NOTHING);
      assertThat(made.status()).isEqualTo(Status.ROFS);
      assertThat(root.remove(top, "f").status()).isEqualTo(Status.ROFS);
      assertThat(root.setattr(file, Sattr.ofMode(0600)).status()).isEqualTo(Status.ROFS);
      assertThat(root.rename(top, "f", top, "g").status()).isEqualTo(Status.ROFS);
    }
    assertThat(logged("ROFS")).hasSize(1);
    assertThat(root.read(file, 0, 10).status()).isEqualTo(Status.OK);
    assertThat(disk.remount("rw")).isTrue();
    assertThat(root.write(file, 0, FILE_SYNC, BLOCK).status()).isEqualTo(Status.OK);
    assertThat(root.remove(top, "f").status()).isEqualTo(Status.OK);
  }

  @Test
  void an_export_that_is_removed_is_stale_until_it_is_made_and_mounted_again() throws Exception {
    byte[] file = file("f", 0644);
    Files.delete(exported.resolve("f"));
    Files.delete(exported);
    for (int i = 0; i < 5; i++) {
      assertThat(root.getattr(top).status()).isEqualTo(Status.STALE);
      assertThat(root.read(file, 0, 1).status()).isIn(Status.STALE, Status.JUKEBOX);
      Results.Made made = root.create(top, "g", GUARDED, Sattr.NOTHING);
      assertThat(made.status()).isEqualTo(Status.STALE);
    }
    Files.createDirectory(exported);
    byte[] again = served.mount(exported.toString());
    assertThat(again).isNotEqualTo(top);
    assertThat(root.getattr(top).status()).isEqualTo(Status.STALE);
    assertThat(root.create(again, "g", GUARDED, Sattr.NOTHING).status()).isEqualTo(Status.OK);
    assertThat(exported.resolve("g")).exists();
    assertThat(root.lookup(again, "..").handle()).isEqualTo(again);
  }

  @Test
  void a_quota_that_is_used_up_is_dquot_until_there_is_room_again() throws Exception {
    on(Disk.withQuota(exported, path.resolve("image"), "4M"), disk -> useUpTheQuota());
  }

  private void useUpTheQuota() throws IOException {
    byte[] small = file("small", 0644);
    byte[] big = file("big", 0644);
    assertThat(fill(big, UNSTABLE)).isEqualTo(Status.DQUOT);
    for (int i = 0; i < 20; i++) {
      assertThat(root.write(small, 0, FILE_SYNC, BLOCK).status()).isEqualTo(Status.DQUOT);
    }
    assertThat(logged("DQUOT")).hasSize(1);
    assertThat(root.commit(big, 0, 0).status()).isEqualTo(Status.OK);
    assertThat(root.read(big, 0, 10).status()).isEqualTo(Status.OK);
    assertThat(root.remove(top, "big").status()).isEqualTo(Status.OK);
    long start = System.nanoTime(); // btrfs gives the room back a little later
    while (root.write(small, 0, FILE_SYNC, BLOCK).status() == Status.DQUOT) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MINUTES.toNanos(1));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    assertThat(root.write(small, 0, FILE_SYNC, BLOCK).status()).isEqualTo(Status.OK);
  }

  @Test
  void data_that_cannot_be_written_any_more_are_missed_by_every_client() throws Exception {
    Path below = Files.createDirectory(path.resolve("below"));
    try (Disk memory = Disk.inMemory(below, "24m")) {
      Path image = below.resolve("image");
      on(
          Disk.promisingTooMuch(exported, image, 64 << 20),
          disk -> loseDataAndSendItAgain(below.resolve("ballast")));
    }
  }

  private void loseDataAndSendItAgain(Path ballast) throws Exception {
    byte[] file = file("f", 0644);
    try (TcpTransport second = new TcpTransport(served.nfsPort(), 70_000);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      NfsClient other = new NfsClient(second, Caller.ROOT);
      root.write(file, 0, FILE_SYNC, BLOCK); // so that there is room for all but data
      for (int round = 0; round < 3; round++) {
        fillUp(ballast);
        long at = 2L * round * BIG.length; // where the disk has had no room before
        Results.Written mine = root.write(file, at, UNSTABLE, BIG);
        Results.Written others = other.write(file, at + BIG.length, UNSTABLE, BIG);
        Future<Results.Committed> one = threads.submit(() -> root.commit(file, 0, 0));
        Future<Results.Committed> two = threads.submit(() -> other.commit(file, 0, 0));
        mustTellOfTheLoss(one.get(), mine);
        mustTellOfTheLoss(two.get(), others);
        Files.delete(ballast);
        List<Byte> again = root.write(file, at, UNSTABLE, BIG).verifier();
        assertThat(other.write(file, at + BIG.length, UNSTABLE, BIG).verifier()).isEqualTo(again);
        Results.Committed committed = root.commit(file, 0, 0);
        assertThat(committed.status()).isEqualTo(Status.OK);
        assertThat(committed.verifier()).isEqualTo(again);
      }
    }
    assertThat(logged("COMMIT")).hasSizeBetween(1, 2); // a line each of NOSPC and IO at most
  }

  private static void mustTellOfTheLoss(Results.Committed committed, Results.Written promise) {
    if (committed.status() == Status.OK) {
      assertThat(committed.verifier()).isNotEqualTo(promise.verifier());
    } else {
      assertThat(committed.status()).isIn(Status.IO, Status.NOSPC);
    }
  }

  private static void fillUp(Path ballast) throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      // as wanted
    }
  }
}
