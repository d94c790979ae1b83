package org.krgboot.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.krgboot.model.BootEvent.Refusal;

/**
 * The table of what goes wrong in a boot: where it shows, what most likely causes it, what mends
 * it. The order matters: the first row that fits is told.
 */
public enum Symptom {
  UNKNOWN_NODE(
      "krgboot serves only the nodes of its configuration, and this is none of them",
      "krgboot approve MAC --as NAME; or set dhcp.admission = \"open\" and krgboot reload",
      refusedAddress(Refusal.UNKNOWN_NODE)),
  NOT_APPROVED(
      "the node is new here, and waits until somebody approves it",
      "krgboot approve MAC --as NAME, or krgboot reject MAC; krgboot nodes --waiting shows all",
      refusedAddress(Refusal.NOT_APPROVED)),
  REJECTED(
      "somebody rejected this node",
      "krgboot approve MAC, if that was a mistake",
      refusedAddress(Refusal.REJECTED)),
  FENCED(
      "somebody has fenced this node: it gets no address, no boot file and nothing of its root",
      "krgboot unfence NODE, once it may have them again",
      trouble(Symptom::isFence)),
  NO_FREE_ADDRESS(
      "all addresses that this node may have are taken",
      "widen dhcp.range, or shorten dhcp.lease-time; krgboot leases shows who has them",
      refusedAddress(Refusal.NO_FREE_ADDRESS)),
  OTHER_NETWORK(
      "the node is on a network that the configuration does not name",
      "add a [[dhcp.network]] with the subnet behind that relay",
      refusedAddress(Refusal.OTHER_NETWORK)),
  ADDRESS_TAKEN(
      "another machine uses the address that the node was given",
      "find that machine (ip neigh, arping) and give it another address; krgboot leaves this one"
          + " out for a while and gives the node the next",
      trouble(event ->
          event instanceof BootEvent.AddressReturned back
              && back.why() == BootEvent.GivenBack.DECLINED)),
  TOOK_ANOTHER_OFFER(
      "another DHCP server gave it its address, and so says what it boots",
      "stop that server, or set dhcp.mode = \"proxy\" to leave the addresses to it; krgboot check"
          + " names every server that answers",
      trouble(event -> event instanceof BootEvent.OtherOfferTaken)),
  ASKS_FOR_ANOTHER_SERVERS_ADDRESS(
      "the node keeps an address from somewhere else: a second DHCP server answers it",
      "run krgboot check, which names other DHCP servers; stop that one, or set dhcp.mode ="
          + " \"proxy\"",
      evidence ->
          refusedAddress(Refusal.OTHER_ADDRESS)
              .apply(evidence)
              .filter(_ -> evidence.trouble().orElseThrow().times() > 2)),
  NFS_VERSION(
      "the node's kernel asks for an older version of NFS than 3",
      "add v3,tcp to nfsroot= (nfsroot=SERVER:/PATH,v3,tcp) in the boot configuration that it uses",
      refusedMount(Refusal.NFS_VERSION)),
  NOT_EXPORTED(
      "the path that it asks for is not exported, or not to this node",
      "compare nfsroot= of the node (krgboot show NODE pxelinux) with nfs.root and the exports file;"
          + " krgboot reload reads that again",
      refusedMount(Refusal.FORBIDDEN)),
  NO_SUCH_ROOT(
      "the node root is not where the node asks for it",
      "build it (krgboot root build), or name the right directory in nfs.root",
      refusedMount(Refusal.NOT_FOUND)),
  FILE_FORBIDDEN(
      "a boot file is there, and the server may not read or give it",
      "make it readable (chmod a+r), a regular file, and no link that leads out of its directory",
      refusedFile(Refusal.FORBIDDEN)),
  FILE_MISSING(
      "a boot file that the node asks for is not there",
      "put it below tftp.root, or name the right one: krgboot check says which boot files are"
          + " missing and which package has them, krgboot show NODE pxelinux what the node is told",
      refusedFile(Refusal.NOT_FOUND)),
  NOTHING_TO_BOOT(
      "there is no kernel for it, or its command line is longer than a kernel takes",
      "a kernel comes with krgboot root build or krgboot kernel publish; krgboot check says what"
          + " nodes would boot",
      refusedFile(Refusal.NOTHING_TO_BOOT)),
  FILE_UNREADABLE(
      "the server could not read a boot file",
      "look at the disk: the log (journalctl -u krgboot) has the error",
      refusedFile(Refusal.FAILED)),
  NO_ANSWERS_TO_BLOCKS(
      "the node asked for a file and then answered no more: blocks are lost on the way, often"
          + " because they are larger than the network takes",
      "set tftp.max-block-size = 512 and try again; then look for a smaller MTU, a firewall or a"
          + " bad cable between here and the node",
      refusedFile(Refusal.NODE_SILENT)),
  NODE_BROKE_OFF(
      "the node broke off the transfer itself",
      "its screen has the reason; not enough memory for kernel and initrd is the most common",
      refusedFile(Refusal.NODE_ENDED)),
  WAITS_FOR_ITS_TURN(
      "more nodes boot at once than may fetch files at the same time",
      "it goes on by itself; raise tftp.max-transfers if this lasts",
      refusedFile(Refusal.BUSY)),
  NO_INIT(
      "the root that it mounted has no init",
      "mount the right directory (nfs.root, nfsroot=), or make the root anew (krgboot root build);"
          + " krgboot check looks for init in it",
      trouble(event -> event instanceof BootEvent.InitNotFound)),
  OTHER_TROUBLE(
      "a server refused it",
      "the evidence says why",
      trouble(event -> !(event instanceof BootEvent.AddressReturned) && !isNak(event))),
  RESTARTS_WITH_A_ROOT(
      "it mounts its root and restarts: no init there, or init or the kernel gives up",
      "krgboot check; then its console, for example with boot.serial and a serial line",
      restartsFrom(BootStage.MOUNTED, BootStage.READING, BootStage.INIT)),
  RESTARTS_WITH_A_KERNEL(
      "its kernel starts and gives up before it mounts the root",
      "its console has the reason: usually no driver for its network card in the initrd"
          + " (krgboot check), no NFS in the kernel, or a wrong root= or nfsroot=",
      restartsFrom(BootStage.KERNEL, BootStage.STARTING)),
  RESTARTS_BEFORE_A_KERNEL(
      "its firmware begins again and again without getting to a kernel",
      "its screen has the reason; krgboot show NODE pxelinux|ipxe|grub is what it is told",
      restartsFrom(BootStage.DHCP, BootStage.LOADER)),
  TAKES_NO_OFFER(
      "it is offered addresses and takes none: our answers do not reach it, or it takes another"
          + " server's",
      "krgboot check names other DHCP servers; on the switch, let its port forward at once (portfast);"
          + " dhcp.reply = \"broadcast\" helps firmware that hears no unicast",
      evidence ->
          when(
              evidence.at(BootStage.DHCP) && !evidence.hasTakenAnAddress() && evidence.offers() > 2,
              "offered " + evidence.offers() + " times, never taken")),
  ASKS_FOR_NO_FILE(
      "it has an address and asks for no boot file: it starts from somewhere else, or TFTP does not"
          + " reach us",
      "put the network before the disk in its boot order; let UDP port 69 and the replies through any"
          + " firewall",
      evidence ->
          when(
              evidence.at(BootStage.DHCP) && evidence.hasTakenAnAddress() && evidence.silentFor(20),
              "address taken, nothing asked for since")),
  ASKS_FOR_NO_KERNEL(
      "its boot loader has its configuration and asks for no kernel: it waits at a menu or prompt, or"
          + " boots from its disk",
      "look at its screen; krgboot show NODE pxelinux|ipxe|grub is what it was told",
      silentAt(BootStage.LOADER, 60)),
  KERNEL_IS_SILENT(
      "kernel and initrd are there, and no kernel has asked for an address since",
      "its console has the reason: no driver for its network card, no ip=dhcp on the command line, a"
          + " kernel for another processor, or not enough memory",
      silentAt(BootStage.KERNEL, 90)),
  DOES_NOT_MOUNT(
      "its kernel has an address and does not ask for its root",
      "its console has the reason: no NFS in kernel or initrd, no root=/dev/nfs, or a firewall before"
          + " the ports 111, 627 and 2049",
      silentAt(BootStage.STARTING, 60)),
  DOES_NOT_READ(
      "it has mounted its root and reads nothing: MOUNT reaches us, NFS does not",
      "let TCP and UDP port 2049 (nfs.port) through any firewall",
      silentAt(BootStage.MOUNTED, 60)),
  STARTS_NO_INIT(
      "it reads from its root and has not started init: its initrd waits for something, or its"
          + " command line names another init",
      "look at its console; boot.append should have no init=",
      waitsFor(BootStage.READING, 120)),
  NOBODY_CAN_LOG_IN(
      "init runs and has started nothing that lets people log in: it waits for a service, or"
          + " gave up",
      "look at its console, for example with boot.serial and a serial line",
      waitsFor(BootStage.INIT, 300));

