package org.krgboot.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import org.krgboot.model.BootFile;

/** Between the headers of HTTP and what {@link Response} decides with. */
final class Headers {
  private Headers() {}

  /** Range is for GET only and ignored with HEAD, RFC 9110 section 14.2. */
  static Response.Wishes wishes(HttpRequest request) {
    HttpHeaders headers = request.headers();
    Optional<String> range = Optional.ofNullable(headers.get(HttpHeaderNames.RANGE));
    return new Response.Wishes(
        range.filter(_ -> request.method().equals(HttpMethod.GET)),
        Optional.ofNullable(headers.get(HttpHeaderNames.IF_RANGE)),
        Optional.ofNullable(headers.get(HttpHeaderNames.IF_NONE_MATCH)),
        date(headers.get(HttpHeaderNames.IF_MODIFIED_SINCE, "")));
  }

  /** A date that cannot be read is ignored, RFC 9110 section 13.1.3. */
  private static Optional<Instant> date(String text) {
    return text.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(DateFormatter.parseHttpDate(text)).map(Date::toInstant);
  }

  static Response.Facts facts(BootFile file) {
    return new Response.Facts(
        file.size(),
        file.fingerprint().map(print -> '"' + print + '"'),
        file.changed().map(time -> time.truncatedTo(ChronoUnit.SECONDS)));
  }

  static void describe(HttpHeaders headers, String name, Response.Facts file, Response decided) {
    file.tag().ifPresent(tag -> headers.set(HttpHeaderNames.ETAG, tag));
    file.changed()
        .ifPresent(time ->
            headers.set(HttpHeaderNames.LAST_MODIFIED, DateFormatter.format(Date.from(time))));
    headers.set(HttpHeaderNames.ACCEPT_RANGES, HttpHeaderValues.BYTES);
    if (decided.status() == HttpResponseStatus.NOT_MODIFIED.code()) {
      return;
    }
    headers.set(HttpHeaderNames.CONTENT_LENGTH, decided.length());
    headers.set(HttpHeaderNames.CONTENT_TYPE, type(name));
    if (decided.status() == HttpResponseStatus.PARTIAL_CONTENT.code()) {
      long last = decided.first() + decided.length() - 1;
      headers.set(
          HttpHeaderNames.CONTENT_RANGE,
          "bytes " + decided.first() + "-" + last + "/" + file.size());
    } else if (decided.status() == HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE.code()) {
      headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + file.size());
    }
  }

  /**
   * UEFI firmware goes by the type, else by the name's end (UEFI specification 2.10, section
   * 24.7.3.2); nobody else looks.
   */
  private static String type(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".efi")) {
      return "application/efi";
    }
    return lower.endsWith(".iso") ? "application/vnd.efi-iso" : "application/octet-stream";
  }

  static void common(HttpResponse response, Instant now, boolean keepAlive) {
    response.headers().set(HttpHeaderNames.SERVER, "krgboot");
    response.headers().set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(now)));
    HttpUtil.setKeepAlive(response, keepAlive);
  }
}
