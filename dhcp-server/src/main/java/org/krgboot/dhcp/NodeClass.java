package org.krgboot.dhcp;

import java.util.List;
import java.util.Set;

/**
 * Nodes that have something in common, with what they are told. Of each kind of mark that is named,
 * a node must have one; a kind without marks does not matter.
 *
 * @param macPrefixes the first octets of the MAC address
 * @param vendorClasses the beginning of option 60, such as "PXEClient"
 * @param userClasses one of the classes of option 77, such as "iPXE"
 * @param architectures one of the codes of option 93
 * @param circuitIds option 82 sub-option 1
 * @param remoteIds option 82 sub-option 2
 */
public record NodeClass(
    String name,
    List<Octets> macPrefixes,
    List<String> vendorClasses,
    List<String> userClasses,
    Set<Integer> architectures,
    Set<Octets> circuitIds,
    Set<Octets> remoteIds,
    ScopeOptions options) {
  /** The class of all hosts that the configuration names. */
  public static final String KNOWN = "known";

  /** The class of all others. */
  public static final String UNKNOWN = "unknown";

  /** Refuses a class without name or marks. */
  public NodeClass {
    macPrefixes = List.copyOf(macPrefixes);
    vendorClasses = List.copyOf(vendorClasses);
    userClasses = List.copyOf(userClasses);
    architectures = Set.copyOf(architectures);
    circuitIds = Set.copyOf(circuitIds);
    remoteIds = Set.copyOf(remoteIds);
    require(!name.isEmpty(), "a class needs a name");
    require(
        !name.equals(KNOWN) && !name.equals(UNKNOWN),
        "the class '" + name + "' is there already; choose another name");
    require(
        !(macPrefixes.isEmpty()
            && vendorClasses.isEmpty()
            && userClasses.isEmpty()
            && architectures.isEmpty()
            && circuitIds.isEmpty()
            && remoteIds.isEmpty()),
        "the class '"
            + name
            + "' says nothing of its nodes; give mac-prefix, vendor-class, user-class,"
            + " architecture, circuit-id or remote-id");
    require(
        macPrefixes.stream().allMatch(prefix -> prefix.length() <= 6),
        "a MAC prefix of the class '" + name + "' has more than 6 octets");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
