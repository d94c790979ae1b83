package org.krgboot.nfs;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.krgboot.model.Ipv4;

/** How names in an exports file become addresses: asked while it is read, never by a call. */
public interface HostNames {
  /** No name is known. */
  HostNames NONE =
      new HostNames() {
        @Override
        public List<Ipv4> addressesOf(String name) {
          return List.of();
        }

        @Override
        public Map<String, Set<Ipv4>> known() {
          return Map.of();
        }
      };

  /** The host's IPv4 addresses; empty if it has none or is not known. */
  List<Ipv4> addressesOf(String name);

  /** The hosts that a pattern such as {@code *.cluster.example} can mean, each by every name. */
  Map<String, Set<Ipv4>> known();
}
