package org.krgboot.importers;

import java.util.Optional;

/**
 * In what a statement of a dhcpd.conf stands.
 *
 * @param level the innermost block
 * @param scope what it says to its nodes
 * @param group the groups around it, whose statements its hosts and subnets take over
 * @param condition for which nodes
 * @param within the network, subnet or pool that it is in
 */
record IscContext(
    Level level,
    ScopeDraft scope,
    Optional<ScopeDraft> group,
    Optional<Object> owner,
    IscCondition condition,
    Optional<Place> within) {
  /** What blocks there are. */
  enum Level {
    GLOBAL,
    GROUP,
    NETWORK,
    SUBNET,
    POOL,
    CLASS,
    HOST
  }

  static IscContext global(ScopeDraft scope) {
    return new IscContext(
        Level.GLOBAL,
        scope,
        Optional.empty(),
        Optional.empty(),
        IscCondition.always(),
        Optional.empty());
  }

  /** In a block; a network, subnet, pool or host is the owner of what stands in it. */
  IscContext in(Level inner, ScopeDraft own, Object innerOwner) {
    return new IscContext(inner, own, Optional.empty(), Optional.of(innerOwner), condition, within);
  }

  IscContext inGroup(ScopeDraft own) {
    return new IscContext(Level.GROUP, own, Optional.of(own), owner, condition, within);
  }

  IscContext inClass(ScopeDraft own, IscCondition members) {
    return new IscContext(Level.CLASS, own, Optional.empty(), owner, members, within);
  }

  /** In a branch of a condition. */
  IscContext given(ScopeDraft own, IscCondition narrower) {
    return new IscContext(level, own, group, owner, narrower, within);
  }

  IscContext within(Place place) {
    return new IscContext(level, scope, group, owner, condition, Optional.of(place));
  }

  /** Whether it holds for some of the nodes of its block only. */
  boolean isConditional() {
    return level != Level.CLASS && !condition.equals(IscCondition.always());
  }

  <T> Optional<T> owner(Class<T> kind) {
    return owner.filter(kind::isInstance).map(kind::cast);
  }
}
