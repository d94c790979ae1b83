package org.krgboot.nfs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Checklist 13: READDIR and READDIRPLUS. */
final class WireDirectoryTest extends WireTest {
  private Set<String> fill(int count, String prefix) throws IOException {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
      Files.createFile(exported.resolve(prefix + i));
    }
    return names;
  }

  /** Pages through a directory as a client does, with cookies and verifier as they come. */
  private List<String> all(byte[] dir, int count) throws IOException {
    List<String> names = new ArrayList<>();
    long cookie = 0;
    byte[] verifier = NO_VERIFIER;
    for (int page = 0; page < 10_000; page++) {
      Results.Listing listing = root.readdir(dir, cookie, verifier, count);
      assertThat(listing.status()).isEqualTo(Status.OK);
      assertThat(listing.size()).isLessThanOrEqualTo(count);
      names.addAll(listing.names());
      if (listing.eof()) {
        return names;
      }
      assertThat(listing.entries()).isNotEmpty();
      cookie = listing.entries().getLast().cookie();
      verifier = listing.verifier();
    }
    throw new AssertionError("no end");
  }

  @Test
  void every_name_comes_exactly_once_with_dot_and_dot_dot() throws Exception {
    Set<String> expected = fill(500, "file-");
    expected.add(".");
    expected.add("..");
    for (int count : new int[] {512, 1024, 4096, 65536}) {
      assertThat(all(top, count)).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void an_empty_directory_holds_dot_and_dot_dot() throws Exception {
    byte[] dir = directory("d", 0755);
    Results.Listing listing = root.readdir(dir, 0, NO_VERIFIER, 4096);
    assertThat(listing.names()).containsExactlyInAnyOrder(".", "..");
    assertThat(listing.eof()).isTrue();
    for (Results.Entry entry : listing.entries()) {
      byte[] named = entry.name().equals(".") ? dir : top;
      assertThat(entry.fileid()).isEqualTo(attributes(named).fileid());
    }
  }

  @Test
  void dot_dot_of_the_root_is_the_root_itself() throws Exception {
    long fileid = attributes(top).fileid();
    for (Results.Entry entry : root.readdirplus(top, 0, NO_VERIFIER, 8192, 8192).entries()) {
      assertThat(entry.fileid()).as(entry.name()).isEqualTo(fileid);
      assertThat(entry.handle()).isIn(null, top);
    }
  }

  @Test
  void deletion_of_what_was_listed_loses_no_later_name() throws Exception {
    Set<String> expected = fill(300, "f");
    Set<String> seen = new HashSet<>();
    long cookie = 0;
    byte[] verifier = NO_VERIFIER;
    boolean end = false;
    while (!end) {
      Results.Listing listing = root.readdir(top, cookie, verifier, 1024);
      assertThat(listing.status()).isEqualTo(Status.OK);
      for (Results.Entry entry : listing.entries()) {
        assertThat(seen.add(entry.name())).as("%s comes twice", entry.name()).isTrue();
        if (entry.name().startsWith("f")) {
          assertThat(root.remove(top, entry.name()).status()).isEqualTo(Status.OK);
        }
        cookie = entry.cookie();
      }
      verifier = listing.verifier();
      end = listing.eof();
    }
    assertThat(seen).containsAll(expected);
    assertThat(exported.toFile().list()).isEmpty();
  }

  @Test
  void of_100000_names_those_that_stay_come_once_while_the_host_deletes_and_creates()
      throws Exception {
    int each = 50_000; // two files of that many names: the file system allows 65,000 links
    for (String kind : List.of("stays-", "goes-")) {
      Files.createFile(exported.resolve(kind + 0));
      for (int i = 1; i < each; i++) {
        Files.createLink(exported.resolve(kind + i), exported.resolve(kind + 0));
      }
    }
    Set<String> seen = new HashSet<>();
    long cookie = 0;
    byte[] verifier = NO_VERIFIER;
    boolean end = false;
    for (int page = 0; !end; page++) {
      Results.Listing listing = root.readdir(top, cookie, verifier, 32_768);
      assertThat(listing.status()).isEqualTo(Status.OK);
      for (Results.Entry entry : listing.entries()) {
        if (entry.name().startsWith("stays-")) {
          assertThat(seen.add(entry.name())).as("%s comes twice", entry.name()).isTrue();
        }
        cookie = entry.cookie();
      }
      for (int i = page * 100; i < Math.min(each, page * 100 + 100); i++) {
        Files.delete(exported.resolve("goes-" + i));
        Files.createFile(exported.resolve("comes-" + i));
      }
      verifier = listing.verifier();
      end = listing.eof();
    }
    assertThat(seen).hasSize(each);
  }

  @Test
  void any_cookie_of_a_page_can_be_gone_on_from() throws Exception {
    fill(40, "f");
    Results.Listing whole = root.readdir(top, 0, NO_VERIFIER, 8192);
    List<String> names = whole.names();
    for (int i = 0; i < names.size(); i++) {
      long cookie = whole.entries().get(i).cookie();
      assertThat(root.readdir(top, cookie, whole.verifier(), 8192).names())
          .isEqualTo(names.subList(i + 1, names.size()));
    }
  }

  @Test
  void cookies_stay_good_after_a_restart() throws Exception {
    fill(100, "f");
    Results.Listing first = root.readdir(top, 0, NO_VERIFIER, 1024);
    List<String> rest =
        root.readdir(top, first.entries().getLast().cookie(), first.verifier(), 8192).names();
    restart();
    Results.Listing again =
        root.readdir(top, first.entries().getLast().cookie(), first.verifier(), 8192);
    assertThat(again.status()).isEqualTo(Status.OK);
    assertThat(again.names()).isEqualTo(rest);
  }

  @Test
  void a_reply_never_exceeds_the_count_even_with_long_odd_names() throws Exception {
    for (int i = 0; i < 30; i++) {
      file("\u00e9".repeat(200 + i), 0644);
    }
    for (int count = 600; count < 1400; count += 4) {
      assertThat(root.readdir(top, 0, NO_VERIFIER, count).size()).isLessThanOrEqualTo(count);
      Results.Listing plus = root.readdirplus(top, 0, NO_VERIFIER, count, count);
      assertThat(plus.size()).isLessThanOrEqualTo(count);
    }
  }

  @Test
  void a_count_too_small_for_one_entry_is_told() throws Exception {
    fill(3, "a-long-name-that-needs-its-room-");
    for (int count : new int[] {0, 1, 8, 16, 60}) {
      assertThat(root.readdir(top, 0, NO_VERIFIER, count).status()).isEqualTo(Status.TOOSMALL);
      assertThat(root.readdirplus(top, 0, NO_VERIFIER, count, count).status())
          .isEqualTo(Status.TOOSMALL);
    }
  }

  @Test
  void a_huge_count_is_cut_and_not_allocated() throws Exception {
    fill(100, "f");
    for (int count : new int[] {16 << 20, Integer.MAX_VALUE, -1}) {
      assertThat(root.readdir(top, 0, NO_VERIFIER, count).entries()).hasSize(102);
      assertThat(root.readdirplus(top, 0, NO_VERIFIER, count, count).entries()).hasSize(102);
    }
  }

  @Test
  void readdirplus_gives_what_lookup_gives() throws Exception {
    file("f", 0640);
    directory("d", 0755);
    root.symlink(top, "l", "f");
    root.mknod(top, "p", Fattr.FIFO, Sattr.ofMode(0600));
    root.mknod(top, "c", Fattr.CHR, Sattr.ofMode(0600), new int[] {1, 3});
    Results.Listing listing = root.readdirplus(top, 0, NO_VERIFIER, 8192, 32768);
    assertThat(listing.names()).containsExactlyInAnyOrder(".", "..", "f", "d", "l", "p", "c");
    for (Results.Entry entry : listing.entries()) {
      Results.Found found = root.lookup(top, entry.name());
      assertThat(entry.fileid()).isEqualTo(found.attributes().fileid());
      assertThat(entry.handle()).isIn(null, found.handle());
      assertThat(entry.attributes()).isIn(null, attributes(found.handle()));
    }
    assertThat(listing.entries()).filteredOn(entry -> entry.handle() != null).isNotEmpty();
  }

  @Test
  void readdirplus_pages_within_dircount_too() throws Exception {
    Set<String> expected = fill(200, "f");
    Set<String> seen = new HashSet<>();
    long cookie = 0;
    byte[] verifier = NO_VERIFIER;
    boolean end = false;
    while (!end) {
      Results.Listing listing = root.readdirplus(top, cookie, verifier, 512, 8192);
      assertThat(listing.status()).isEqualTo(Status.OK);
      assertThat(listing.size()).isLessThanOrEqualTo(8192);
      for (Results.Entry entry : listing.entries()) {
        assertThat(seen.add(entry.name())).isTrue();
        cookie = entry.cookie();
      }
      verifier = listing.verifier();
      end = listing.eof();
    }
    assertThat(seen).containsAll(expected).hasSize(202);
  }

  @Test
  void a_cookie_that_was_never_given_out_does_no_harm() throws Exception {
    fill(10, "f");
    for (long cookie : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 12345}) {
      assertThat(root.readdir(top, cookie, NO_VERIFIER, 4096).status())
          .isIn(Status.OK, Status.BAD_COOKIE, Status.INVAL);
    }
    root.nothing();
  }

  @Test
  void two_listings_of_one_directory_do_not_disturb_each_other() throws Exception {
    fill(60, "f");
    List<String> whole = root.readdir(top, 0, NO_VERIFIER, 8192).names();
    Results.Listing one = root.readdir(top, 0, NO_VERIFIER, 512);
    Results.Listing two = root.readdir(top, 0, NO_VERIFIER, 1024);
    int first = one.entries().size();
    int second = two.entries().size();
    assertThat(root.readdir(top, one.entries().getLast().cookie(), one.verifier(), 8192).names())
        .isEqualTo(whole.subList(first, whole.size()));
    assertThat(root.readdir(top, two.entries().getLast().cookie(), two.verifier(), 8192).names())
        .isEqualTo(whole.subList(second, whole.size()));
  }
}
