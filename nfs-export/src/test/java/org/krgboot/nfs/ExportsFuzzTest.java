package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text gives a table or our own errors, each with its line. */
class ExportsFuzzTest {
  private static final String[] PIECES = {
    "/a",
    "/b c",
    " ",
    "\t",
    "\n",
    "\\\n",
    "\\",
    "\"",
    "#",
    "(",
    ")",
    ",",
    "*",
    "?",
    "[a-z]",
    "[",
    "-",
    "@g",
    "gss/krb5",
    "10.0.0.1",
    "10.0.0.0/8",
    "/255.255.0.0",
    "front",
    "::1",
    "rw",
    "ro",
    "sync",
    "fsid=",
    "root",
    "7",
    "anonuid=",
    "-1",
    "sec=",
    "sys",
    "mp",
    "crossmnt",
    "\\040",
    "\\777",
    "=",
    "\r",
    "\0",
    "\u00ff",
    "all_squash",
    "*.home",
    "(rw)",
    "(ro,",
    "99999999999999999999"
  };

  @FuzzTest
  void any_bytes_are_exports_or_errors(byte[] bytes) {
    read(bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void random_text_does_no_harm(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(25); n > 0; n--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      read(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static void read(byte[] bytes) {
    try {
      ExportsFile file = ExportsFile.parse("f", bytes, ExportWords.HOSTS);
      assertThat(file.exports()).doesNotHaveDuplicates();
      file.notes().forEach(ExportsFuzzTest::hasPlace);
    } catch (ExportsException e) {
      assertThat(e.problems()).isNotEmpty();
      e.problems().forEach(ExportsFuzzTest::hasPlace);
    }
  }

  private static void hasPlace(ExportsFile.Note note) {
    assertThat(note.place()).matches("f:[1-9][0-9]*");
    assertThat(note.text()).doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f]");
  }
}
