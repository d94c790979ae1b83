package org.krgboot.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.Ipv4;

/** The server on a real socket, by requests as they are on the wire. */
class HttpServerTest {
  @TempDir Path directory;
  private final BlockingQueue<BootEvent> events = new LinkedBlockingQueue<>();
  private FolderTree tree;
  private HttpServer server;
  private byte[] content;

  @BeforeEach
  void write() throws IOException {
    content = new byte[3_000_000];
    new Random(3).nextBytes(content);
    Files.write(directory.resolve("vmlinuz"), content);
    Files.writeString(directory.resolve("small"), "hello\n");
    Files.writeString(directory.resolve("empty"), "");
    tree = new FolderTree(directory);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.close();
    }
    assertThat(tree.stillOpen()).as("files left open").isZero();
  }

  private void start(Transport.Engine engine) throws IOException {
    start(engine, HttpConfig.Limits.DEFAULTS);
  }

  private void start(Transport.Engine engine, HttpConfig.Limits limits) throws IOException {
    HttpConfig config = new HttpConfig(Ipv4.parse("127.0.0.1"), 0, Optional.empty(), limits);
    server = HttpServer.start(config, tree, events::add, InstantSource.system(), engine);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Sends this and reads all answers until the server closes. */
  private String say(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private String get(String target, String... headers) throws IOException {
    return say(
        "GET "
            + target
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
            + "\r\n");
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void a_file_is_sent_whole_and_told(Transport.Engine engine) throws Exception {
    start(engine);
    String answer = get("/vmlinuz");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\ncontent-length: 3000000\r\n")
        .contains("\r\naccept-ranges: bytes\r\n");
    assertThat(body(answer).getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(content);
    BootEvent.FileSent sent = (BootEvent.FileSent) events.poll(10, TimeUnit.SECONDS);
    assertThat(sent.file()).isEqualTo("vmlinuz");
    assertThat(sent.carrier()).isEqualTo(BootEvent.Carrier.HTTP);
    assertThat(sent.bytes()).isEqualTo(3_000_000);
    assertThat(sent.role()).isEqualTo(BootFile.Role.KERNEL);
    assertThat(server.counters()).containsEntry("http.sent.files", 1L);
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void an_empty_file_and_one_made_in_memory_are_sent(Transport.Engine engine) throws Exception {
    start(engine);
    assertThat(get("/empty")).contains("content-length: 0\r\n").endsWith("\r\n\r\n");
    assertThat(body(get("/rendered"))).isEqualTo(FolderTree.RENDERED);
    assertThat(body(get("/rendered", "Range: bytes=3-6")))
        .isEqualTo(FolderTree.RENDERED.substring(3, 7));
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void head_tells_the_length_and_sends_nothing(Transport.Engine engine) throws Exception {
    start(engine);
    assertThat(say("HEAD /vmlinuz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK")
        .contains("content-length: 3000000\r\n")
        .endsWith("\r\n\r\n");
    assertThat(say("HEAD /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 404 Not Found")
        .endsWith("\r\n\r\n");
    assertThat(server.counters()).containsEntry("http.sent.files", 0L);
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void head_knows_no_ranges(Transport.Engine engine) throws Exception {
    start(engine);
    for (String range : new String[] {"bytes=0-9", "bytes=9000000-"}) {
      String head = "HEAD /vmlinuz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: ";
      assertThat(say(head + range + "\r\n\r\n"))
          .startsWith("HTTP/1.1 200 OK")
          .contains("content-length: 3000000\r\n")
          .doesNotContain("content-range");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void parts_are_sent_and_only_the_last_one_counts_as_the_file(Transport.Engine engine)
      throws Exception {
    start(engine);
    String part = get("/vmlinuz", "Range: bytes=1000000-1999999");
    assertThat(part)
        .startsWith("HTTP/1.1 206 Partial Content")
        .contains("content-range: bytes 1000000-1999999/3000000\r\n");
    assertThat(body(part).getBytes(StandardCharsets.ISO_8859_1))
        .isEqualTo(java.util.Arrays.copyOfRange(content, 1_000_000, 2_000_000));
    assertThat(get("/vmlinuz", "Range: bytes=3000000-"))
        .startsWith("HTTP/1.1 416")
        .contains("content-range: bytes */3000000\r\n");
    assertThat(events).isEmpty();
    get("/vmlinuz", "Range: bytes=2999999-");
    assertThat(events.poll(10, TimeUnit.SECONDS)).isInstanceOf(BootEvent.FileSent.class);
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void a_client_that_has_it_already_gets_no_copy_until_it_changes(Transport.Engine engine)
      throws Exception {
    start(engine);
    String first = get("/small");
    String tag = first.replaceFirst("(?s).*etag: (\"[^\"]*\").*", "$1");
    assertThat(get("/small", "If-None-Match: " + tag)).startsWith("HTTP/1.1 304");
    String date = first.replaceFirst("(?s).*last-modified: ([^\r]*).*", "$1");
    assertThat(get("/small", "If-Modified-Since: " + date)).startsWith("HTTP/1.1 304");
    Path other = Files.writeString(directory.resolve("new"), "other!");
    Files.move(other, directory.resolve("small"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    assertThat(get("/small", "If-None-Match: " + tag)).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void a_connection_is_kept_and_requests_sent_ahead_are_answered_in_order(Transport.Engine engine)
      throws Exception {
    start(engine);
    String answers =
        say(
            "GET /small HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /none HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /rendered HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answers)
        .containsSubsequence("200 OK", "hello", "404 Not Found", "200 OK", FolderTree.RENDERED);
    assertThat(say("GET /small HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200").endsWith("hello\n");
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void a_file_replaced_while_it_is_sent_is_finished_from_the_old_one(Transport.Engine engine)
      throws Exception {
    start(engine);
    byte[] large = new byte[60_000_000];
    new Random(4).nextBytes(large);
    Files.write(directory.resolve("initrd"), large);
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write("GET /initrd HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      byte[] begin = in.readNBytes(1000);
      Path other = Files.writeString(directory.resolve("new"), "short");
      Files.move(other, directory.resolve("initrd"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      byte[] rest = in.readAllBytes();
      String head = new String(begin, StandardCharsets.ISO_8859_1);
      int length = begin.length - head.indexOf("\r\n\r\n") - 4 + rest.length;
      assertThat(length).isEqualTo(large.length);
      assertThat(rest[rest.length - 1]).isEqualTo(large[large.length - 1]);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void what_is_not_there_is_refused_with_a_text_that_says_why(Transport.Engine engine)
      throws Exception {
    start(engine);
    assertThat(get("/none"))
        .startsWith("HTTP/1.1 404")
        .endsWith("krgboot: there is no file none\n");
    assertThat(events.poll(10, TimeUnit.SECONDS)).isInstanceOf(BootEvent.FileRefused.class);
    assertThat(get("/../../etc/passwd")).startsWith("HTTP/1.1 403");
    assertThat(get("/%2e%2e/%2e%2e/etc/passwd")).startsWith("HTTP/1.1 403");
    assertThat(get("/a%00b")).startsWith("HTTP/1.1 400");
    assertThat(get("/throws")).startsWith("HTTP/1.1 503");
    assertThat(say("POST /small HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
        .startsWith("HTTP/1.1 405")
        .contains("allow: GET, HEAD\r\n");
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void strangers_who_do_not_speak_http_are_turned_away(Transport.Engine engine) throws Exception {
    start(engine);
    assertThat(say("GET /" + "a".repeat(5000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 414");
    assertThat(say("GET / HTTP/1.1\r\nA: " + "a".repeat(9000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
    assertThat(say("\u0016\u0003\u0001 nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(say("GET /small HTTP/1.1\r\nContent-Length: nine\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(server.counters().get("http.malformed")).isEqualTo(4);
    Random random = new Random(5);
    for (int i = 0; i < 50; i++) {
      byte[] octets = new byte[random.nextInt(300)];
      random.nextBytes(octets);
      say(new String(octets, StandardCharsets.ISO_8859_1) + "\r\n\r\nx y z\r\n\r\n");
    }
    assertThat(get("/small")).endsWith("hello\n");
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void too_many_connections_of_one_address_are_closed_and_make_room_again(Transport.Engine engine)
      throws Exception {
    start(engine, new HttpConfig.Limits(10, 2, Duration.ofSeconds(60)));
    List<Socket> held = new ArrayList<>(List.of(connect(), connect()));
    for (Socket socket : held) {
      ask(socket);
    }
    try (Socket third = connect()) {
      assertThat(third.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(server.counters()).containsEntry("http.busy", 1L);
    for (Socket socket : held) {
      socket.close();
    }
    while (server.counters().get("http.connections") > 0) {
      Thread.sleep(5);
    }
    assertThat(get("/small")).endsWith("hello\n");
  }

  private static void ask(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("HEAD /small HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void who_says_nothing_or_trickles_is_closed(Transport.Engine engine) throws Exception {
    start(engine, new HttpConfig.Limits(10, 10, Duration.ofSeconds(1)));
    try (Socket silent = connect();
        Socket trickling = connect()) {
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThatThrownBy(
              () -> {
                while (true) {
                  trickling.getOutputStream().write('G');
                  Thread.sleep(100);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(server.counters().get("http.idle.closed")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void a_node_that_goes_away_in_the_middle_is_told(Transport.Engine engine) throws Exception {
    start(engine);
    Files.write(directory.resolve("big"), new byte[40_000_000]);
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write("GET /big HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
      socket.setSoLinger(true, 0);
    }
    BootEvent event = events.poll(20, TimeUnit.SECONDS);
    assertThat(event).isInstanceOf(BootEvent.FileRefused.class);
    assertThat(((BootEvent.FileRefused) event).reason()).contains("closed the connection");
  }

  @ParameterizedTest
  @EnumSource(Transport.Engine.class)
  void a_port_that_is_held_is_named(Transport.Engine engine) throws Exception {
    start(engine);
    HttpConfig same = HttpConfig.on(Ipv4.parse("127.0.0.1"), server.port());
    assertThatThrownBy(
            () -> HttpServer.start(same, tree, events::add, InstantSource.system(), engine))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("127.0.0.1:" + server.port());
  }
}
