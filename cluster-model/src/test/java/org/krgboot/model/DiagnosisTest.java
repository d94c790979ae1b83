package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.krgboot.model.BootEvent.Refusal;

class DiagnosisTest {
  private static final Instant START = Instant.parse("2026-11-22T01:00:00Z");
  private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:01");
  private static final Ipv4 ADDRESS = Ipv4.parse("10.11.12.101");

  /** What happened, how many seconds ago the last of it was, and what is found. */
  record Case(Symptom symptom, int silent, List<BootEvent> events) {
    @Override
    public String toString() {
      return symptom.name();
    }
  }

  static Stream<Case> cases() {
    return Stream.concat(refusals(), silences());
  }

  private static Stream<Case> refusals() {
    return Stream.of(
        new Case(Symptom.UNKNOWN_NODE, 1, List.of(noAddress(0, Refusal.UNKNOWN_NODE))),
        new Case(Symptom.NOT_APPROVED, 1, List.of(noAddress(0, Refusal.NOT_APPROVED))),
        new Case(Symptom.REJECTED, 1, List.of(noAddress(0, Refusal.REJECTED))),
        new Case(Symptom.FENCED, 1, with(loaded(), noFile(Refusal.FENCED))),
        new Case(Symptom.NO_FREE_ADDRESS, 1, List.of(noAddress(0, Refusal.NO_FREE_ADDRESS))),
        new Case(Symptom.OTHER_NETWORK, 1, List.of(noAddress(0, Refusal.OTHER_NETWORK))),
        new Case(
            Symptom.ADDRESS_TAKEN,
            1,
            with(
                addressed(0),
                new BootEvent.AddressReturned(
                    at(2), MAC, ADDRESS, BootEvent.GivenBack.DECLINED, "another has it"))),
        new Case(
            Symptom.TOOK_ANOTHER_OFFER,
            1,
            List.of(
                offered(0), new BootEvent.OtherOfferTaken(at(1), MAC, Ipv4.parse("10.11.12.254")))),
        new Case(
            Symptom.ASKS_FOR_ANOTHER_SERVERS_ADDRESS,
            1,
            List.of(
                noAddress(0, Refusal.OTHER_ADDRESS),
                noAddress(1, Refusal.OTHER_ADDRESS),
                noAddress(2, Refusal.OTHER_ADDRESS))),
        new Case(Symptom.NFS_VERSION, 1, with(started(), noMount(Refusal.NFS_VERSION))),
        new Case(Symptom.NOT_EXPORTED, 1, with(started(), noMount(Refusal.FORBIDDEN))),
        new Case(Symptom.NO_SUCH_ROOT, 1, with(started(), noMount(Refusal.NOT_FOUND))),
        new Case(Symptom.FILE_FORBIDDEN, 1, with(loaded(), noFile(Refusal.FORBIDDEN))),
        new Case(Symptom.FILE_MISSING, 1, with(loaded(), noFile(Refusal.NOT_FOUND))),
        new Case(Symptom.NOTHING_TO_BOOT, 1, with(loaded(), noFile(Refusal.NOTHING_TO_BOOT))),
        new Case(Symptom.FILE_UNREADABLE, 1, with(loaded(), noFile(Refusal.FAILED))),
        new Case(Symptom.NO_ANSWERS_TO_BLOCKS, 1, with(addressed(0), noFile(Refusal.NODE_SILENT))),
        new Case(Symptom.NODE_BROKE_OFF, 1, with(loaded(), noFile(Refusal.NODE_ENDED))),
        new Case(Symptom.WAITS_FOR_ITS_TURN, 1, with(loaded(), noFile(Refusal.BUSY))),
        new Case(
            Symptom.NO_INIT,
            1,
            with(started(), mountedAt(20), new BootEvent.InitNotFound(at(21), ADDRESS, "/root"))),
        new Case(Symptom.OTHER_TROUBLE, 1, with(started(), noMount(Refusal.FAILED))));
  }

