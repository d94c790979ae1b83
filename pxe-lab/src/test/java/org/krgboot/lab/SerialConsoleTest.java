package org.krgboot.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The far end of the line is played by the test. */
class SerialConsoleTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration AT_ONCE = Duration.ofMillis(50);

  private final PipedOutputStream machine = new PipedOutputStream();
  private BufferedReader heard;
  private SerialConsole console;

  @BeforeEach
  void a_line() throws IOException {
    PipedOutputStream typed = new PipedOutputStream();
    heard =
        new BufferedReader(
            new InputStreamReader(new PipedInputStream(typed, 65536), StandardCharsets.UTF_8));
    console = new SerialConsole(new PipedInputStream(machine, 65536), typed);
  }

  @AfterEach
  void hang_up() throws IOException {
    machine.close();
    console.close();
  }

  private void says(String text) throws IOException {
    machine.write(text.getBytes(StandardCharsets.UTF_8));
    machine.flush();
  }

  @Test
  void each_wait_begins_where_the_one_before_it_ended() throws Exception {
    says("ready 1\r\nready 2\r\n");
    Pattern ready = Pattern.compile("ready (\\d)");
    assertThat(console.expect(ready, SOON).group(1)).isEqualTo("1");
    assertThat(console.expect(ready, SOON).group(1)).isEqualTo("2");
    assertThatThrownBy(() -> console.expect(ready, AT_ONCE)).hasMessageContaining("ready 2");
  }

  @Test
  void escape_sequences_are_not_part_of_the_text_even_inside_a_word() throws Exception {
    says("[\033[0;32m  OK  \033[0m] sta\033[Krted\r\n\033[?2004hnext");
    console.expect("[  OK  ] started\n", SOON);
    console.expect("next", SOON);
  }

  @Test
  void a_login_types_name_and_password_and_a_command_gives_output_and_status() throws Exception {
    says("krgnode101 login: ");
    Thread shell = Thread.ofVirtual().start(this::playLogin);
    assertThat(console.login("root", "sesame", SOON)).isEqualTo("krgnode101");
    SerialConsole.Ran ran = console.run("ls /nowhere", SOON);
    assertThat(ran).isEqualTo(new SerialConsole.Ran(2, "not there\n"));
    shell.join();
  }

  private void playLogin() {
    try {
      assertThat(heard.readLine()).isEqualTo("root");
      says("Password: ");
      assertThat(heard.readLine()).isEqualTo("sesame");
      says("\r\nroot@krgnode101:~# ");
      String first = heard.readLine();
      says(first + "\r\nkrg-1<\r\nkrg-1>0\r\n# ");
      String second = heard.readLine();
      assertThat(second).contains("{ ls /nowhere; }");
      says(second + "\r\nkrg-2<\r\nnot there\r\nkrg-2>2\r\n# ");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_line_that_ends_ends_the_wait_with_the_last_lines() throws Exception {
    says("Kernel panic - not syncing\r\n");
    machine.close();
    assertThatThrownBy(() -> console.expect("login:", SOON))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("the serial line ended")
        .hasMessageContaining("Kernel panic");
  }
}
