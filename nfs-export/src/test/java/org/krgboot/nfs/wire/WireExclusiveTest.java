package org.krgboot.nfs.wire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.nfs.wire.NfsClient.bytes;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The file of an exclusive create has its verifier before it has its name, and all else it should.
 */
final class WireExclusiveTest extends WireTest {
  private static final int FILES = 300;

  /** Seconds 5 and 7, which no file of today has. */
  private static final long VERIFIER = 5L << 32 | 7;

  @Test
  void whoever_finds_the_name_finds_the_verifier_too() throws Exception {
    try (ExecutorService watcher = Executors.newSingleThreadExecutor()) {
      Future<Integer> seen = watcher.submit(this::watch);
      for (int i = 0; i < FILES; i++) {
        assertThat(root.createExclusive(top, "f" + i, VERIFIER).status()).isEqualTo(Status.OK);
      }
      assertThat(seen.get(1, TimeUnit.MINUTES)).isEqualTo(FILES);
    }
  }

  /** Looks at each file as soon as it is there; the local file system is as good as a crash. */
  private int watch() throws Exception {
    for (int i = 0; i < FILES; i++) {
      Path file = exported.resolve("f" + i);
      FileTime time = null;
      while (time == null) {
        try {
          time = Files.getLastModifiedTime(file);
        } catch (NoSuchFileException notYet) {
          Thread.onSpinWait();
        }
      }
      assertThat(time.to(TimeUnit.SECONDS)).isEqualTo(7);
    }
    return FILES;
  }

  @Test
  void it_takes_the_group_of_a_set_gid_directory() throws Exception {
    byte[] dir = directory("d", 0755);
    root.setattr(dir, Sattr.ofOwner(ANN, BOB));
    root.setattr(dir, Sattr.ofMode(02775));
    Results.Made made = ann.createExclusive(dir, "f", VERIFIER);
    assertThat(made.status()).isEqualTo(Status.OK);
    assertThat(made.attributes().uid()).isEqualTo(ANN);
    assertThat(made.attributes().gid()).isEqualTo(BOB);
    assertThat(made.attributes().nlink()).isEqualTo(1);
    assertThat(root.lookup(dir, "f").handle()).isEqualTo(made.handle());
  }

  @Test
  void it_takes_the_default_acl_of_its_directory() throws Exception {
    byte[] dir = directory("d", 0777);
    setDefaultAcl(exported.resolve("d"));
    byte[] file = ann.createExclusive(dir, "f", VERIFIER).handle();
    assertThat(ann.setattr(file, Sattr.ofMode(0660)).status()).isEqualTo(Status.OK);
    assertThat(ann.write(file, 0, NfsClient.FILE_SYNC, bytes("x")).status()).isEqualTo(Status.OK);
    assertThat(bob.read(file, 0, 1).bytes()).isEqualTo(bytes("x"));
    assertThat(root.as(Caller.user(3000, 3000)).read(file, 0, 1).status()).isEqualTo(Status.ACCES);
  }

  @Test
  void who_may_not_write_the_directory_makes_nothing_there() throws Exception {
    byte[] dir = directory("d", 0755);
    assertThat(ann.createExclusive(dir, "f", VERIFIER).status()).isEqualTo(Status.ACCES);
    assertThat(exported.resolve("d")).isEmptyDirectory();
    byte[] closed = directory("closed", 0776);
    assertThat(ann.createExclusive(closed, "f", VERIFIER).status()).isEqualTo(Status.ACCES);
    assertThat(exported.resolve("closed")).isEmptyDirectory();
  }

  @Test
  void in_a_directory_that_was_deleted_it_is_stale() throws Exception {
    byte[] dir = directory("d", 0755);
    Files.delete(exported.resolve("d"));
    assertThat(root.createExclusive(dir, "f", VERIFIER).status()).isEqualTo(Status.STALE);
  }

  @Test
  void a_file_that_is_there_is_the_answer_on_a_full_disk_too() throws Exception {
    try (Disk disk = Disk.inMemory(exported, "1m,nr_inodes=4")) {
      restart();
      assertThat(root.createExclusive(top, "f", VERIFIER).status()).isEqualTo(Status.OK);
      file("g", 0600);
      file("h", 0600);
      assertThat(root.createExclusive(top, "new", VERIFIER).status()).isEqualTo(Status.NOSPC);
      assertThat(root.createExclusive(top, "f", VERIFIER).status()).isEqualTo(Status.OK);
      assertThat(root.createExclusive(top, "f", 1).status()).isEqualTo(Status.EXIST);
      stop();
      served = null;
    }
  }

  /** As {@code setfacl -d -m u:BOB:rw}: Linux uapi/linux/posix_acl_xattr.h. */
  private static void setDefaultAcl(Path directory) throws Exception {
    ByteBuffer acl = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    int nobody = -1;
    acl.putShort((short) 0x01).putShort((short) 7).putInt(nobody); // the owner
    acl.putShort((short) 0x02).putShort((short) 6).putInt(BOB);
    acl.putShort((short) 0x04).putShort((short) 0).putInt(nobody); // the group
    acl.putShort((short) 0x10).putShort((short) 7).putInt(nobody); // the mask
    acl.putShort((short) 0x20).putShort((short) 0).putInt(nobody); // others
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      var setxattr =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setxattr"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
      MemorySegment value = arena.allocateFrom(JAVA_BYTE, acl.array());
      int result =
          (int)
              setxattr.invokeExact(
                  arena.allocateFrom(directory.toString()),
                  arena.allocateFrom("system.posix_acl_default"),
                  value,
                  value.byteSize(),
                  0);
      assertThat(result).isZero();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
