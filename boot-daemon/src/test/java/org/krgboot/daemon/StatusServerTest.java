package org.krgboot.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.Handler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootFile;
import org.krgboot.settings.StatusConfig;

class StatusServerTest {
  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private ManyNodes nodes;

  @BeforeEach
  void start() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), ManyNodes.TOKEN + "\n");
    nodes = new ManyNodes(directory, ManyNodes.anyPort(Optional.of(token)));
  }

  @AfterEach
  void stop() {
    client.close();
    nodes.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + nodes.port + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void the_page_loads_nothing_from_elsewhere_and_no_other_page_may_frame_it() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("<title>krgboot</title>")
        .doesNotContain("src=\"http", "@import");
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
    assertThat(page.headers().firstValue("Server")).isEmpty();
  }

  @Test
  void health_and_readiness_are_told() throws Exception {
    assertThat(get("/health").body()).isEqualTo("{\"status\":\"up\"}");
    assertThat(get("/ready").body()).isEqualTo("{\"status\":\"ready\"}");
  }

  @Test
  void metrics_have_names_units_and_no_label_for_a_node() throws Exception {
    nodes.boot(20);
    String text = get("/metrics").body();
    assertThat(text)
        .contains(
            "krgboot_dhcp_sent_total{message=\"offer\"} 3.0",
            "# TYPE krgboot_dhcp_sent_total counter",
            "krgboot_tftp_sent_bytes_total 99.0",
            "krgboot_tftp_active 1.0",
            "krgboot_nfs_calls_total{procedure=\"read\"} 12.0",
            "krgboot_dhcp_store_seconds_total 2.5",
            "krgboot_nodes{stage=\"up\"} 15.0",
            "krgboot_server_answers{server=\"dhcp\"} 1.0")
        .doesNotContain("krgnode", "52:54:00", "10.11.");
  }

  @Test
  void a_reader_of_the_feed_is_told_all_nodes_and_then_what_changes() throws Exception {
    nodes.boot(3);
    HttpResponse<java.io.InputStream> stream =
        client.send(to("/api/stream").build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
      assertThat(next(lines, "event: nodes")).contains("krgnode1", "krgnode2", "krgnode3");
      nodes.comesUp(2, Instant.now());
      assertThat(next(lines, "event: nodes"))
          .contains("krgnode2", "\"up\"")
          .doesNotContain("krgnode1", "krgnode3");
      nodes.configure(7, 8);
      assertThat(next(lines, "event: nodes")).contains("krgnode7", "krgnode8");
      nodes.configure(7);
      assertThat(next(lines, "event: gone"))
          .contains(ManyNodes.mac(8).toString())
          .doesNotContain(ManyNodes.mac(7).toString(), ManyNodes.mac(1).toString());
    }
  }

  private static String next(BufferedReader lines, String event) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(event)) {
      line = lines.readLine();
    }
    return String.valueOf(lines.readLine());
  }

  @Test
  void an_order_takes_the_token_and_no_other() throws Exception {
    nodes.asks(1, Instant.now());
    nodes.fetches(1, BootFile.Role.LOADER, Instant.now());
    HttpResponse<String> none = order(Optional.empty());
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("Connection"))
        .as("its body was not read")
        .contains("close");
    assertThat(order(Optional.of("wrong")).statusCode()).isEqualTo(401);
    HttpResponse<String> told = order(Optional.of(ManyNodes.TOKEN));
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(told.body()).contains("\"nodes\":[\"krgnode1\"]");
    assertThat(get("/api/nodes").body()).contains("\"target\":\"memtest once\"");
  }

  @Test
  void a_token_that_was_replaced_is_worth_nothing_from_then_on() throws Exception {
    nodes.asks(1, Instant.now());
    String other = "0123456789abcdef0123456789abcdef";
    Path file = Files.writeString(directory.resolve("token"), other);
    assertThat(order(Optional.of(ManyNodes.TOKEN)).statusCode()).isEqualTo(401);
    assertThat(order(Optional.of(other)).statusCode()).isEqualTo(200);
    Files.delete(file);
    assertThat(order(Optional.of(other)).statusCode()).isEqualTo(403);
  }

  @Test
  void who_opens_too_many_connections_waits_and_is_served_when_others_have_gone() throws Exception {
    List<Socket> many = new ArrayList<>();
    try (Socket late = new Socket()) {
      for (int i = 0; i < 256; i++) {
        Socket open = new Socket("127.0.0.1", nodes.port);
        many.add(open);
        ask(open);
        assertThat(open.getInputStream().read()).isEqualTo('H');
      }
      late.connect(many.getFirst().getRemoteSocketAddress());
      ask(late);
      late.setSoTimeout(500);
      assertThatThrownBy(() -> late.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      many.getFirst().close();
      late.setSoTimeout(60_000);
      assertThat(late.getInputStream().read()).isEqualTo('H');
    } finally {
      for (Socket each : many) {
        each.close();
      }
    }
  }

  private static void ask(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
  }

  @Test
  void on_any_address_it_is_called_by_one_of_this_machines() throws Exception {
    StatusConfig any =
        new StatusConfig(
            "0.0.0.0",
            0,
            StatusConfig.WhenTaken.DO_NOT_START,
            Optional.of(directory.resolve("token")),
            Optional.empty(),
            List.of());
    try (StatusServer server = StatusServer.start(any, new Handler.Sequence()).orElseThrow()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/nodes"))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .as("asks for the token, and not for another name")
          .isEqualTo(401);
    }
  }

  private HttpResponse<String> order(Optional<String> token) throws Exception {
    HttpRequest.Builder request =
        to("/api/boot")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"nodes\":\"krgnode1\",\"target\":\"memtest\",\"once\":true}"));
    token.ifPresent(word -> request.header("Authorization", "Bearer " + word));
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_request_by_another_name_or_from_another_site_is_refused_on_the_wire() throws Exception {
    assertThat(
            raw("GET /api/nodes HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 421");
    assertThat(
            raw(
                "POST /api/boot HTTP/1.1\r\nHost: localhost\r\nOrigin: http://attacker.example\r\n"
                    + "Authorization: Bearer "
                    + ManyNodes.TOKEN
                    + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
        .startsWith("HTTP/1.1 403");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", nodes.port)) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void a_port_that_is_taken_keeps_the_daemon_from_starting_only_if_it_was_asked_for()
      throws Exception {
    assertThat(StatusServer.start(taken(StatusConfig.WhenTaken.LEAVE_OUT), null)).isEmpty();
    assertThatThrownBy(() -> StatusServer.start(taken(StatusConfig.WhenTaken.DO_NOT_START), null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(":" + nodes.port)
        .hasMessageContaining("choose another status.port");
  }

  private StatusConfig taken(StatusConfig.WhenTaken what) {
    return new StatusConfig(
        "127.0.0.1", nodes.port, what, Optional.empty(), Optional.empty(), List.of());
  }

  @Test
  void a_token_that_is_missing_or_short_is_told_with_how_to_make_one() throws Exception {
    Path none = directory.resolve("none");
    Path shorter = Files.writeString(directory.resolve("short"), "x");
    for (Path file : List.of(none, shorter)) {
      assertThatThrownBy(() -> StatusServer.start(ManyNodes.anyPort(Optional.of(file)), null))
          .hasMessageContaining("openssl rand -hex 24 > " + file);
    }
  }

  @Test
  void beyond_this_machine_it_speaks_tls_and_wants_the_token_for_everything() throws Exception {
    Path key = directory.resolve("tls.key");
    Path certificate = directory.resolve("tls.pem");
    Path token = directory.resolve("token");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "SKIPPED: openssl is missing");
    new ProcessBuilder(
            ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                    + " -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout "
                    + key
                    + " -out "
                    + certificate)
                .split(" "))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("openssl.log").toFile())
        .start()
        .waitFor();
    StatusConfig config =
        new StatusConfig(
            "0.0.0.0",
            0,
            StatusConfig.WhenTaken.DO_NOT_START,
            Optional.of(token),
            Optional.of(new StatusConfig.Tls(certificate, key)),
            List.of("127.0.0.1"));
    try (ManyNodes far = new ManyNodes(Files.createDirectory(directory.resolve("far")), config);
        HttpClient trusting = HttpClient.newBuilder().sslContext(trusting(certificate)).build()) {
      URI nodesThere = URI.create("https://127.0.0.1:" + far.port + "/api/nodes");
      HttpRequest.Builder ask = HttpRequest.newBuilder(nodesThere);
      HttpResponse.BodyHandler<String> text = HttpResponse.BodyHandlers.ofString();
      assertThat(trusting.send(ask.build(), text).statusCode()).isEqualTo(401);
      ask.header("Authorization", "Bearer " + ManyNodes.TOKEN);
      assertThat(trusting.send(ask.build(), text).body()).isEqualTo("[]");
    }
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var file = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "status", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void a_certificate_that_cannot_be_used_is_named() throws Exception {
    Path wrong = Files.writeString(directory.resolve("wrong.pem"), "no certificate");
    StatusConfig config =
        new StatusConfig(
            "127.0.0.1",
            0,
            StatusConfig.WhenTaken.DO_NOT_START,
            Optional.empty(),
            Optional.of(new StatusConfig.Tls(wrong, wrong)),
            List.of());
    assertThatThrownBy(() -> StatusServer.start(config, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(wrong.toString())
        .hasMessageContaining("PEM");
  }
}