  private final String cause;
  private final String remedy;

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final Function<BootEvidence, Optional<String>> test;

  Symptom(String cause, String remedy, Function<BootEvidence, Optional<String>> test) {
    this.cause = cause;
    this.remedy = remedy;
    this.test = test;
  }

  /** What most likely is wrong: a clause. */
  public String cause() {
    return cause;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }

  /** What fits this row, in words; empty if nothing does. */
  Optional<String> seenIn(BootEvidence evidence) {
    return test.apply(evidence);
  }

  private static boolean isFence(BootEvent event) {
    return switch (event) {
      case BootEvent.AddressRefused e -> e.why() == Refusal.FENCED;
      case BootEvent.FileRefused e -> e.why() == Refusal.FENCED;
      case BootEvent.MountRefused e -> e.why() == Refusal.FENCED;
      case BootEvent.AddressOffered _,
          BootEvent.AddressAcknowledged _,
          BootEvent.AddressReturned _,
          BootEvent.OtherOfferTaken _,
          BootEvent.FileSent _,
          BootEvent.RootMounted _,
          BootEvent.RootFirstRead _,
          BootEvent.InitNotFound _,
          BootEvent.InitRead _,
          BootEvent.LoginStarted _,
          BootEvent.NodeOrdered _,
          BootEvent.ConfigurationRead _ ->
          false;
    };
  }

