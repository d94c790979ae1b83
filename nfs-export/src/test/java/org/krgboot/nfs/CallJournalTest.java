package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.Ipv4;
import org.slf4j.LoggerFactory;

class CallJournalTest {
  private static final int SLOTS = 8;
  private static final byte[] BOOT = new byte[16];
  private static final long SECOND = 1_000_000_000L;
  private static final Evidence EVIDENCE = new Evidence.Removal(3);
  private static final byte[] REPLY = {0, 0, 0, 0};

  @TempDir Path state;
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

  private CallJournal open() {
    return CallJournal.open(state, SLOTS, BOOT);
  }

  private static ReplyCache.Key key(int xid) {
    return new ReplyCache.Key(new Ipv4(1), xid, 12, 5);
  }

  private static List<Integer> xids(List<JournalSlot> calls) {
    return calls.stream().map(call -> call.key().xid()).toList();
  }

  @Test
  void the_next_process_finds_what_this_one_wrote() {
    CallJournal journal = open();
    assertThat(journal.recover(10 * SECOND)).isEmpty();
    journal.begin(key(1), EVIDENCE, 11 * SECOND).answered(REPLY);
    journal.begin(key(2), EVIDENCE, 12 * SECOND);
    List<JournalSlot> found = open().recover(20 * SECOND);
    assertThat(xids(found)).containsExactly(1, 2);
    assertThat(found.getFirst().reply()).isEqualTo(REPLY);
    assertThat(found.getLast().reply()).isNull();
    assertThat(log.list).isEmpty();
  }

  @Test
  void the_one_after_it_finds_it_too_however_long_there_was_none() {
    CallJournal journal = open();
    journal.begin(key(1), EVIDENCE, 11 * SECOND).answered(REPLY);
    journal.begin(key(2), EVIDENCE, 12 * SECOND);
    CallJournal second = open();
    assertThat(second.recover(5000 * SECOND)).hasSize(2);
    second.begin(key(3), EVIDENCE, 5001 * SECOND);
    List<JournalSlot> third = open().recover(9000 * SECOND);
    assertThat(xids(third)).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(third).anySatisfy(call -> assertThat(call.reply()).isEqualTo(REPLY));
  }

  @Test
  void what_was_old_when_the_process_ended_is_forgotten() {
    CallJournal journal = open();
    journal.begin(key(1), EVIDENCE, 10 * SECOND).answered(REPLY);
    journal.begin(key(2), EVIDENCE, 100 * SECOND).answered(REPLY);
    journal.live(140 * SECOND);
    assertThat(xids(open().recover(150 * SECOND))).containsExactly(2);
  }

  @Test
  void a_sign_of_life_is_not_needed_to_know_that_one_call_is_older_than_another() {
    CallJournal journal = open();
    journal.begin(key(1), EVIDENCE, 10 * SECOND).answered(REPLY);
    journal.begin(key(2), EVIDENCE, 200 * SECOND).answered(REPLY);
    assertThat(xids(open().recover(201 * SECOND))).containsExactly(2);
  }

  @Test
  void a_time_that_is_yet_to_come_is_of_another_clock() {
    open().begin(key(1), EVIDENCE, 10 * SECOND);
    assertThat(open().recover(9 * SECOND)).isEmpty();
  }

  @Test
  void the_oldest_goes_when_there_is_no_room() {
    CallJournal journal = open();
    for (int i = 0; i < SLOTS + 3; i++) {
      journal.begin(key(i), EVIDENCE, i * SECOND).answered(REPLY);
    }
    CallJournal next = open();
    assertThat(xids(next.recover(60 * SECOND))).containsExactly(3, 4, 5, 6, 7, 8, 9, 10);
    next.begin(key(99), EVIDENCE, 61 * SECOND);
    assertThat(xids(open().recover(62 * SECOND))).contains(99, 4, 10).doesNotContain(3);
  }

  @Test
  void a_reply_too_long_to_keep_leaves_the_call_begun() {
    open().begin(key(1), EVIDENCE, SECOND).answered(new byte[JournalSlot.LONGEST_REPLY + 1]);
    List<JournalSlot> found = open().recover(2 * SECOND);
    assertThat(found).singleElement().satisfies(call -> assertThat(call.reply()).isNull());
  }

  @Test
  void another_start_of_the_machine_begins_anew_without_a_word() {
    open().begin(key(1), EVIDENCE, SECOND);
    byte[] otherBoot = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    CallJournal journal = CallJournal.open(state, SLOTS, otherBoot);
    assertThat(journal.recover(2 * SECOND)).isEmpty();
    assertThat(log.list).isEmpty();
  }

  @Test
  void a_file_of_another_size_or_version_is_replaced_with_one_line() throws IOException {
    open().begin(key(1), EVIDENCE, SECOND);
    assertThat(CallJournal.open(state, SLOTS * 2, BOOT).recover(2 * SECOND)).isEmpty();
    assertThat(log.list).hasSize(1);
    Path file = state.resolve(CallJournal.FILE);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putInt(8, 2);
    Files.write(file, bytes);
    assertThat(CallJournal.open(state, SLOTS * 2, BOOT).recover(2 * SECOND)).isEmpty();
    assertThat(log.list).hasSize(2);
    Files.write(file, new byte[] {1, 2, 3});
    CallJournal journal = open();
    assertThat(log.list).hasSize(3);
    journal.begin(key(7), EVIDENCE, 3 * SECOND);
    assertThat(xids(open().recover(4 * SECOND))).containsExactly(7);
  }

  @Test
  void where_it_cannot_be_kept_that_is_said_once_and_calls_go_on() throws IOException {
    Files.createDirectory(state.resolve(CallJournal.FILE));
    Files.createFile(state.resolve(CallJournal.FILE).resolve("in the way"));
    CallJournal journal = open();
    assertThat(journal.recover(SECOND)).isEmpty();
    for (int i = 0; i < 3; i++) {
      journal.begin(key(i), EVIDENCE, SECOND).answered(REPLY);
      journal.live(SECOND);
    }
    assertThat(log.list).hasSize(1);
    assertThat(log.list.getFirst().getFormattedMessage()).contains("state directory");
  }
}