  private static Stream<Case> silences() {
    return Stream.of(
        new Case(Symptom.RESTARTS_WITH_A_ROOT, 1, thrice(50, mountedAt(20))),
        new Case(Symptom.RESTARTS_WITH_A_KERNEL, 1, thrice(50, sent(20, BootFile.Role.KERNEL))),
        new Case(Symptom.RESTARTS_BEFORE_A_KERNEL, 1, thrice(50, sent(20, BootFile.Role.LOADER))),
        new Case(Symptom.TAKES_NO_OFFER, 1, List.of(offered(0), offered(2), offered(6))),
        new Case(Symptom.ASKS_FOR_NO_FILE, 20, addressed(0)),
        new Case(Symptom.ASKS_FOR_NO_KERNEL, 60, loaded()),
        new Case(Symptom.KERNEL_IS_SILENT, 90, kernelled()),
        new Case(Symptom.DOES_NOT_MOUNT, 60, started()),
        new Case(Symptom.DOES_NOT_READ, 60, with(started(), mountedAt(20))),
        new Case(
            Symptom.STARTS_NO_INIT, 120, with(started(), mountedAt(20), firstRead("/sbin/init"))),
        new Case(
            Symptom.NOBODY_CAN_LOG_IN,
            300,
            with(started(), mountedAt(20), firstRead("/sbin/init"), initRead("/usr/sbin/sshd"))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void each_symptom_is_found_where_it_shows(Case given) {
    Diagnosis diagnosis = diagnose(given.events(), given.silent());
    assertThat(diagnosis.finding().map(Diagnosis.Finding::symptom)).contains(given.symptom());
    assertThat(diagnosis.finding().orElseThrow().evidence()).isNotBlank();
    assertThat(given.symptom().remedy()).isNotBlank();
  }

  @Test
  void every_symptom_has_a_case() {
    Set<Symptom> tested = EnumSet.noneOf(Symptom.class);
    cases().forEach(given -> tested.add(given.symptom()));
    assertThat(tested).isEqualTo(EnumSet.allOf(Symptom.class));
  }

  @Test
  void a_boot_that_goes_on_has_nothing_wrong_at_any_of_its_steps() {
    List<BootEvent> whole = new ArrayList<>(started());
    whole.add(mountedAt(20));
    whole.add(firstRead("/sbin/init"));
    whole.add(initRead("/sbin/agetty"));
    whole.add(new BootEvent.LoginStarted(at(30), ADDRESS, "/sbin/agetty"));
    for (int n = 1; n <= whole.size(); n++) {
      assertThat(diagnose(whole.subList(0, n), 1).finding()).as("after %d steps", n).isEmpty();
    }
    assertThat(diagnose(whole, 100_000).finding()).as("a running node may be silent").isEmpty();
    assertThat(diagnose(whole, 1).expected()).isEmpty();
  }

  @Test
  void a_root_whose_programs_nobody_knows_may_be_silent_for_ever() {
    List<BootEvent> reading = with(started(), mountedAt(20), firstRead(""));
    assertThat(diagnose(reading, 100_000).finding()).isEmpty();
    assertThat(diagnose(with(reading, initRead("")), 100_000).finding()).isEmpty();
  }

  @Test
  void a_daemon_that_was_started_in_the_middle_of_a_boot_does_not_guess_what_comes_next() {
    List<BootEvent> reading = with(started(), mountedAt(20), firstRead("/sbin/init"));
    assertThat(diagnose(with(reading, firstRead("")), 100_000).finding()).isEmpty();
  }

  @Test
  void journals_of_the_first_versions_tell_a_decline_by_its_words() {
    assertThat(new BootEvent.AddressReturned(at(0), MAC, ADDRESS, null, "declined, taken").why())
        .isEqualTo(BootEvent.GivenBack.DECLINED);
    assertThat(new BootEvent.AddressReturned(at(0), MAC, ADDRESS, null, "released").why())
        .isEqualTo(BootEvent.GivenBack.RELEASED);
  }

  @Test
  void names_that_a_boot_loader_only_tries_are_no_trouble() {
    BootEvent tried =
        new BootEvent.FileRefused(
            at(3), ADDRESS, BootEvent.Carrier.TFTP, "pxelinux.cfg/0A", Refusal.NOT_FOUND, "none");
    assertThat(diagnose(with(loaded(), tried), 1).finding()).isEmpty();
  }

  @Test
  void a_step_forward_ends_the_trouble() {
    List<BootEvent> events =
        with(loaded(), noFile(Refusal.NOT_FOUND), sent(9, BootFile.Role.KERNEL));
    assertThat(diagnose(events, 1).finding()).isEmpty();
  }

  @Test
  void what_an_operator_did_is_told_among_the_steps_and_is_none_of_the_nodes() {
    List<BootEvent> events = with(loaded());
    events.addFirst(
        new BootEvent.NodeOrdered(START.minusSeconds(9), MAC, BootEvent.Order.APPROVED, ""));
    events.add(new BootEvent.NodeOrdered(START.plusSeconds(40), MAC, BootEvent.Order.FENCED, ""));
    BootTimeline timeline = BootTimeline.of(MAC, events);
    BootTimeline.Boot boot = timeline.boots().getFirst();
    assertThat(timeline.boots()).hasSize(1);
    assertThat(boot.steps().getLast().after()).isEqualTo(Duration.ofSeconds(40));
    assertThat(boot.steps().getLast().entered()).isEmpty();
    assertThat(boot.seen()).isBefore(START.plusSeconds(40));
  }

  @Test
  void a_node_that_began_anew_after_a_refusal_still_has_that_cause() {
    List<BootEvent> events = with(loaded(), noFile(Refusal.NOT_FOUND));
    events.add(new BootEvent.AddressOffered(START.plusSeconds(40), MAC, ADDRESS, "PXEClient"));
    Diagnosis diagnosis = diagnose(events, 1);
    assertThat(diagnosis.stage()).isEqualTo(BootStage.DHCP);
    assertThat(diagnosis.finding().orElseThrow().symptom()).isEqualTo(Symptom.FILE_MISSING);
  }

  @Test
  void a_node_that_gets_further_than_before_has_been_mended() {
    List<BootEvent> events = new ArrayList<>(thrice(50, sent(20, BootFile.Role.KERNEL)));
    events.addAll(started().stream().map(event -> later(event, 200)).toList());
    events.add(mountedAt(221));
    assertThat(diagnose(events, 1).finding()).isEmpty();
  }

  @Test
  void a_node_switched_on_again_much_later_has_not_restarted_by_itself() {
    assertThat(diagnose(thrice(3600, mountedAt(20)), 1).finding()).isEmpty();
  }

  @Test
  void where_the_clock_was_set_back_nothing_was_silent() {
    assertThat(diagnose(addressed(0), -3600).silent()).isEqualTo(Duration.ZERO);
  }

  @Test
  void of_a_node_that_nobody_saw_nothing_can_be_said() {
    assertThatThrownBy(() -> Diagnosis.of(new BootTimeline(List.of()), START))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Diagnosis diagnose(List<BootEvent> events, int silent) {
    return Diagnosis.of(BootTimeline.of(MAC, events), events.getLast().at().plusSeconds(silent));
  }

  private static List<BootEvent> with(List<BootEvent> events, BootEvent... more) {
    List<BootEvent> all = new ArrayList<>(events);
    all.addAll(List.of(more));
    return all;
  }

  /** The boot up to {@code last}, three times, and the beginning of a fourth. */
  private static List<BootEvent> thrice(int seconds, BootEvent last) {
    List<BootEvent> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (BootEvent event : with(addressed(0), i < 3 ? new BootEvent[] {last} : none())) {
        all.add(later(event, i * seconds));
      }
    }
    return all;
  }

  private static BootEvent[] none() {
    return new BootEvent[0];
  }

  private static BootEvent later(BootEvent event, int seconds) {
    Instant at = event.at().plusSeconds(seconds);
    return switch (event) {
      case BootEvent.AddressOffered e ->
          new BootEvent.AddressOffered(at, e.mac(), e.address(), e.client());
      case BootEvent.AddressAcknowledged e ->
          new BootEvent.AddressAcknowledged(at, e.mac(), e.address(), e.name(), e.client());
      case BootEvent.FileSent e ->
          new BootEvent.FileSent(
              at, e.address(), e.carrier(), e.file(), e.role(), e.bytes(), e.took(), e.resent());
      case BootEvent.RootMounted e -> new BootEvent.RootMounted(at, e.address(), e.path());
      default -> throw new AssertionError(event);
    };
  }

  private static List<BootEvent> addressed(int second) {
    return List.of(
        offered(second),
        new BootEvent.AddressAcknowledged(
            at(second + 1), MAC, ADDRESS, new NodeName("krgnode101"), "PXEClient"));
  }

  private static List<BootEvent> loaded() {
    return with(addressed(0), sent(2, BootFile.Role.LOADER), sent(3, BootFile.Role.CONFIG));
  }

  private static List<BootEvent> kernelled() {
    return with(loaded(), sent(4, BootFile.Role.KERNEL), sent(5, BootFile.Role.INITRD));
  }

  private static List<BootEvent> started() {
    return with(
        kernelled(),
        new BootEvent.AddressAcknowledged(
            at(15), MAC, ADDRESS, new NodeName("krgnode101"), "Linux ipconfig"));
  }

  private static BootEvent offered(int second) {
    return new BootEvent.AddressOffered(at(second), MAC, ADDRESS, "PXEClient");
  }

  private static BootEvent mountedAt(int second) {
    return new BootEvent.RootMounted(at(second), ADDRESS, "/NFSROOT/kerrighed");
  }

  private static BootEvent firstRead(String init) {
    return new BootEvent.RootFirstRead(at(21), ADDRESS, init);
  }

  private static BootEvent initRead(String login) {
    return new BootEvent.InitRead(at(22), ADDRESS, "/sbin/init", login);
  }

  private static BootEvent noAddress(int second, Refusal why) {
    return new BootEvent.AddressRefused(at(second), MAC, why, "refused");
  }

  private static BootEvent noFile(Refusal why) {
    return new BootEvent.FileRefused(
        at(8), ADDRESS, BootEvent.Carrier.TFTP, "vmlinuz", why, "refused");
  }

  private static BootEvent noMount(Refusal why) {
    return new BootEvent.MountRefused(at(18), ADDRESS, "/NFSROOT/kerrighed", why, "refused");
  }

  private static BootEvent sent(int second, BootFile.Role role) {
    return new BootEvent.FileSent(
        at(second), ADDRESS, BootEvent.Carrier.TFTP, "file", role, 9, Duration.ofMillis(7), 0);
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }
}
