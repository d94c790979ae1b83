package org.krgboot.daemon;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Who may ask over TCP. A browser on this machine opens pages of strangers too, which can send it
 * to us: so the name under which we are called must be ours (else a stranger's name could be made
 * to mean this machine), no other site may ask, and nothing is changed without the token, which no
 * browser sends by itself.
 */
final class WebGate extends Handler.Wrapper {
  /** They tell nothing of the cluster. */
  private static final Set<String> OPEN = Set.of("/", "/health", "/ready", "/openapi.json");

  private static final Set<String> READ = Set.of("GET", "HEAD");
  private static final String BEARER = "Bearer ";

  /** From where it can be reached. */
  enum Reach {
    /** Readers on this machine need no token. */
    THIS_MACHINE,
    NETWORK
  }

  /** What of a request decides; a header that is not there is empty. */
  record Ask(
      String method, String path, String host, String origin, String site, String authorization) {
    static Ask of(Request request) {
      HttpFields headers = request.getHeaders();
      return new Ask(
          request.getMethod(),
          Request.getPathInContext(request),
          header(headers, HttpHeader.HOST.asString()),
          header(headers, HttpHeader.ORIGIN.asString()),
          header(headers, "Sec-Fetch-Site"),
          header(headers, HttpHeader.AUTHORIZATION.asString()));
    }

    private static String header(HttpFields headers, String name) {
      return Optional.ofNullable(headers.getField(name)).map(HttpField::getValue).orElse("");
    }
  }

  /** Why it is not answered; for the user to read. */
  record Refusal(int status, String error) {}

  private final Set<String> hosts;
  private final Reach reach;
  private final Supplier<Optional<String>> token;

  /**
   * For those who ask there.
   *
   * @param hosts names and addresses, without a port, that mean us
   * @param token the one that holds at this moment
   */
  WebGate(Set<String> hosts, Reach reach, Supplier<Optional<String>> token, Handler behind) {
    super(behind);
    this.hosts = Set.copyOf(hosts);
    this.reach = reach;
    this.token = token;
  }

  /** Why the request is refused; empty if it is not. Changes nothing. */
  Optional<Refusal> refusal(Ask ask) {
    if (!hosts.contains(withoutPort(ask.host()))) {
      return refuse(
          HttpStatus.MISDIRECTED_REQUEST_421,
          "this is not '" + ask.host() + "'; call it by its address, or name it in status.hosts");
    }
    if (isOfAnotherSite(ask)) {
      return refuse(HttpStatus.FORBIDDEN_403, "asked by a page of another site");
    }
    boolean reads = READ.contains(ask.method());
    if (reads && (reach == Reach.THIS_MACHINE || OPEN.contains(ask.path()))) {
      return Optional.empty();
    }
    Optional<String> wanted = token.get();
    if (wanted.isEmpty()) {
      return refuse(
          HttpStatus.FORBIDDEN_403,
          "actions need a token, and none is set (status.token-file); the command line needs none");
    }
    return isToken(ask.authorization(), wanted.get())
        ? Optional.empty()
        : refuse(
            HttpStatus.UNAUTHORIZED_401,
            ask.authorization().isEmpty()
                ? "this needs the token of status.token-file"
                : "this is not the token of status.token-file");
  }

  private static Optional<Refusal> refuse(int status, String error) {
    return Optional.of(new Refusal(status, error));
  }

  /** Browsers say so by Sec-Fetch-Site, old ones by Origin. */
  private static boolean isOfAnotherSite(Ask ask) {
    boolean navigation = ask.path().equals("/") && READ.contains(ask.method());
    boolean foreignSite = !Set.of("", "same-origin", "none").contains(ask.site());
    boolean foreignOrigin =
        !ask.origin().isEmpty() && !ask.origin().replaceFirst("^https?://", "").equals(ask.host());
    return !navigation && (foreignSite || foreignOrigin);
  }

  private static boolean isToken(String authorization, String token) {
    return authorization.startsWith(BEARER)
        && MessageDigest.isEqual(
            authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
            token.getBytes(StandardCharsets.UTF_8));
  }

  private static String withoutPort(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.startsWith("[")
        ? lower.replaceFirst("]:\\d*$", "]")
        : lower.replaceFirst(":\\d*$", "");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Optional<Refusal> refusal = refusal(Ask.of(request));
    if (refusal.isEmpty()) {
      return super.handle(request, response, callback);
    }
    if (refusal.get().status() == HttpStatus.UNAUTHORIZED_401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    // What it sent is not read, so the connection ends: who is not told would ask on it again.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    Answers.json(
        response, callback, refusal.get().status(), Map.of("error", refusal.get().error()));
    return true;
  }
}
