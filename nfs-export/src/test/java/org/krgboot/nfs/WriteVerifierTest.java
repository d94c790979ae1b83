package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.linux.FileCalls;
import org.krgboot.nfs.Peer.Transport;

/** When clients are told to send again what they wrote. */
class WriteVerifierTest {
  @TempDir Path root;

  @Test
  void a_failed_sync_of_any_kind_makes_clients_send_their_data_again() throws Exception {
    TestServer.assumeFileHandles();
    HandleCodec codec = new HandleCodec(new byte[HandleKey.LENGTH]);
    try (Exports exports = new Exports(codec);
        DescriptorCache cache = new DescriptorCache(10)) {
      exports.replace(List.of(Export.readWriteRoot(root)));
      FileTree tree = new FileTree(codec, exports, cache);
      Peer peer = new Peer(TestServer.LOOPBACK, 700, Transport.TCP);
      Caller caller = new Caller(new Credential.User(0, 0, List.of()), peer);
      WireHandle handle = exports.now().all().get(0).directory().rootHandle();
      try (FileTree.Opened opened = tree.open(handle, caller)) {
        long promise = tree.verifier().value();
        FileCalls.close(opened.file().forReading()); // its fsync fails now, as on a broken disk
        assertThatThrownBy(opened::settle).isInstanceOf(IOException.class);
        assertThat(tree.verifier().value()).isNotEqualTo(promise);
      }
    }
  }
}
