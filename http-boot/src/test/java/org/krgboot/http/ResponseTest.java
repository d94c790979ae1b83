package org.krgboot.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseTest {
  private static final Instant CHANGED = Instant.parse("2026-03-01T08:00:00Z");
  private static final Response.Facts FILE =
      new Response.Facts(1000, Optional.of("\"1-2-3\""), Optional.of(CHANGED));
  private static final Response WHOLE = new Response(200, 0, 1000);
  private static final Response NOT_MODIFIED = new Response(304, 0, 0);

  private static Response range(String range) {
    return Response.to(
        new Response.Wishes(
            Optional.of(range), Optional.empty(), Optional.empty(), Optional.empty()),
        FILE);
  }

  private static Response ifNoneMatch(String tags) {
    return Response.to(
        new Response.Wishes(
            Optional.empty(), Optional.empty(), Optional.of(tags), Optional.of(CHANGED)),
        FILE);
  }

  @Test
  void without_wishes_the_whole_file_is_sent() {
    assertThat(Response.to(Response.Wishes.NONE, FILE)).isEqualTo(WHOLE);
  }

  @Test
  void one_range_is_sent_as_it_is_asked_for_and_cut_at_the_end_of_the_file() {
    assertThat(range("bytes=0-0")).isEqualTo(new Response(206, 0, 1));
    assertThat(range("bytes=100-199")).isEqualTo(new Response(206, 100, 100));
    assertThat(range("Bytes=900-5000")).isEqualTo(new Response(206, 900, 100));
    assertThat(range("bytes=900-")).isEqualTo(new Response(206, 900, 100));
    assertThat(range("bytes=-1")).isEqualTo(new Response(206, 999, 1));
    assertThat(range("bytes=-5000")).isEqualTo(new Response(206, 0, 1000));
  }

  @Test
  void a_range_behind_the_end_cannot_be_satisfied() {
    assertThat(range("bytes=1000-").status()).isEqualTo(416);
    assertThat(range("bytes=999999999999999999-").status()).isEqualTo(416);
    assertThat(range("bytes=-0").status()).isEqualTo(416);
  }

  @Test
  void several_ranges_and_ranges_that_are_none_get_the_whole_file() {
    assertThat(range("bytes=0-1,3-4")).isEqualTo(WHOLE);
    assertThat(range("bytes=9-1")).isEqualTo(WHOLE);
    assertThat(range("bytes=-")).isEqualTo(WHOLE);
    assertThat(range("lines=1-2")).isEqualTo(WHOLE);
    assertThat(range("bytes=9999999999999999999-")).isEqualTo(WHOLE);
  }

  @Test
  void an_empty_file_has_no_part() {
    Response.Facts empty = new Response.Facts(0, Optional.empty(), Optional.empty());
    Response.Wishes wishes =
        new Response.Wishes(
            Optional.of("bytes=-5"), Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(Response.to(wishes, empty).status()).isEqualTo(416);
    assertThat(Response.to(Response.Wishes.NONE, empty)).isEqualTo(new Response(200, 0, 0));
  }

  @Test
  void a_client_that_has_the_content_is_told_so_by_tag_before_date() {
    assertThat(ifNoneMatch("\"1-2-3\"")).isEqualTo(NOT_MODIFIED);
    assertThat(ifNoneMatch("\"x\", W/\"1-2-3\"")).isEqualTo(NOT_MODIFIED);
    assertThat(ifNoneMatch("*")).isEqualTo(NOT_MODIFIED);
    assertThat(ifNoneMatch("\"other\"")).isEqualTo(WHOLE);
  }

  @Test
  void a_client_that_has_the_content_is_told_so_by_date() {
    assertThat(modifiedSince(CHANGED)).isEqualTo(NOT_MODIFIED);
    assertThat(modifiedSince(CHANGED.plusSeconds(9))).isEqualTo(NOT_MODIFIED);
    assertThat(modifiedSince(CHANGED.minusSeconds(1))).isEqualTo(WHOLE);
  }

  private static Response modifiedSince(Instant time) {
    return Response.to(
        new Response.Wishes(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(time)),
        FILE);
  }

  @Test
  void a_part_of_another_content_is_not_continued() {
    assertThat(ifRange("\"1-2-3\"").status()).isEqualTo(206);
    assertThat(ifRange("\"old\"")).isEqualTo(WHOLE);
    assertThat(ifRange("W/\"1-2-3\"")).isEqualTo(WHOLE);
    assertThat(ifRange("Sun, 01 Mar 2026 08:00:00 GMT")).isEqualTo(WHOLE);
  }

  private static Response ifRange(String validator) {
    return Response.to(
        new Response.Wishes(
            Optional.of("bytes=5-"), Optional.of(validator), Optional.empty(), Optional.empty()),
        FILE);
  }

  @Test
  void random_ranges_stay_within_the_file() {
    Random random = new Random(2);
    String signs = "bytes=-,0123456789 ";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder("bytes=");
      random.ints(random.nextInt(12), 0, signs.length()).forEach(j -> text.append(signs.charAt(j)));
      check(text.toString(), random.nextInt(3000));
    }
  }

  @FuzzTest
  void any_range_stays_within_the_file(FuzzedDataProvider data) {
    long size = data.consumeLong(0, Long.MAX_VALUE);
    check(data.consumeRemainingAsString(), size);
  }

  private static void check(String range, long size) {
    if (ByteRange.of(Optional.of(range), size) instanceof ByteRange.Part(long first, long last)) {
      assertThat(first).isBetween(0L, last);
      assertThat(last).isLessThan(size);
    }
  }
}
