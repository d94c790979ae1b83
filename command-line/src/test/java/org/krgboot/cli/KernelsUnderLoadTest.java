package org.krgboot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.net.tftp.TFTP;
import org.apache.commons.net.tftp.TFTPClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.daemon.KrgbootDaemon;
import org.krgboot.kernels.KernelGarbage;
import org.krgboot.kernels.KernelStore;
import org.krgboot.settings.SettingKey;

/** Nodes that load while kernels are published, rolled back and removed. */
class KernelsUnderLoadTest {
  private static final int PUBLISHES = 200;
  private static final int BOOTS = 25;
  private static final Pattern KERNEL = Pattern.compile("boot/kernel-([0-9]+)/vmlinuz");
  private static final Pattern INITRD = Pattern.compile("boot/kernel-[0-9]+/initrd\\.img");
  private static final Pattern MARK = Pattern.compile("made-as-([0-9]+)");

  @TempDir Path directory;
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<AtomicInteger> boots = new ArrayList<>();

  /** One request for a file. */
  private interface Fetch {
    byte[] of(String name) throws Exception;
  }

  @Test
  void each_boot_gets_kernel_and_initrd_of_one_make_and_none_fails() throws Exception {
    int http;
    int tftp;
    try (ServerSocket free = new ServerSocket(0);
        DatagramSocket alsoFree = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      http = free.getLocalPort();
      tftp = alsoFree.getLocalPort();
    }
    Path state = directory.resolve("state");
    try (KrgbootDaemon _ =
            KrgbootDaemon.builder()
                .set(SettingKey.ONLY, List.of("tftp", "http"))
                .set(SettingKey.LISTEN, "127.0.0.1")
                .set(SettingKey.STATE_DIR, state.toString())
                .set(SettingKey.NFS_ROOT, directory.resolve("root").toString())
                .set(SettingKey.TFTP_ROOT, directory.resolve("tftp").toString())
                .set(SettingKey.TFTP_PORT, tftp)
                .set(SettingKey.HTTP_PORT, http)
                .set(SettingKey.STATUS_PORT, 0)
                .start();
        KernelStore store = KernelStore.open(state.resolve("kernels"));
        ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      add(store, 1);
      store.publish(1, "default");
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        running.add(nodes.submit(() -> boot("boot.ipxe", name -> byHttp(http, name))));
        running.add(nodes.submit(() -> boot("pxelinux.cfg/default", name -> byTftp(tftp, name))));
      }
      try {
        publish(store, running);
      } finally {
        over.set(true);
      }
      for (Future<?> node : running) {
        node.get();
      }
    }
  }

  private void add(KernelStore store, int number) throws IOException {
    Path result = BuiltKernel.make(directory.resolve("out"), "6.1." + number, "made-as-" + number);
    assertThat(store.add(result).version().number()).isEqualTo(number);
  }

  /** Until all of it was done often enough, and every node has booted often enough meanwhile. */
  private void publish(KernelStore store, List<Future<?>> running) throws Exception {
    int number = 1;
    for (int i = 0; i < PUBLISHES || haveNotBooted(running); i++) {
      switch (i % 4) {
        case 0, 2 -> {
          add(store, ++number);
          store.publish(number, "default");
        }
        case 1 -> store.rollback("default");
        default -> store.publish(number - 1, "default");
      }
      if (i % 10 == 9) {
        var kept = KernelGarbage.kept(store, List.of(), 1, InstantSource.system().instant());
        var _ = KernelGarbage.remove(store, kept.keySet());
      }
    }
  }

  private boolean haveNotBooted(List<Future<?>> running) {
    synchronized (boots) {
      return running.stream().noneMatch(Future::isDone)
          && boots.stream().anyMatch(count -> count.get() < BOOTS);
    }
  }

  private Void boot(String configuration, Fetch fetch) throws Exception {
    AtomicInteger count = new AtomicInteger();
    synchronized (boots) {
      boots.add(count);
    }
    while (!over.get()) {
      String text = new String(fetch.of(configuration), StandardCharsets.UTF_8);
      Matcher kernel = KERNEL.matcher(text);
      Matcher initrd = INITRD.matcher(text);
      assertThat(kernel.find() && initrd.find()).as(text).isTrue();
      String number = kernel.group(1);
      assertThat(text).contains(" krgboot.kernel=" + number);
      assertThat(mark(fetch.of(kernel.group()))).isEqualTo(number);
      assertThat(mark(fetch.of(initrd.group()))).isEqualTo(number);
      count.incrementAndGet();
    }
    return null;
  }

  private static String mark(byte[] file) {
    Matcher mark = MARK.matcher(new String(file, StandardCharsets.ISO_8859_1));
    assertThat(mark.find()).isTrue();
    return mark.group(1);
  }

  private static byte[] byHttp(int port, String name) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + name)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).as(name).isEqualTo(200);
      return answer.body();
    }
  }

  private static byte[] byTftp(int port, String name) throws Exception {
    TFTPClient client = new TFTPClient();
    client.setDefaultTimeout(Duration.ofSeconds(60));
    client.open();
    try {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      client.receiveFile(name, TFTP.BINARY_MODE, content, InetAddress.getLoopbackAddress(), port);
      return content.toByteArray();
    } finally {
      client.close();
    }
  }
}
