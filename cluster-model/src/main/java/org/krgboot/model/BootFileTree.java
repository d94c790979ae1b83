package org.krgboot.model;

/** What a node can fetch, by TFTP or HTTP. May block on disk; never throws for a bad name. */
@FunctionalInterface
public interface BootFileTree {
  /**
   * Opens the file as {@code node} sees it.
   *
   * @param name the name as the node sent it
   */
  Answer open(String name, Ipv4 node);

  /** Either an open file, which the caller closes, or why not. */
  sealed interface Answer {
    record Found(BootFile file) implements Answer {}

    /**
     * The file cannot be had.
     *
     * @param why which kind of refusal, for the protocol's error code
     * @param message for the person at the node's screen
     */
    record Refused(Why why, String message) implements Answer {}
  }

  /** Kinds of refusal. */
  enum Why {
    NOT_FOUND,
    FORBIDDEN,
    /** Nothing is sent to this node at present. */
    FENCED,
    /** It would be made of what the node is to boot, and there is no such thing. */
    NOTHING_TO_BOOT,
    FAILED;

    /** What the journal calls it. */
    public BootEvent.Refusal toldAs() {
      return switch (this) {
        case NOT_FOUND -> BootEvent.Refusal.NOT_FOUND;
        case FORBIDDEN -> BootEvent.Refusal.FORBIDDEN;
        case FENCED -> BootEvent.Refusal.FENCED;
        case NOTHING_TO_BOOT -> BootEvent.Refusal.NOTHING_TO_BOOT;
        case FAILED -> BootEvent.Refusal.FAILED;
      };
    }
  }
}
