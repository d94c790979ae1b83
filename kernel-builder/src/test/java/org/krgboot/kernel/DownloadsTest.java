package org.krgboot.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.kernel.Downloads.Limits;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.Machine;
import org.krgboot.steps.Sha256;

/** Servers that serve, and those that do not. */
class DownloadsTest {
  private static final Limits SHORT =
      new Limits(Duration.ofSeconds(1), Duration.ofMinutes(1), 1 << 20);
  private static final String TEXT = "a kernel's archive";

  /** What a server does with a request. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  @TempDir Path directory;
  private Path to;
  private HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);

  @BeforeEach
  void server() throws IOException {
    to = directory.resolve("cache/file");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.close();
  }

  private String url(String path, Answer answer) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            answer.to(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static void text(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, TEXT.length());
    exchange.getResponseBody().write(TEXT.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private void fetch(String url, Limits limits) throws Exception {
    Downloads.fetch(url, to, Sha256.of(TEXT), limits);
  }

  private void refused(String url, Limits limits, String because) throws Exception {
    assertThatThrownBy(() -> fetch(url, limits))
        .isInstanceOf(BuildFailedException.class)
        .hasMessageStartingWith(url + " ")
        .hasMessageContaining(because);
    assertThat(FakeTree.everything(to.getParent())).containsExactly("", ".krgboot-lock");
  }

  @Test
  void what_is_fetched_is_fetched_once_and_also_from_elsewhere() throws Exception {
    List<String> asked = new ArrayList<>();
    url(
        "/there",
        exchange -> {
          asked.add("there");
          text(exchange);
        });
    String url =
        url(
            "/here",
            exchange -> {
              exchange.getResponseHeaders().add("Location", "/there");
              exchange.sendResponseHeaders(302, -1);
            });
    Files.createDirectories(to.getParent());
    Files.writeString(to.resolveSibling(".krgboot-part-1234"), "of one that was killed");
    fetch(url, SHORT);
    assertThat(to).hasContent(TEXT);
    fetch(url, SHORT);
    assertThat(asked).hasSize(1);
    assertThat(FakeTree.everything(to.getParent())).containsExactly("", ".krgboot-lock", "file");
  }

  @Test
  void a_server_that_says_nothing_is_waited_for_so_long_only() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refused("http://127.0.0.1:" + silent.getLocalPort() + "/x", SHORT, "said nothing for 1 s");
    }
    refused(
        url(
            "/half",
            exchange -> {
              exchange.sendResponseHeaders(200, TEXT.length());
              exchange.getResponseBody().write('a');
              exchange.getResponseBody().flush();
              end.await();
            }),
        SHORT,
        "said nothing for 1 s");
  }

  @Test
  void what_has_no_end_is_taken_to_a_bound_only() throws Exception {
    Answer endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (end.getCount() > 0) {
            exchange.getResponseBody().write(new byte[1 << 16]);
          }
        };
    refused(url("/large", endless), SHORT, "it is larger than 1 MB");
    refused(
        url("/slow", endless),
        new Limits(SHORT.idle(), Duration.ZERO, Long.MAX_VALUE),
        "it takes longer than 0 min");
    refused(
        url(
            "/announced",
            exchange -> {
              exchange.sendResponseHeaders(200, 1L << 40);
              exchange.getResponseBody().write('a');
              exchange.getResponseBody().flush();
              end.await();
            }),
        SHORT,
        "it is larger than 1 MB");
  }

  @Test
  void a_wrong_sum_an_error_and_a_server_that_goes_away_leave_nothing() throws Exception {
    refused(
        url(
            "/wrong",
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write('x');
            }),
        SHORT,
        "is not what the recipe names: its SHA-256 is " + Sha256.of("x"));
    refused(
        url("/none", exchange -> exchange.sendResponseHeaders(404, -1)),
        SHORT,
        "the server answers 404");
    refused(
        url(
            "/round",
            exchange -> {
              exchange.getResponseHeaders().add("Location", "/round");
              exchange.sendResponseHeaders(301, -1);
            }),
        SHORT,
        "again and again that it is elsewhere");
    String half =
        url(
            "/half",
            exchange -> {
              exchange.sendResponseHeaders(200, TEXT.length());
              exchange.getResponseBody().write('a');
              exchange.getResponseBody().flush();
            });
    refused(half, SHORT, "cannot be had (");
  }

  private String git(String repository, String commit, Path mirror) throws Exception {
    KernelRecipe.Origin origin =
        new KernelRecipe.Origin.Git(repository, commit, Optional.of(mirror));
    KernelAction.Run fetch =
        (KernelAction.Run)
            new SourceSteps(KernelPlace.beside(directory.resolve("kernel")))
                .unpack(new KernelRecipe.Source("linux", origin))
                .actions()
                .getFirst();
    ProcessBuilder builder = new ProcessBuilder(fetch.words()).redirectErrorStream(true);
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    return process.waitFor() + " " + said;
  }

  @Test
  void a_commit_is_fetched_once_whatever_a_killed_one_has_left() throws Exception {
    assumeTrue(Machine.real().find("git").isPresent(), "SKIPPED: `git` is missing");
    FakeTree.sh(
        directory,
        "mkdir far; cd far; export HOME=/nonexistent; git init -q; echo x > x; git add x;"
            + " git -c user.name=x -c user.email=x@x commit -qm x; git rev-parse HEAD > ../commit;"
            + " mkdir -p ../cache/git/objects/pack;"
            + " touch ../cache/git/shallow.lock ../cache/git/objects/pack/tmp_pack_1");
    String commit = Files.readString(directory.resolve("commit")).strip();
    Path mirror = directory.resolve("cache/git");
    String repository = "file://" + directory.resolve("far");
    assertThat(git(repository, commit, mirror)).isEqualTo("0 ");
    assertThat(mirror.resolve("objects/pack/tmp_pack_1")).doesNotExist();
    FakeTree.sh(directory, "rm -r far; git -C cache/git show " + commit + ":x > x");
    assertThat(directory.resolve("x")).hasContent("x");
    assertThat(git(repository, commit, mirror)).isEqualTo("0 ");
  }

  @Test
  void a_repository_that_wants_a_password_is_an_error_and_no_question() throws Exception {
    assumeTrue(Machine.real().find("git").isPresent(), "SKIPPED: `git` is missing");
    String url =
        url(
            "/private",
            exchange -> {
              exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"x\"");
              exchange.sendResponseHeaders(401, -1);
            });
    assertThat(git(url, "0".repeat(40), directory.resolve("cache/git")))
        .contains("terminal prompts disabled");
  }
}
