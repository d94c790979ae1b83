package org.krgboot.kernels;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** What a program makes of a stream. Closing ends the program. */
final class Piped extends FilterInputStream {
  private final Process process;

  private Piped(Process process) {
    super(process.getInputStream());
    this.process = process;
  }

  /**
   * Starts the program and feeds it.
   *
   * @throws IOException if it is not on this machine; the message says so
   */
  static InputStream through(List<String> program, InputStream input) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(program).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new IOException("the program " + program.getFirst() + " is not installed", e);
    }
    Thread.ofVirtual().start(() -> feed(input, process));
    return new Piped(process);
  }

  private static void feed(InputStream input, Process process) {
    try (OutputStream out = process.getOutputStream()) {
      input.transferTo(out);
    } catch (IOException e) {
      // It ended before the input did: what it said until then is what there is.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    super.close();
  }
}
