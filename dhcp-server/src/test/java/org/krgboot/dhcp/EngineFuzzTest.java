package org.krgboot.dhcp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** The same promises as in {@link EngineInvariantsTest}, with requests made of any bytes. */
class EngineFuzzTest {
  /** More tell nothing new. */
  private static final int MOST_REQUESTS = 200;

  @FuzzTest
  void no_bytes_break_a_promise(byte[] bytes) {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    EngineInvariantsTest promises = new EngineInvariantsTest();
    for (int i = 0; i < MOST_REQUESTS && source.hasRemaining(); i++) {
      promises.ask(bound -> source.hasRemaining() ? Byte.toUnsignedInt(source.get()) % bound : 0);
    }
  }
}
