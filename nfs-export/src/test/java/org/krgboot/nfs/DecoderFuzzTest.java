package org.krgboot.nfs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes give a value or our own refusal; nothing else comes out of a decoder. */
class DecoderFuzzTest {
  @FuzzTest
  void any_bytes_are_a_message_or_malformed(byte[] bytes) {
    decodeMessage(bytes);
  }

  @FuzzTest
  void any_bytes_are_arguments_or_malformed(byte[] bytes) {
    decodeArguments(bytes);
  }

  @FuzzTest
  void any_bytes_are_a_handle_or_refused(byte[] bytes) {
    decodeHandle(bytes);
  }

  @FuzzTest
  void any_bytes_are_records_or_too_long(byte[] bytes) {
    decodeRecords(bytes);
  }

  @FuzzTest
  void any_bytes_are_a_mount_path_and_a_query(byte[] bytes) {
    decodeMountAndPortmap(bytes);
  }

  @FuzzTest
  void any_bytes_are_a_portmappers_answer_or_malformed(byte[] bytes) {
    decodePortmappersAnswer(bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void random_bytes_do_no_harm(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      for (int at = 0; at + 4 <= bytes.length; at += 4) { // small numbers get further
        if (random.nextInt(3) > 0) {
          ByteBuffer.wrap(bytes).putInt(at, random.nextInt(12));
        }
      }
      decodeMessage(bytes);
      decodeArguments(bytes);
      decodeHandle(bytes);
      decodeRecords(bytes);
      decodeMountAndPortmap(bytes);
      decodePortmappersAnswer(bytes);
    }
  }

  private static void decodeMessage(byte[] bytes) {
    try {
      RpcMessage.decode(new XdrReader(ByteBuffer.wrap(bytes)));
    } catch (MalformedException expected) {
      // the refusal
    }
  }

  private static void decodeArguments(byte[] bytes) {
    for (int procedure = -1; procedure < 23; procedure++) {
      try {
        NfsCallDecoder.decode(procedure, new XdrReader(ByteBuffer.wrap(bytes)));
      } catch (MalformedException expected) {
        // the refusal
      }
    }
  }

  private static void decodeHandle(byte[] bytes) {
    try {
      new HandleCodec(new byte[HandleKey.LENGTH]).decode(new WireHandle(bytes));
    } catch (NfsException expected) {
      // the refusal
    }
  }

  private static void decodeRecords(byte[] bytes) {
    RecordStream stream = new RecordStream(new BufferPool(1 << 20, 8 << 20), 1000);
    try {
      for (byte each : bytes) {
        stream.room().put(each);
        while (stream.next() != null) {
          // taken
        }
      }
    } catch (MalformedException expected) {
      // the refusal
    } finally {
      stream.release();
    }
  }

  private static void decodeMountAndPortmap(byte[] bytes) {
    MountPath.of(MountPath.withoutOptions(bytes));
    try {
      PortmapProgram.Query.decode(new XdrReader(ByteBuffer.wrap(bytes)));
    } catch (MalformedException expected) {
      // the refusal
    }
  }

  private static void decodePortmappersAnswer(byte[] bytes) {
    try {
      PortmapMessage.results(1, ByteBuffer.wrap(bytes)).ifPresent(PortmapMessage::dumped);
      PortmapMessage.dumped(new XdrReader(ByteBuffer.wrap(bytes)));
    } catch (MalformedException expected) {
      // the refusal
    }
  }
}
