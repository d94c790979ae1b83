package org.krgboot.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * One file fetched by TFTP as a node would, with options and on a network that loses packets. Not
 * made of the server's code: what both got wrong would not show.
 */
final class TftpFetch {
  private static final int RRQ = 1;
  private static final int DATA = 3;
  private static final int ACK = 4;
  private static final int ERROR = 5;
  private static final int OACK = 6;
  private static final int STANDARD_BLOCK = 512;
  private static final int LONGEST = 65_535;

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

  private final DatagramSocket socket;
  private final TftpLoad.Wish wish;
  private final Random random;
  private final MessageDigest digest;
  private final byte[] buffer = new byte[LONGEST];
  private final DatagramPacket received = new DatagramPacket(buffer, buffer.length);
  private final byte[] ackBytes = {0, ACK, 0, 0};
  private InetSocketAddress peer;
  private int blockSize = STANDARD_BLOCK;
  private int window = 1;
  private long last;
  private long bytes;
  private int unacknowledged;
  private boolean gapTold;
  private int requests;
  private int waits;
  private long again;

  private TftpFetch(DatagramSocket socket, TftpLoad.Wish wish, long seed) {
    this.socket = socket;
    this.wish = wish;
    this.random = new Random(seed);
    this.peer = wish.server();
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /**
   * Fetches the file.
   *
   * @throws IOException if the server refuses or is silent for too long; the message says which
   */
  static Result run(TftpLoad.Wish wish, long seed) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(null)) {
      socket.setReceiveBufferSize(RECEIVE_BUFFER);
      socket.bind(null);
      socket.setSoTimeout((int) wish.pause().toMillis());
      return new TftpFetch(socket, wish, seed).fetch();
    }
  }

  private Result fetch() throws IOException {
    long began = System.nanoTime();
    request();
    int inVain = 0;
    boolean done = false;
    while (!done) {
      try {
        received.setLength(buffer.length);
        socket.receive(received);
      } catch (SocketTimeoutException e) {
        waits++;
        if (++inVain > wish.tries()) {
          throw new IOException("nothing came " + inVain + " times, after " + bytes + " bytes", e);
        }
        repeat();
        continue;
      }
      if (random.nextDouble() * 100 < wish.lossPercent()) {
        continue;
      }
      long before = last;
      done = take(received.getLength());
      inVain = last > before ? 0 : inVain;
    }
    return new Result(
        bytes,
        System.nanoTime() - began,
        HexFormat.of().formatHex(digest.digest()),
        requests,
        waits,
        again);
  }

  /** Takes in what lies in the buffer; whether that was the end. */
  private boolean take(int length) throws IOException {
    int opcode = length < 4 ? 0 : number(0);
    if (peer.getPort() == wish.server().getPort() && opcode != ERROR) {
      peer = (InetSocketAddress) received.getSocketAddress();
    }
    return switch (opcode) {
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
      default -> throw new IOException("a packet that is no answer: operation " + opcode);
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
    if (random.nextDouble() * 100 >= lossPercent) {
      ackBytes[2] = (byte) (last >> 8);
      ackBytes[3] = (byte) last;
      socket.send(new DatagramPacket(ackBytes, ackBytes.length, peer));
    }
  }

  private void repeat() throws IOException {
    gapTold = false;
    if (peer.getPort() == wish.server().getPort()) {
      request();
    } else {
      acknowledge();
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
    socket.send(new DatagramPacket(out.toByteArray(), out.size(), wish.server()));
  }

  private static void word(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write(0);
  }
}
