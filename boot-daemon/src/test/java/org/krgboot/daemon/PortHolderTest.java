package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortHolderTest {
  private static final String THIS_PROCESS = "pid " + ProcessHandle.current().pid();

  @Test
  void the_process_that_holds_a_udp_port_is_named() throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      assertThat(PortHolder.of(socket.getLocalPort()))
          .hasValueSatisfying(holder -> assertThat(holder).contains(THIS_PROCESS));
    }
  }

  @Test
  void the_process_that_listens_on_a_tcp_port_is_named_with_the_remedy() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String failure = "Address already in use: 127.0.0.1:" + socket.getLocalPort();
      assertThat(PortHolder.explain(new BindException(failure)))
          .contains(THIS_PROCESS, "stop it, or choose another port");
    }
  }

  @Test
  void a_port_that_needs_privileges_is_explained() {
    assertThat(PortHolder.explain(new BindException("Permission denied: 10.0.0.1:67")))
        .contains("below 1024", "CAP_NET_BIND_SERVICE");
  }

  @Test
  void nobody_holds_a_free_port() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThat(PortHolder.of(port)).isEmpty();
  }
}