  private static boolean isNak(BootEvent event) {
    return event instanceof BootEvent.AddressRefused refused
        && refused.why() == Refusal.OTHER_ADDRESS;
  }

  private static Function<BootEvidence, Optional<String>> refusedAddress(Refusal why) {
    return trouble(event -> event instanceof BootEvent.AddressRefused e && e.why() == why);
  }

  private static Function<BootEvidence, Optional<String>> refusedFile(Refusal why) {
    return trouble(event -> event instanceof BootEvent.FileRefused e && e.why() == why);
  }

  private static Function<BootEvidence, Optional<String>> refusedMount(Refusal why) {
    return trouble(event -> event instanceof BootEvent.MountRefused e && e.why() == why);
  }

  private static Function<BootEvidence, Optional<String>> trouble(Predicate<BootEvent> wanted) {
    return evidence ->
        evidence.trouble().filter(step -> wanted.test(step.event())).map(Symptom::told);
  }

  private static String told(BootTimeline.Step step) {
    String what =
        switch (step.event()) {
          case BootEvent.AddressRefused e -> "dhcp: " + e.reason();
          case BootEvent.AddressReturned e -> "dhcp: " + e.address() + " " + e.how();
          case BootEvent.OtherOfferTaken e -> "dhcp: took the offer of " + e.server();
          case BootEvent.InitNotFound e -> "nfs: looked for init in " + e.path() + " in vain";
          case BootEvent.FileRefused e -> e.file() + ": " + e.reason();
          case BootEvent.MountRefused e ->
              e.path().isEmpty() ? e.reason() : e.path() + ": " + e.reason();
          case BootEvent.AddressOffered _,
              BootEvent.AddressAcknowledged _,
              BootEvent.FileSent _,
              BootEvent.RootMounted _,
              BootEvent.RootFirstRead _,
              BootEvent.InitRead _,
              BootEvent.LoginStarted _,
              BootEvent.NodeOrdered _,
              BootEvent.ConfigurationRead _ ->
              "";
        };
    return step.times() > 1 ? what + " (" + step.times() + " times)" : what;
  }

  private static Function<BootEvidence, Optional<String>> restartsFrom(BootStage... stages) {
    return evidence -> {
      if (evidence.restarts().size() < 2) {
        return Optional.empty();
      }
      BootStage stage = evidence.restarts().getFirst().progress().stage();
      return when(
          List.of(stages).contains(stage),
          "began anew " + evidence.restarts().size() + " times, each time at: " + stage.meaning());
    };
  }

  private static Function<BootEvidence, Optional<String>> silentAt(BootStage stage, int seconds) {
    return evidence ->
        when(
            evidence.at(stage) && evidence.silentFor(seconds),
            stage.meaning() + ", and nothing since");
  }

  /** Only where it is known what comes next: some roots have an init that nobody could foresee. */
  private static Function<BootEvidence, Optional<String>> waitsFor(BootStage stage, int seconds) {
    return evidence ->
        evidence
            .startsNext()
            .filter(_ -> evidence.at(stage) && evidence.silentFor(seconds))
            .map(next -> stage.meaning() + ", and has not read " + next + " since");
  }

  private static Optional<String> when(boolean holds, String evidence) {
    return holds ? Optional.of(evidence) : Optional.empty();
  }
}
