package org.krgboot.nfs;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the program of a call and sees that every call gets an answer, whatever happens. */
final class Dispatcher {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private static final int LAST_FRAGMENT = 0x8000_0000;

  private final String name;
  private final List<RpcProgram> programs;
  private final Counters counters;
  private final LongAdder notCached;
  private final Throttle faults;

  /**
   * Serves these programs on one port.
   *
   * @param name of the port, for counters
   */
  Dispatcher(String name, List<RpcProgram> programs, Counters counters) {
    this.name = name;
    this.programs = List.copyOf(programs);
    this.counters = counters;
    this.notCached = counters.of(name + ".not-cached");
    this.faults = new Throttle();
    counters.of(name + ".malformed");
  }

  String name() {
    return name;
  }

  /** Whether answering this message may wait for a disk. Only a guess if it is no call of ours. */
  boolean waitsForDisk(ByteBuffer message) {
    int start = message.position();
    if (message.remaining() < RpcMessage.HEAD) {
      return false;
    }
    RpcProgram program = programOf(message.getInt(start + RpcMessage.PROGRAM_AT));
    return program != null
        && program.waitsForDisk(message.getInt(start + RpcMessage.PROCEDURE_AT), message);
  }

  /**
   * As {@link #answerRecord}, if no disk has to be waited for; else it does nothing.
   *
   * @return false if one has
   */
  boolean answerRecordNow(ByteBuffer message, Peer peer, XdrWriter out) {
    if (waitsForDisk(message)) {
      return false;
    }
    int start = message.position();
    try {
      answerRecord(message, peer, Disk.CACHED_ONLY, out);
      return true;
    } catch (NotCachedException e) {
      notCached.increment();
      message.position(start);
      return false;
    }
  }

  /** As {@link #answer}, as a record of one fragment, RFC 5531 section 11. */
  void answerRecord(ByteBuffer message, Peer peer, Disk disk, XdrWriter out) {
    int mark = out.position();
    out.u32(0);
    try {
      answer(message, peer, disk, out);
    } catch (BufferPool.ExhaustedException | NotCachedException e) {
      out.rewind(mark);
      throw e;
    }
    int length = out.length() - mark - 4;
    if (length == 0) {
      out.rewind(mark);
    } else {
      out.patch(mark, LAST_FRAGMENT | length);
    }
  }

  /**
   * Answers one message; writes nothing if it is no call.
   *
   * @throws MalformedException if the message cannot be answered, since its head is not a call's;
   *     its sender should not be left to wait
   */
  void answer(ByteBuffer message, Peer peer, Disk disk, XdrWriter out) {
    XdrReader in = new XdrReader(message);
    switch (RpcMessage.decode(in)) {
      case RpcMessage.Call call -> dispatch(call, peer, disk, in, out);
      case RpcMessage.Denied denied -> {
        counters.count(name + ".denied");
        RpcReply.denied(out, denied);
      }
      case RpcMessage.Ignored() -> counters.count(name + ".malformed");
    }
  }

  private void dispatch(RpcMessage.Call call, Peer peer, Disk disk, XdrReader in, XdrWriter out) {
    RpcProgram program = programOf(call.program());
    if (program == null) {
      RpcReply.accepted(out, call.xid(), RpcReply.Status.PROGRAM_UNAVAILABLE);
    } else if (!program.serves(call.version())) {
      program.versionRefused(peer, call.version());
      RpcReply.versionMismatch(out, call.xid(), program.lowestVersion(), program.highestVersion());
    } else {
      run(program, call, peer, disk, in, out);
    }
  }

  private void run(
      RpcProgram program, RpcMessage.Call call, Peer peer, Disk disk, XdrReader in, XdrWriter out) {
    int start = out.position();
    RpcReply.Status failure;
    try {
      RpcReply.accepted(out, call.xid(), RpcReply.Status.SUCCESS);
      if (program.answer(call, peer, disk, in, out)) {
        return;
      }
      failure = RpcReply.Status.PROCEDURE_UNAVAILABLE;
    } catch (MalformedException e) {
      counters.count(program.name() + ".malformed");
      failure = RpcReply.Status.GARBAGE_ARGUMENTS;
    } catch (UnansweredException e) {
      counters.count(program.name() + ".unanswered");
      out.rewind(start);
      return;
    } catch (BufferPool.ExhaustedException | NotCachedException e) {
      throw e; // there is no room even for the refusal, or it is to be done later
    } catch (Throwable e) { // an OutOfMemoryError too: one call fails, the connection goes on
      counters.count(program.name() + ".faults");
      faults.run(() -> log.error("{} procedure {} failed", program.name(), call.procedure(), e));
      failure = RpcReply.Status.SYSTEM_ERROR;
    }
    out.rewind(start);
    RpcReply.accepted(out, call.xid(), failure);
  }

  private @Nullable RpcProgram programOf(int number) {
    for (RpcProgram program : programs) {
      if (program.number() == number) {
        return program;
      }
    }
    return null;
  }
}
