import java.io.IOException;
import java.nio.ByteBuffer;

/** What one connection asks for, again and again. */
abstract class Load {
  /** Bytes of a reply before its result, when all is well. */
  static final int RPC_HEAD = 24;

  /** The next call of this slot, whole; its xid is set by the connection. */
  abstract ByteBuffer next(int slot);

  /** How many bytes of a reply are looked at; the rest is only counted. */
  int wanted(int length) {
    return Math.min(length, RPC_HEAD + 4);
  }

  /** Units of work (bytes, calls or entries) that this reply stands for. */
  abstract long take(int slot, ByteBuffer head, int length) throws IOException;

  static void mustBeOk(ByteBuffer head) throws IOException {
    if (head.getInt(4) != 1 || head.getInt(8) != 0 || head.getInt(20) != 0 || head.getInt(24) != 0) {
      throw new IOException("refused: accept_stat " + head.getInt(20) + ", status " + head.getInt(24));
    }
  }

  /** The same call again and again. */
  static Load same(int slots, java.util.function.Supplier<ByteBuffer> call) {
    ByteBuffer[] calls = new ByteBuffer[slots];
    for (int i = 0; i < slots; i++) {
      calls[i] = call.get();
    }
    return new Load() {
      @Override
      ByteBuffer next(int slot) {
        return calls[slot];
      }

      @Override
      long take(int slot, ByteBuffer head, int length) throws IOException {
        mustBeOk(head);
        return 1;
      }
    };
  }

  /** READs one after the other through a file, from the start again at its end. */
  static Load reading(int slots, byte[] file, int count, long size, long start) {
    Load calls = same(slots, () -> Calls.read(file, count));
    return new Load() {
      private long offset = start;

      @Override
      ByteBuffer next(int slot) {
        ByteBuffer call = calls.next(slot).putLong(Calls.offsetAt(file), offset);
        offset = offset + 2L * count > size ? 0 : offset + count;
        return call;
      }

      @Override
      long take(int slot, ByteBuffer head, int length) throws IOException {
        mustBeOk(head);
        int data = length - RPC_HEAD - 4 - 12;
        if (data != count && data - 88 != count) {
          throw new IOException("a READ of " + length + " bytes");
        }
        return count;
      }
    };
  }

  /** WRITEs through a file; after so many (0: never) the slot sends a COMMIT. */
  static Load writing(int slots, byte[] file, int count, int stable, long size, int commitAfter) {
    Load calls = same(slots, () -> Calls.write(file, count, stable));
    Load commits = same(slots, () -> Calls.commit(file));
    int[] since = new int[slots];
    return new Load() {
      private long offset;

      @Override
      ByteBuffer next(int slot) {
        if (commitAfter > 0 && since[slot] == commitAfter) {
          since[slot] = -1;
          return commits.next(slot);
        }
        ByteBuffer call = calls.next(slot).putLong(Calls.offsetAt(file), offset);
        offset = offset + 2L * count > size ? 0 : offset + count;
        return call;
      }

      @Override
      long take(int slot, ByteBuffer head, int length) throws IOException {
        mustBeOk(head);
        return since[slot]++ < 0 ? 0 : count;
      }
    };
  }

  /** CREATE of a new name, REMOVE of it, and so on. */
  static Load creating(int slots, byte[] directory, String prefix) {
    String[] names = new String[slots];
    return new Load() {
      private int made;

      @Override
      ByteBuffer next(int slot) {
        if (names[slot] == null) {
          names[slot] = prefix + "-" + made++;
          return Calls.create(directory, names[slot]);
        }
        ByteBuffer call = Calls.remove(directory, names[slot]);
        names[slot] = null;
        return call;
      }

      @Override
      long take(int slot, ByteBuffer head, int length) throws IOException {
        mustBeOk(head);
        return 1;
      }
    };
  }

  /** READDIRPLUS page after page through a directory; counts entries. One slot only. */
  static Load listing(byte[] directory, int max) {
    return new Load() {
      private long cookie;
      private long verifier;

      @Override
      ByteBuffer next(int slot) {
        return Calls.readdirplus(directory, cookie, verifier, max);
      }

      @Override
      int wanted(int length) {
        return length;
      }

      @Override
      long take(int slot, ByteBuffer reply, int length) throws IOException {
        mustBeOk(reply);
        reply.position(RPC_HEAD + 4);
        skipAttributes(reply);
        verifier = reply.getLong();
        long entries = 0;
        while (reply.getInt() == 1) {
          reply.getLong();
          skipOpaque(reply);
          cookie = reply.getLong();
          skipAttributes(reply);
          if (reply.getInt() == 1) {
            skipOpaque(reply);
          }
          entries++;
        }
        if (reply.getInt() == 1) {
          cookie = 0;
          verifier = 0;
        }
        return entries;
      }
    };
  }

  private static void skipAttributes(ByteBuffer reply) {
    if (reply.getInt() == 1) {
      reply.position(reply.position() + 84);
    }
  }

  static void skipOpaque(ByteBuffer reply) {
    int length = reply.getInt();
    reply.position(reply.position() + (length + 3) / 4 * 4);
  }
}
