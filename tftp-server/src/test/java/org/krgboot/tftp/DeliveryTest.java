package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.tftp.ReadTransfer.Input;

/** A transfer on a real loop and socket, with a disk that works when the test says so. */
@Timeout(60)
class DeliveryTest {
  private static final int BLOCKS = 100;
  private static final TransferPlan PLAN =
      new TransferPlan((BLOCKS - 1) * 512, 512, 4, RollOver.TO_ZERO, Optional.empty(), List.of());
  private static final TftpConfig CONFIG = TftpConfig.on(Ipv4.parse("127.0.0.1"), 0);

  private final Queue<Runnable> disk = new ConcurrentLinkedQueue<>();
  private final Services services =
      new Services(
          CONFIG,
          (_, _) -> new BootFileTree.Answer.Refused(BootFileTree.Why.NOT_FOUND, "none"),
          _ -> {},
          InstantSource.system(),
          disk::add);
  private final Transport transport = new Transport(CONFIG, services.bugs());
  private final Client client = new Client(0);

  DeliveryTest() throws IOException {}

  @AfterEach
  void close() {
    transport.close();
    client.close();
  }

  /** One transfer; its client is this test. */
  private final class Transfer implements Delivery.Owner, Loop.Socket {
    final MemoryFile file = new MemoryFile(new byte[(BLOCKS - 1) * 512]);
    final TransferSocket socket;
    final Delivery delivery;
    private boolean ended;

    Transfer(Loop loop) {
      try {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        int descriptor = transport.open(here, new InetSocketAddress(here, client.port()));
        socket = new TransferSocket(loop, descriptor, this, services.counters());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      ReadMemory memory = ReadMemory.of(PLAN, 1, services.readMemory()).orElseThrow();
      delivery = new Delivery(services, socket, file, PLAN, memory, this);
      delivery.start();
    }

    @Override
    public void delivered(ReadTransfer.Outcome how) {
      end();
    }

    @Override
    public void failed(IOException why) {
      throw new AssertionError(why);
    }

    @Override
    public void broken(Throwable bug) {
      throw new AssertionError(bug);
    }

    @Override
    public void ready(int events) {
      ByteBuffer _ = socket.receive();
    }

    @Override
    public void end() {
      if (!ended) {
        ended = true;
        socket.close();
        delivery.close();
      }
    }
  }

  private Transfer begin() throws Exception {
    Loop loop = transport.nextLoop();
    return CompletableFuture.supplyAsync(() -> new Transfer(loop), loop).get();
  }

  private void on(Transfer transfer, Runnable task) throws Exception {
    CompletableFuture.runAsync(task, transfer.socket.loop()).get();
  }

  /** Does all that the disk was asked for until now. */
  private void work(Transfer transfer) throws Exception {
    for (Runnable task = disk.poll(); task != null; task = disk.poll()) {
      task.run();
      on(transfer, () -> {}); // what the loop was told is done
    }
  }

  private void assertReceives(int first, int last) throws IOException {
    for (int block = first; block <= last; block++) {
      assertThat(((TftpPacket.Data) client.receive()).block()).isEqualTo(block);
    }
  }

  @Test
  void blocks_that_never_left_cannot_be_acknowledged() throws Exception {
    Transfer transfer = begin();
    on(transfer, () -> transfer.delivery.acked(4));
    on(transfer, () -> transfer.delivery.acked(2));
    work(transfer);
    assertReceives(1, 4);
    on(transfer, () -> transfer.delivery.acked(4));
    on(transfer, () -> transfer.delivery.acked(8));
    on(transfer, () -> transfer.delivery.acked(12));
    work(transfer);
    assertReceives(5, 8);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void memory_is_all_given_back_whatever_the_client_says_and_however_slow_the_disk_is(long seed)
      throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      Transfer transfer = begin();
      for (int steps = random.nextInt(60); steps > 0; steps--) {
        int ack = random.nextInt(BLOCKS + 5);
        switch (random.nextInt(4)) {
          case 0 -> work(transfer);
          case 1 -> on(transfer, () -> transfer.delivery.step(new Input.TimePassed()));
          default -> on(transfer, () -> transfer.delivery.acked(ack));
        }
      }
      on(transfer, transfer::end);
      work(transfer);
      assertThat(services.readMemory().availablePermits())
          .as("seed %s, round %s", seed, round)
          .isEqualTo(Services.READ_MEMORY);
      assertThat(transfer.file.closed()).hasValue(1);
    }
  }
}
