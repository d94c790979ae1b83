package org.krgboot.tftp;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Poller;
import org.krgboot.linux.UdpSockets;
import org.krgboot.tftp.TftpPacket.ErrorCode;

/**
 * The socket of one transfer. It is connected to the client, so the kernel looks up the way only
 * once, and refuses strangers' packets itself. Used on its loop only.
 */
final class TransferSocket implements WindowSender.Datagrams {
  private final Loop loop;
  private final int descriptor;
  private final int place;
  private final Counters counters;
  private boolean awaitsRoom;

  /**
   * Begins to listen.
   *
   * @param descriptor closed with this, or if this fails
   */
  TransferSocket(Loop loop, int descriptor, Loop.Socket owner, Counters counters)
      throws LinuxException {
    this.loop = loop;
    this.descriptor = descriptor;
    this.counters = counters;
    try {
      this.place = loop.add(descriptor, owner);
    } catch (LinuxException e) {
      FileCalls.close(descriptor);
      throw e;
    }
  }

  Loop loop() {
    return loop;
  }

  /** The next datagram; null if there is none. What the network says of ours is only counted. */
  @Nullable ByteBuffer receive() {
    try {
      int length = UdpSockets.receive(descriptor, loop.in());
      return length == UdpSockets.WOULD_BLOCK ? null : loop.received(length);
    } catch (LinuxException e) {
      counters.sendErrors.increment(); // an ICMP error; silence decides
      return null;
    }
  }

  /** False if there is no room: the owner is told as soon as there is. */
  @Override
  public boolean send(MemorySegment from, long offset, int length) throws LinuxException {
    if (UdpSockets.send(descriptor, from, offset, length) != UdpSockets.WOULD_BLOCK) {
      return true;
    }
    awaitsRoom = true;
    loop.change(descriptor, Poller.IN | Poller.OUT, place);
    return false;
  }

  /** Whether there is room again that had to be waited for. */
  boolean hasRoomAgain(int events) {
    if (!awaitsRoom || (events & Poller.OUT) == 0) {
      return false;
    }
    awaitsRoom = false;
    try {
      loop.change(descriptor, Poller.IN, place);
    } catch (LinuxException e) {
      counters.sendErrors.increment();
    }
    return true;
  }

  void tell(TftpPacket.OptionAck answer) {
    ByteBuffer out = loop.outBytes();
    TftpCodec.encode(answer, out);
    sendSmall(out.position());
  }

  void tell(ErrorCode code, String message) {
    ByteBuffer out = loop.outBytes();
    TftpCodec.encode(code, message, out);
    sendSmall(out.position());
  }

  /** What is lost is sent again after a while, as if the network had lost it. */
  private void sendSmall(int length) {
    try {
      if (UdpSockets.send(descriptor, loop.out(), 0, length) == UdpSockets.WOULD_BLOCK) {
        counters.sendErrors.increment();
      }
    } catch (LinuxException e) {
      counters.sendErrors.increment();
    }
  }

  /** Makes the kernel cut what is longer into datagrams of that length; 0 ends it. */
  @Override
  public boolean cutInto(int octets) {
    try {
      UdpSockets.segment(descriptor, octets);
      return true;
    } catch (LinuxException e) {
      return false; // before Linux 4.18
    }
  }

  void close() {
    loop.remove(descriptor, place);
  }
}
