package org.krgboot.tftp;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.BootFile;
import org.krgboot.tftp.ReadTransfer.Effect;
import org.krgboot.tftp.ReadTransfer.Input;

/**
 * A transfer once its file is open: feeds packets and time to {@link ReadTransfer}, and does what
 * it says. Used on the transfer's loop only.
 */
final class Delivery implements ReadAhead.Listener {
  /** Who is told of the end. */
  interface Owner {
    void delivered(ReadTransfer.Outcome how);

    void failed(IOException why);

    /** A bug of ours; the transfer cannot go on. */
    void broken(Throwable bug);
  }

  private final Services services;
  private final Loop loop;
  private final TransferSocket socket;
  private final BootFile file;
  private final TransferPlan plan;
  private final Owner owner;
  private final ReadAhead ahead;
  private final WindowSender sender;
  private final Alarms.Alarm timer = new Alarms.Alarm(this::onTimer);
  private final ReadTransfer.Step begin;
  private ReadTransfer state;
  private Effect.@Nullable SendBlocks waitingForDisk;
  private long resent;

  Delivery(
      Services services,
      TransferSocket socket,
      BootFile file,
      TransferPlan plan,
      ReadMemory memory,
      Owner owner) {
    this.services = services;
    this.loop = socket.loop();
    this.socket = socket;
    this.file = file;
    this.plan = plan;
    this.owner = owner;
    ReadAhead.Threads threads = new ReadAhead.Threads(services.disk(), loop);
    this.ahead = new ReadAhead(file, plan, memory, threads, this);
    this.sender = new WindowSender(socket, plan, ahead, services.counters());
    this.begin = ReadTransfer.start(plan, Services.now());
    this.state = begin.next();
  }

  TransferPlan plan() {
    return plan;
  }

  BootFile file() {
    return file;
  }

  /** Blocks that were sent more than once. */
  long resent() {
    return resent;
  }

  void start() {
    perform(begin);
  }

  /** An ACK; without effect if it is of blocks that never left, as behind what the disk has. */
  void acked(int block) {
    boolean made =
        state instanceof ReadTransfer.AwaitingAck waiting
            && waiting.acked() + plan.rollOver().ahead(waiting.acked(), block) > sender.furthest();
    if (!made) {
      step(new Input.Acked(block));
    }
  }

  void step(Input input) {
    if (!(state instanceof ReadTransfer.Done)) {
      perform(ReadTransfer.step(state, input, Services.now()));
    }
  }

  private void perform(ReadTransfer.Step step) {
    state = step.next();
    for (Effect effect : step.effects()) {
      switch (effect) {
        case Effect.SendOptionAck() -> socket.tell(new TftpPacket.OptionAck(plan.granted()));
        case Effect.SendBlocks blocks -> send(blocks);
      }
    }
    switch (state) {
      case ReadTransfer.AwaitingOptionAck waiting -> arm(waiting.pace().deadline());
      case ReadTransfer.AwaitingAck waiting -> arm(waiting.pace().deadline());
      case ReadTransfer.Done(ReadTransfer.Outcome how) -> owner.delivered(how);
    }
  }

  /** The first block that the client may lack. */
  private long unacknowledged() {
    return state instanceof ReadTransfer.AwaitingAck waiting ? waiting.acked() + 1 : 1;
  }

  private void send(Effect.SendBlocks blocks) {
    long unacknowledged = unacknowledged();
    long first = Math.max(blocks.first(), unacknowledged); // an ACK may have come meanwhile
    if (ahead.provide(unacknowledged, first, blocks.last())) {
      waitingForDisk = null;
      resent += blocks.again();
      services.counters().resent.add(blocks.again());
      sender.send(first, blocks.last());
    } else {
      waitingForDisk = blocks;
    }
  }

  @Override
  public void loaded() {
    Effect.SendBlocks late = waitingForDisk;
    if (late != null) {
      guarded(() -> {
        send(late);
        if (waitingForDisk == null) {
          step(new Input.SentLate());
        }
      });
    }
  }

  @Override
  public void failed(IOException why) {
    owner.failed(why);
  }

  /** There is room to send again. */
  void goOn() {
    sender.goOn(unacknowledged());
  }

  /** Keeps one timer, not later than the deadline; early ones find nothing to do and go on. */
  private void arm(Instant deadline) {
    long at = Services.nanoTime(deadline);
    if (!timer.isSet() || at - timer.at() < 0) {
      loop.ringAt(timer, at);
    }
  }

  private void onTimer() {
    // Waiting for the disk is our own delay, not the client's: once the blocks leave, the deadline
    // is set anew.
    if (waitingForDisk == null) {
      guarded(() -> step(new Input.TimePassed()));
    }
  }

  /** What the socket's owner does not see fail. */
  private void guarded(Runnable turn) {
    try {
      turn.run();
    } catch (RuntimeException | Error bug) {
      owner.broken(bug);
    }
  }

  /** Lets go of the file and of what is held of it. */
  void close() {
    loop.cancel(timer);
    ahead.close();
  }
}
