package org.krgboot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplyPacerTest {
  @Test
  void replies_go_out_in_order_and_no_more_than_32_together() throws Exception {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    List<Integer> sent = new ArrayList<>();
    List<Integer> portions = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(110);
    ReplyPacer pacer = new ReplyPacer(loop, () -> portions.add(sent.size()));
    for (int batch : new int[] {0, 100}) {
      loop.execute(() -> {
        for (int i = batch; i < Math.min(batch + 100, 110); i++) {
          int reply = i;
          pacer.add(() -> {
            sent.add(reply);
            all.countDown();
          });
        }
        pacer.start();
      });
    }
    all.await();
    loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    assertThat(sent).containsExactlyElementsOf(IntStream.range(0, 110).boxed().toList());
    assertThat(portions).startsWith(32, 64, 96);
  }
}
