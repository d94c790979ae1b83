package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.FILE_SYNC;
import static org.krgboot.nfs.wire.NfsClient.GUARDED;
import static org.krgboot.nfs.wire.NfsClient.UNSTABLE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.krgboot.nfs.wire.CrashFile.Unstable;

/**
 * A client that changes a directory of its own and keeps a journal of what the server answered.
 * After each restart of the server it compares all that there is with its journal.
 *
 * <p>A call that was sent again to a new server may have been done by the old one. No answer may
 * show it, NOENT after a removal or EXIST after a creation: docs/decisions/0007.
 */
final class CrashClient implements Callable<Void>, AutoCloseable {
  private static final int MOST_FILES = 12;
  private static final int LONGEST = 48 << 10;

  private final HardTransport transport;
  private final NfsClient nfs;
  private final byte[] home;
  private final Random random;
  private final TreeMap<String, CrashFile> files = new TreeMap<>();
  private final TreeSet<String> directories = new TreeSet<>();
  private final List<byte[]> removed = new ArrayList<>();
  private int names;
  private int seen = 1;
  private int resentVerifiers;

  volatile boolean ended;
  volatile int verified;
  volatile int calls;

  /** Calls that must not be done twice, and were sent more than once. */
  volatile int resent;

  CrashClient(int port, byte[] top, int number, long seed) throws IOException {
    transport = new HardTransport(port, number << 24);
    nfs = new NfsClient(transport, Caller.ROOT);
    random = new Random(seed + number);
    home = nfs.mkdir(top, "client" + number, Sattr.ofMode(0755)).handle();
  }

  @Override
  public Void call() throws Exception {
    while (!ended) {
      change();
      calls++;
      if (transport.connections() != seen) {
        compare();
        seen = transport.connections();
        verified++;
      }
    }
    compare();
    return null;
  }

  /** Promises that were taken back by another verifier, and kept by sending again. */
  int resentWrites() {
    return resentVerifiers;
  }

  private void change() throws IOException {
    if (files.size() < 2) {
      create();
      return;
    }
    switch (random.nextInt(12)) {
      case 0 -> create();
      case 1 -> createExclusive();
      case 2, 3 -> write(any(), FILE_SYNC);
      case 4, 5, 6 -> write(any(), UNSTABLE);
      case 7 -> commit(any());
      case 8 -> rename();
      case 9 -> remove();
      case 10 -> link();
      default -> changeAttributesOrDirectories();
    }
  }

  private String anyName() {
    return List.copyOf(files.keySet()).get(random.nextInt(files.size()));
  }

  private CrashFile any() {
    return files.get(anyName());
  }

  private String freshName() {
    return "n" + names++;
  }

  /** OK, also of a call that was sent again and may have been done before its answer was lost. */
  private void expect(Status status) {
    if (transport.resent()) {
      resent++;
    }
    assertThat(status).isEqualTo(Status.OK);
  }

  private void create() throws IOException {
    String name = freshName();
    Results.Made made = nfs.create(home, name, GUARDED, Sattr.ofMode(0640));
    expect(made.status());
    know(name, 0640);
  }

  /** As Linux does for O_EXCL: then a SETATTR, since the verifier is in the attributes. */
  private void createExclusive() throws IOException {
    String name = freshName();
    Results.Made made = nfs.createExclusive(home, name, random.nextLong());
    assertThat(made.status()).isEqualTo(Status.OK);
    assertThat(nfs.setattr(made.handle(), Sattr.ofMode(0600)).status()).isEqualTo(Status.OK);
    know(name, 0600);
  }

  private void know(String name, int mode) throws IOException {
    Results.Found found = nfs.lookup(home, name);
    assertThat(found.status()).isEqualTo(Status.OK);
    files.put(name, new CrashFile(found.handle(), found.attributes().fileid(), mode));
    if (files.size() > MOST_FILES) {
      remove();
    }
  }

