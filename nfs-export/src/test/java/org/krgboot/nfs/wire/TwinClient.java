package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.GUARDED;
import static org.krgboot.nfs.wire.NfsClient.UNCHECKED;
import static org.krgboot.nfs.wire.NfsClient.UNSTABLE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.krgboot.linux.FileModes;
import org.krgboot.linux.Stat;

/**
 * Makes random calls, does the same to a twin of the exported directory by system calls, and
 * compares the two call by call. Two connections take turns, so that nothing may depend on which
 * one a call came by.
 */
final class TwinClient implements AutoCloseable {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "\u00ff\u00e9");
  private static final int LONGEST = 20_000;

  private record Place(byte[] handle, Twin twin) {}

  private final List<TcpTransport> connections = new ArrayList<>();
  private final List<NfsClient> clients = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();
  private final Random random;
  private String last = "";

  TwinClient(int port, byte[] home, Twin twin, long seed) throws IOException {
    random = new Random(seed);
    for (int i = 0; i < 2; i++) {
      connections.add(new TcpTransport(port, random.nextInt()));
      clients.add(new NfsClient(connections.get(i), Caller.ROOT));
    }
    places.add(new Place(home, twin));
    twin.mkdir("sub", 0755);
    Results.Made sub = nfs().mkdir(home, "sub", Sattr.ofMode(0755));
    places.add(new Place(sub.handle(), new Twin(twin.path().resolve("sub"))));
  }

  private NfsClient nfs() {
    return clients.get(random.nextInt(clients.size()));
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  /** One step: at least one call. */
  void step() throws IOException {
    Place place = places.get(random.nextInt(places.size()));
    String name = name();
    switch (random.nextInt(16)) {
      case 0, 1 -> create(place, name);
      case 2, 3, 4 -> write(place, name);
      case 5, 6 -> read(place, name);
      case 7 -> attributes(place, name);
      case 8 -> changeAttributes(place, name);
      case 9 -> remove(place, name);
      case 10 -> rmdir(place, name);
      case 11 -> rename(place, name);
      case 12 -> link(place, name);
      case 13 -> makeOther(place, name);
      case 14 -> readlink(place, name);
      default -> list(place);
    }
  }

  private void same(String call, String name, Status ours, Twin.Deed theirs) throws IOException {
    last = call + " " + name;
    assertThat(ours).as(last).isEqualTo(Twin.status(theirs));
  }

  private void create(Place place, String name) throws IOException {
    int mode = random.nextInt(01000);
    switch (random.nextInt(3)) {
      case 0 -> {
        Results.Made made = nfs().create(place.handle, name, GUARDED, Sattr.ofMode(mode));
        same("CREATE", name, made.status(), () -> place.twin.createNew(name, mode));
      }
      case 1 -> {
        Results.Made made = nfs().createExclusive(place.handle, name, random.nextLong());
        same("EXCLUSIVE", name, made.status(), () -> place.twin.createNew(name, 0600));
      }
      default -> {
        Results.Made made = nfs().create(place.handle, name, UNCHECKED, Sattr.ofMode(mode));
        assertThat(made.status()).isEqualTo(Status.OK); // an old one is as good, whatever it is
        Twin.status(() -> place.twin.createNew(name, mode));
      }
    }
  }

  /** Its handle if there is a regular file of that name on both sides, else null. */
  private byte[] regular(Place place, String name) throws IOException {
    Results.Found found = nfs().lookup(place.handle, name);
    same("LOOKUP", name, found.status(), () -> place.twin.stat(name));
    return place.twin.isRegular(name) ? found.handle() : null;
  }

  private void write(Place place, String name) throws IOException {
    byte[] file = regular(place, name);
    if (file != null) {
      int offset = random.nextInt(LONGEST);
      byte[] data = new byte[1 + random.nextInt(2000)];
      random.nextBytes(data);
      assertThat(nfs().write(file, offset, UNSTABLE, data).count()).isEqualTo(data.length);
      place.twin.write(name, offset, data);
    }
  }

  private void read(Place place, String name) throws IOException {
    byte[] file = regular(place, name);
    if (file != null) {
      int offset = random.nextInt(LONGEST + 4000);
      int count = 1 + random.nextInt(LONGEST);
      Results.Data data = nfs().read(file, offset, count);
      assertThat(data.bytes()).isEqualTo(place.twin.read(name, offset, count));
      long size = place.twin.stat(name).size();
      assertThat(data.eof()).isEqualTo(offset + data.count() >= size);
    }
  }

  private void attributes(Place place, String name) throws IOException {
    Results.Found found = nfs().lookup(place.handle, name);
    same("LOOKUP", name, found.status(), () -> place.twin.stat(name));
    if (found.status() == Status.OK) {
      Fattr ours = nfs().getattr(found.handle()).attributes();
      Stat theirs = place.twin.stat(name);
      assertThat(ours.mode()).as("mode after %s", last).isEqualTo(theirs.permissions());
      assertThat(ours.nlink()).as("nlink after %s", last).isEqualTo((int) theirs.links());
      assertThat(ours.uid()).isEqualTo(theirs.uid());
      assertThat(ours.gid()).isEqualTo(theirs.gid());
      assertThat(ours.type()).isEqualTo(type(theirs));
      if (!theirs.isDirectory()) {
        assertThat(ours.size()).as("size after %s", last).isEqualTo(theirs.size());
      }
    }
  }

  private static int type(Stat stat) {
    return switch (stat.kind()) {
      case FileModes.S_IFREG -> Fattr.REG;
      case FileModes.S_IFDIR -> Fattr.DIR;
      case FileModes.S_IFLNK -> Fattr.LNK;
      case FileModes.S_IFIFO -> Fattr.FIFO;
      default -> throw new AssertionError(stat);
    };
  }

  private void changeAttributes(Place place, String name) throws IOException {
    byte[] file = regular(place, name);
    if (file == null) {
      return;
    }
    switch (random.nextInt(3)) {
      case 0 -> {
        int mode = random.nextInt(010000);
        Status status = nfs().setattr(file, Sattr.ofMode(mode)).status();
        same("SETATTR mode", name, status, () -> place.twin.mode(name, mode));
      }
      case 1 -> {
        int size = random.nextInt(LONGEST);
        Status status = nfs().setattr(file, Sattr.ofSize((long) size)).status();
        same("SETATTR size", name, status, () -> place.twin.cut(name, size));
      }
      default -> {
        int id = random.nextInt(3000);
        Status status = nfs().setattr(file, Sattr.ofOwner(id, id)).status();
        same("SETATTR owner", name, status, () -> place.twin.owner(name, id, id));
      }
    }
  }

  private void remove(Place place, String name) throws IOException {
    Results.Found found = nfs().lookup(place.handle, name);
    Status status = nfs().remove(place.handle, name).status();
    boolean lastName =
        found.status() == Status.OK && found.attributes().nlink() == 1 && status == Status.OK;
    same("REMOVE", name, status, () -> place.twin.remove(name));
    if (lastName) {
      assertThat(nfs().getattr(found.handle()).status()).isIn(Status.STALE, Status.JUKEBOX);
    }
  }

  private void rmdir(Place place, String name) throws IOException {
    Status status = nfs().rmdir(place.handle, name).status();
    same("RMDIR", name, status, () -> place.twin.rmdir(name));
  }

  private void rename(Place from, String name) throws IOException {
    Place to = places.get(random.nextInt(places.size()));
    String other = name();
    Status status = nfs().rename(from.handle, name, to.handle, other).status();
    same("RENAME", name, status, () -> from.twin.rename(name, to.twin, other));
  }

  private void link(Place from, String name) throws IOException {
    Place to = places.get(random.nextInt(places.size()));
    String other = name();
    Results.Found found = nfs().lookup(from.handle, name);
    same("LOOKUP", name, found.status(), () -> from.twin.stat(name));
    if (found.status() == Status.OK) {
      Status status = nfs().link(found.handle(), to.handle, other).status();
      same("LINK", name, status, () -> from.twin.link(name, to.twin, other));
    }
  }

  private void makeOther(Place place, String name) throws IOException {
    int mode = random.nextInt(01000);
    switch (random.nextInt(3)) {
      case 0 -> {
        Status status = nfs().mkdir(place.handle, name, Sattr.ofMode(mode)).status();
        same("MKDIR", name, status, () -> place.twin.mkdir(name, mode));
      }
      case 1 -> {
        Status status = nfs().symlink(place.handle, name, "to/" + mode).status();
        same("SYMLINK", name, status, () -> place.twin.symlink(name, "to/" + mode));
      }
      default -> {
        Status status = nfs().mknod(place.handle, name, Fattr.FIFO, Sattr.ofMode(mode)).status();
        same("MKNOD", name, status, () -> place.twin.fifo(name, mode));
      }
    }
  }

  private void readlink(Place place, String name) throws IOException {
    Results.Found found = nfs().lookup(place.handle, name);
    if (found.status() == Status.OK) {
      Results.Target target = nfs().readlink(found.handle());
      same("READLINK", name, target.status(), () -> place.twin.readlink(name));
      if (target.status() == Status.OK) {
        assertThat(target.path()).isEqualTo(place.twin.readlink(name));
      }
    }
  }

  private void list(Place place) throws IOException {
    List<String> ours = new ArrayList<>(nfs().readdir(place.handle, 0, new byte[8], 8192).names());
    assertThat(ours).contains(".", "..");
    ours.removeAll(List.of(".", ".."));
    String[] theirs = place.twin.names();
    assertThat(ours).hasSize(theirs.length);
    for (String name : ours) {
      assertThat(Twin.status(() -> place.twin.stat(name))).as(name).isEqualTo(Status.OK);
    }
  }

  int calls() {
    return connections.stream().mapToInt(TcpTransport::calls).sum();
  }

  @Override
  public void close() throws IOException {
    for (Place place : places) {
      place.twin.close();
    }
    for (TcpTransport connection : connections) {
      connection.close();
    }
  }
}
