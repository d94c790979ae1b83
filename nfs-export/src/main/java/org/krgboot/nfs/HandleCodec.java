package org.krgboot.nfs;

import java.nio.ByteBuffer;

/**
 * File handles: {@code version(1) zero(1) view(2) export(4) kernel-handle(n) code(8)}. The code is
 * keyed, so that nobody can make up a handle: opening by kernel handle reaches any file of the file
 * system. The view is 0 today; it is kept for layers of a node's own.
 */
final class HandleCodec {
  private static final byte VERSION = 1;
  private static final int HEAD = 8;
  private static final int CODE = 8;

  /** The longest kernel handle that fits. */
  static final int MAX_KERNEL_HANDLE = WireHandle.MAX - HEAD - CODE;

  /** What a handle of ours says. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Decoded(int export, byte[] kernelHandle) {}

  private final SipHash mac;

  HandleCodec(byte[] key) {
    mac = new SipHash(key);
  }

  /** The handle of a file; SERVERFAULT if the file system's own handle is too long for NFSv3. */
  WireHandle encode(int export, byte[] kernelHandle) throws NfsException {
    if (kernelHandle.length > MAX_KERNEL_HANDLE) {
      throw new NfsException(NfsStatus.SERVERFAULT);
    }
    int signed = HEAD + kernelHandle.length;
    ByteBuffer out = ByteBuffer.allocate(signed + CODE);
    out.put(VERSION).put((byte) 0).putShort((short) 0).putInt(export).put(kernelHandle);
    out.putLong(mac.of(out.array(), signed));
    return new WireHandle(out.array());
  }

  /** What the handle says; BADHANDLE if it is none of ours. */
  Decoded decode(WireHandle handle) throws NfsException {
    byte[] bytes = handle.bytes();
    int signed = bytes.length - CODE;
    if (signed <= HEAD || bytes[0] != VERSION) {
      throw new NfsException(NfsStatus.BADHANDLE);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getLong(signed) != mac.of(bytes, signed) || bytes[1] != 0 || in.getShort(2) != 0) {
      throw new NfsException(NfsStatus.BADHANDLE);
    }
    byte[] kernelHandle = new byte[signed - HEAD];
    in.get(HEAD, kernelHandle);
    return new Decoded(in.getInt(4), kernelHandle);
  }
}
