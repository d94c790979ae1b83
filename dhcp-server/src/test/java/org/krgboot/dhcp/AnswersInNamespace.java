package org.krgboot.dhcp;

import java.io.IOException;
import java.time.InstantSource;

/** Router answers in a process of their own, which tests start inside a network namespace. */
final class AnswersInNamespace {
  private AnswersInNamespace() {}

  /**
   * Answers until standard input ends; says "ready" or "off", then the counts at each byte.
   *
   * @param args interface
   */
  public static void main(String[] args) throws IOException {
    var answers = RouterAnswers.start(args[0], InstantSource.system());
    System.out.println(answers.isPresent() ? "ready" : "off");
    while (System.in.read() >= 0) {
      System.out.println(answers.map(RouterAnswers::counters));
    }
    if (answers.isPresent()) {
      answers.get().close();
    }
    System.out.println("closed");
  }
}
