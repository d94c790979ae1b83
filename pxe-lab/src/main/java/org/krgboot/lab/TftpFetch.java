package org.krgboot.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * One file fetched by TFTP as a node would, with options and on a network that loses packets. Not
 * made of the server's code: what both got wrong would not show. Never waits: {@link TftpLoad} says
 * when something came or the time is up.
 */
final class TftpFetch implements AutoCloseable {
  private static final int RRQ = 1;
  private static final int DATA = 3;
  private static final int ACK = 4;
  private static final int ERROR = 5;
  private static final int OACK = 6;
  private static final int STANDARD_BLOCK = 512;

  /** Enough for a window of 64 that arrives at once, as a boot loader's network card has it. */
  private static final int RECEIVE_BUFFER = 1 << 20;

  /**
   * How it went.
   *
   * @param nanos from the first request to the last block
   * @param requests sent, the first among them
   * @param waits in vain, each for the client's whole pause
   * @param again blocks that came more than once
   */
  record Result(long bytes, long nanos, String sha256, int requests, int waits, long again) {}

  /** Where packets are read to; one for all clients of a thread. */
  static final class Memory {
    private static final int LONGEST = 65_535;
    private final ByteBuffer direct = ByteBuffer.allocateDirect(LONGEST);
    private final byte[] bytes = new byte[LONGEST];
  }

  private final DatagramChannel channel;
  private final TftpLoad.Wish wish;
  private final Random random;
  private final MessageDigest digest;
  private final byte[] buffer;
  private final ByteBuffer received;
  private final ByteBuffer ack = ByteBuffer.allocateDirect(4);
  private final long began;
  private long deadline;
  private int inVain;
  private boolean peerKnown;
  private int blockSize = STANDARD_BLOCK;
  private int window = 1;
  private long last;
  private long bytes;
  private int unacknowledged;
  private boolean gapTold;
  private boolean told;
  private int requests;
  private int waits;
  private long again;

  private TftpFetch(DatagramChannel channel, TftpLoad.Wish wish, long seed, Memory memory) {
    this.channel = channel;
    this.wish = wish;
    this.random = new Random(seed);
    this.buffer = memory.bytes;
    this.received = memory.direct;
    this.began = System.nanoTime();
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Asks for the file. */
  static TftpFetch start(TftpLoad.Wish wish, long seed, Memory memory) throws IOException {
    DatagramChannel channel =
        DatagramChannel.open(StandardProtocolFamily.INET); // IPv6 costs each packet a little
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      channel.bind(null).configureBlocking(false);
      TftpFetch fetch = new TftpFetch(channel, wish, seed, memory);
      fetch.request();
      fetch.waitAgain();
      return fetch;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  DatagramChannel channel() {
    return channel;
  }

  /** When {@link #timeIsUp} wants to be called, as {@link System#nanoTime} counts. */
  long deadline() {
    return deadline;
  }

  Result result() {
    return new Result(
        bytes,
        System.nanoTime() - began,
        HexFormat.of().formatHex(digest.digest()),
        requests,
        waits,
        again);
  }

  /**
   * Takes in what came, up to the next answer of ours.
   *
   * @return whether that was the end of the file
   * @throws IOException if the server refuses
   */
  boolean readable() throws IOException {
    told = false;
    boolean done = false;
    for (int length = read(); length >= 0 && !done; length = told || done ? -1 : read()) {
      if (random.nextDouble() * 100 < wish.lossPercent()) {
        continue;
      }
      long before = last;
      done = take(length);
      if (last > before) {
        inVain = 0;
      }
      waitAgain();
    }
    return done;
  }

  /** The length of the next packet; -1 if there is none. */
  private int read() throws IOException {
    received.clear();
    if (peerKnown) {
      if (channel.read(received) <= 0) {
        return -1;
      }
    } else {
      InetSocketAddress from = (InetSocketAddress) channel.receive(received);
      if (from == null) {
        return -1;
      }
      // The transfer's own port. Connected, the kernel need not look the way up for each packet.
      channel.connect(from);
      peerKnown = true;
    }
    received.flip();
    int length = received.remaining();
    received.get(buffer, 0, length);
    return length;
  }

  /**
   * Nothing came for the client's pause.
   *
   * @throws IOException if that was one time too many; the message says how many
   */
  void timeIsUp() throws IOException {
    waits++;
    if (++inVain > wish.tries()) {
      throw new IOException("nothing came " + inVain + " times, after " + bytes + " bytes");
    }
    repeat();
    waitAgain();
  }

  private void waitAgain() {
    deadline = System.nanoTime() + wish.pause().toNanos();
  }

  /** Takes in what lies in the buffer; whether that was the end. */
  private boolean take(int length) throws IOException {
    return switch (length < 4 ? 0 : number(0)) {
      case OACK -> {
        if (last == 0) {
          granted(length);
          acknowledge();
        }
        yield false;
      }
      case DATA -> block(number(2), length - 4);
      case ERROR ->
          throw new IOException(
              "error "
                  + number(2)
                  + ": "
                  + new String(buffer, 4, length - 4, StandardCharsets.UTF_8).replace("\0", ""));
      default -> throw new IOException("a packet that is no answer");
    };
  }

  private int number(int at) {
    return (buffer[at] & 0xff) << 8 | (buffer[at + 1] & 0xff);
  }

  private void granted(int length) {
    String[] words = new String(buffer, 2, length - 2, StandardCharsets.US_ASCII).split("\0", -1);
    for (int i = 0; i + 1 < words.length; i += 2) {
      switch (words[i]) {
        case "blksize" -> blockSize = Integer.parseInt(words[i + 1]);
        case "windowsize" -> window = Integer.parseInt(words[i + 1]);
        default -> {} // tsize: for information
      }
    }
  }

  private boolean block(int wire, int length) throws IOException {
    int ahead = (wire - (int) last) & 0xffff;
    if (ahead == 1) {
      last++;
      bytes += length;
      digest.update(buffer, 4, length);
      gapTold = false;
      boolean end = length < blockSize;
      if (end) {
        acknowledge(0);
      } else if (++unacknowledged >= window) {
        acknowledge();
      }
      return end;
    }
    boolean behind = ahead == 0 || ahead > 0x8000;
    again += behind ? 1 : 0;
    // What comes twice says that our ACK was lost; a gap is told once, RFC 7440 section 4.
    if (behind ? ahead == 0 : !gapTold) {
      gapTold = !behind;
      acknowledge();
    }
    return false;
  }

  private void acknowledge() throws IOException {
    acknowledge(wish.lossPercent());
  }

  private void acknowledge(double lossPercent) throws IOException {
    unacknowledged = 0;
    told = true;
    if (random.nextDouble() * 100 >= lossPercent) {
      ack.clear();
      ack.putShort((short) ACK).putShort((short) last).flip();
      channel.write(ack);
    }
  }

  private void repeat() throws IOException {
    gapTold = false;
    if (peerKnown) {
      acknowledge();
    } else {
      request();
    }
  }

  private void request() throws IOException {
    requests++;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.write(RRQ);
    word(out, wish.file());
    word(out, "octet");
    word(out, "tsize");
    word(out, "0");
    word(out, "blksize");
    word(out, Integer.toString(wish.blockSize()));
    if (wish.window() > 1) {
      word(out, "windowsize");
      word(out, Integer.toString(wish.window()));
    }
    channel.send(ByteBuffer.wrap(out.toByteArray()), wish.server());
  }

  private static void word(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write(0);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