  private void write(CrashFile file, int stable) throws IOException {
    int offset = random.nextInt(LONGEST);
    byte[] data = new byte[1 + random.nextInt(8 << 10)];
    random.nextBytes(data);
    Results.Written written = nfs.write(file.handle, offset, stable, data);
    assertThat(written.status()).isEqualTo(Status.OK);
    assertThat(written.count()).isEqualTo(data.length);
    file.put(offset, data);
    if (written.committed() == UNSTABLE) {
      file.unstable.add(new Unstable(offset, data.length, written.verifier()));
    }
    assertThat(written.committed()).isGreaterThanOrEqualTo(stable);
  }

  /** Until one server has had all of it and has put it on disk. */
  private void commit(CrashFile file) throws IOException {
    while (true) {
      Results.Committed committed = nfs.commit(file.handle, 0, 0);
      assertThat(committed.status()).isEqualTo(Status.OK);
      List<Unstable> lost = new ArrayList<>(file.unstable);
      lost.removeIf(piece -> piece.verifier().equals(committed.verifier()));
      if (lost.isEmpty()) {
        file.unstable.clear();
        return;
      }
      for (Unstable piece : lost) {
        file.unstable.remove(piece);
        Results.Written again = nfs.write(file.handle, piece.offset(), UNSTABLE, file.part(piece));
        assertThat(again.count()).isEqualTo(piece.length());
        file.unstable.add(new Unstable(piece.offset(), piece.length(), again.verifier()));
        resentVerifiers++;
      }
    }
  }

  private void rename() throws IOException {
    String from = anyName();
    String to = random.nextBoolean() ? freshName() : anyName();
    if (files.get(from) == files.get(to)) {
      return; // two names of one file: nothing happens, rename(2)
    }
    expect(nfs.rename(home, from, home, to).status());
    CrashFile moved = files.remove(from);
    unname(files.put(to, moved));
  }

  private void remove() throws IOException {
    String name = anyName();
    expect(nfs.remove(home, name).status());
    unname(files.remove(name));
  }

  private void unname(CrashFile file) {
    if (file != null && --file.links == 0) {
      removed.add(file.handle);
    }
  }

  private void link() throws IOException {
    CrashFile file = any();
    String name = freshName();
    expect(nfs.link(file.handle, home, name).status());
    file.links++;
    files.put(name, file);
  }

  private void changeAttributesOrDirectories() throws IOException {
    switch (random.nextInt(4)) {
      case 0 -> {
        CrashFile file = any();
        int mode = 0600 | random.nextInt(0100);
        assertThat(nfs.setattr(file.handle, Sattr.ofMode(mode)).status()).isEqualTo(Status.OK);
        file.mode = mode;
      }
      case 1 -> {
        CrashFile file = any();
        commit(file); // as Linux does before it cuts a file
        int size = random.nextInt(LONGEST);
        assertThat(nfs.setattr(file.handle, Sattr.ofSize(size)).status()).isEqualTo(Status.OK);
        file.resize(size);
      }
      case 2 -> {
        String name = freshName();
        expect(nfs.mkdir(home, name, Sattr.ofMode(0755)).status());
        directories.add(name);
      }
      default -> {
        if (!directories.isEmpty()) {
          expect(nfs.rmdir(home, directories.first()).status());
          directories.pollFirst();
        }
      }
    }
  }

  /** All that was promised is there, and nothing else. */
  private void compare() throws IOException {
    Set<String> expected = new HashSet<>(files.keySet());
    expected.addAll(List.of(".", ".."));
    expected.addAll(directories);
    assertThat(nfs.readdir(home, 0, new byte[8], 64 << 10).names())
        .containsExactlyInAnyOrderElementsOf(expected);
    for (CrashFile file : new HashSet<>(files.values())) {
      compare(file);
    }
    for (byte[] handle : removed) {
      assertThat(nfs.getattr(handle).status()).isIn(Status.STALE, Status.JUKEBOX);
    }
    removed.clear();
  }

  private void compare(CrashFile file) throws IOException {
    commit(file);
    Results.Got got = nfs.getattr(file.handle);
    assertThat(got.status()).isEqualTo(Status.OK);
    Fattr now = got.attributes();
    assertThat(now.fileid()).isEqualTo(file.fileid);
    assertThat(now.nlink()).isEqualTo(file.links);
    assertThat(now.mode()).isEqualTo(file.mode);
    assertThat(nfs.read(file.handle, 0, 1 << 20).bytes()).isEqualTo(file.content);
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
