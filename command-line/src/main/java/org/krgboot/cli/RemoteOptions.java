package org.krgboot.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.krgboot.daemon.NodeRow;
import picocli.CommandLine.Option;

/** How a command is run for many nodes: on them by ssh, or here for each of them. */
final class RemoteOptions {
  @Option(
      names = "--ssh",
      paramLabel = "COMMAND",
      description = "the program, with its options (default: ${DEFAULT-VALUE})")
  String ssh = "ssh";

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "who to be on the nodes (default: ${DEFAULT-VALUE})")
  String user = "root";

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description = "how many nodes at the same time (default: ${DEFAULT-VALUE})")
  int atOnce = 32;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "for each node (default: ${DEFAULT-VALUE})")
  int timeout = 60;

  /** Fails as ssh does where it cannot reach a node, and says why. */
  private static final List<String> NOWHERE =
      List.of("sh", "-c", "echo 'it has no address yet'; exit " + EachNode.NOT_RUN);

  /** Runs the command on the nodes by ssh; the rest as of {@link #run}. */
  int ssh(List<NodeRow> nodes, String command) throws InterruptedException {
    return run(nodes, node -> node.address().isEmpty() ? NOWHERE : words(node, command));
  }

  /** A node that asks for a password, or is not there, must not hold up the others. */
  private List<String> words(NodeRow node, String command) {
    List<String> words = new ArrayList<>(List.of(ssh.strip().split("\\s+")));
    words.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=10"));
    words.addAll(List.of("-o", "StrictHostKeyChecking=accept-new"));
    words.addAll(List.of(user + "@" + node.address(), command));
    return words;
  }

  /**
   * Runs a program for each node, prints what they say and at last which failed.
   *
   * @param words the program and its arguments
   * @return the exit code: 0 if it went well for all
   */
  int run(List<NodeRow> nodes, Function<NodeRow, List<String>> words) throws InterruptedException {
    List<EachNode.Outcome> failed = new ArrayList<>();
    new EachNode(Math.clamp(atOnce, 1, 1024), Math.max(1, timeout))
        .run(
            nodes,
            words,
            outcome -> {
              outcome.output().lines().forEach(l -> System.out.println(label(outcome) + ": " + l));
              if (outcome.exit() != 0) {
                failed.add(outcome);
              }
            });
    for (EachNode.Outcome outcome : failed) {
      System.err.println(
          label(outcome)
              + ": "
              + (outcome.exit() == EachNode.TIMED_OUT
                  ? "did not end within " + timeout + " s"
                  : "failed with exit code " + outcome.exit()));
    }
    System.err.println(nodes.size() - failed.size() + " of " + nodes.size() + " nodes done");
    return failed.isEmpty() ? 0 : 1;
  }

  private static String label(EachNode.Outcome outcome) {
    return outcome.node().name().isEmpty() ? outcome.node().mac() : outcome.node().name();
  }
}
