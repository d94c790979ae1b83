package org.krgboot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.krgboot.linux.Errno;
import org.krgboot.linux.LinuxException;

/** Blocks of eight octets, and a kernel that answers each call as the test has it. */
class WindowSenderTest {
  private static final int BLOCK = 8;
  private static final int EACH = BLOCK + TftpCodec.DATA_HEADER;

  private enum Answer {
    TAKEN,
    NO_ROOM,
    TOO_LONG,
    NOBODY_THERE
  }

  private final Counters counters = new Counters();
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private final List<List<Integer>> sent = new ArrayList<>();
  private int cut;

  private final WindowSender.Datagrams kernel =
      new WindowSender.Datagrams() {
        @Override
        public boolean send(MemorySegment from, long offset, int length) throws LinuxException {
          switch (answers.isEmpty() ? Answer.TAKEN : answers.remove()) {
            case TAKEN -> sent.add(numbers(from.asSlice(offset, length)));
            case NO_ROOM -> {
              return false;
            }
            case TOO_LONG -> throw new LinuxException("sendto", Errno.EMSGSIZE);
            case NOBODY_THERE -> throw new LinuxException("sendto", Errno.ECONNREFUSED);
          }
          return true;
        }

        @Override
        public boolean cutInto(int octets) {
          cut = octets;
          return true;
        }
      };

  private static List<Integer> numbers(MemorySegment datagrams) {
    List<Integer> numbers = new ArrayList<>();
    for (int at = 0; at < datagrams.byteSize(); at += EACH) {
      numbers.add((int) datagrams.asByteBuffer().getShort(at + 2));
    }
    return numbers;
  }

  private WindowSender sender(int window, Answer... script) {
    answers.addAll(Arrays.asList(script));
    TransferPlan plan =
        new TransferPlan(100 * BLOCK, BLOCK, window, RollOver.TO_ZERO, Optional.empty(), List.of());
    ReadAhead ahead =
        new ReadAhead(
            new MemoryFile(new byte[100 * BLOCK]),
            plan,
            ReadMemory.of(plan, 100 * plan.datagramSize(), new Semaphore(1 << 20)).orElseThrow(),
            new ReadAhead.Threads(Runnable::run, Runnable::run),
            new ReadAhead.Listener() {
              @Override
              public void loaded() {}

              @Override
              public void failed(IOException why) {
                throw new AssertionError(why);
              }
            });
    ahead.provide(1, 1, 16);
    return new WindowSender(kernel, plan, ahead, counters);
  }

  @Test
  void a_window_goes_down_at_once_and_a_block_alone_without_cutting() {
    sender(4).send(1, 4);
    assertThat(cut).isEqualTo(EACH);
    cut = 0;
    sender(1).send(5, 5);
    assertThat(cut).isZero();
    assertThat(sent).containsExactly(List.of(1, 2, 3, 4), List.of(5));
    assertThat(counters.onTheWire.sum()).isEqualTo(5 * EACH);
  }

  @Test
  void what_there_is_no_room_for_follows_when_there_is_unless_the_client_has_it_by_then() {
    WindowSender sender = sender(4, Answer.NO_ROOM, Answer.NO_ROOM);
    sender.send(1, 4);
    sender.goOn(1);
    assertThat(sent).isEmpty();
    sender.goOn(3);
    assertThat(sent).containsExactly(List.of(3, 4));
    sender.goOn(5);
    assertThat(sent).hasSize(1);
    assertThat(counters.sendErrors.sum()).isZero();
  }

  @Test
  void a_new_window_takes_the_place_of_what_there_was_no_room_for() {
    WindowSender sender = sender(4, Answer.NO_ROOM);
    sender.send(1, 4);
    sender.send(3, 6);
    sender.goOn(3);
    assertThat(sent).containsExactly(List.of(3, 4, 5, 6));
  }

  @Test
  void where_the_kernel_cannot_cut_the_blocks_go_one_by_one_from_then_on() {
    WindowSender sender = sender(2, Answer.TOO_LONG);
    sender.send(1, 2);
    sender.send(3, 4);
    assertThat(sent).containsExactly(List.of(1), List.of(2), List.of(3), List.of(4));
    assertThat(cut).isZero();
    assertThat(counters.sendErrors.sum()).isEqualTo(1);
  }

  @Test
  void what_is_refused_otherwise_is_lost_and_the_rest_is_sent() {
    WindowSender sender = sender(1, Answer.NOBODY_THERE);
    sender.send(1, 2);
    assertThat(sent).containsExactly(List.of(2));
    assertThat(counters.sendErrors.sum()).isEqualTo(1);
  }
}
