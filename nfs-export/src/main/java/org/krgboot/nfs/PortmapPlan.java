package org.krgboot.nfs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.krgboot.nfs.PortmapProgram.Mapping;

/**
 * What to change at somebody else's portmapper so that it leads to our programs.
 *
 * @param unset what a server left behind that runs no more; UNSET takes away both transports of a
 *     program's version, RFC 1833 section 3.2
 * @param set what it has to be told
 * @param inTheWay what leads to a server of somebody else that runs: never touched
 */
record PortmapPlan(List<Mapping> unset, List<Mapping> set, List<Mapping> inTheWay) {

  /**
   * Decides, asks nobody.
   *
   * @param wanted our programs
   * @param found all that the portmapper knows
   * @param live whether a server answers where a mapping leads
   */
  static PortmapPlan decide(List<Mapping> wanted, List<Mapping> found, Predicate<Mapping> live) {
    List<Mapping> unset = new ArrayList<>();
    List<Mapping> set = new ArrayList<>();
    List<Mapping> inTheWay = new ArrayList<>();
    for (Mapping ours : wanted) {
      List<Mapping> others =
          found.stream()
              .filter(other -> ours.isOfTheSameVersionAs(other) && !wanted.contains(other))
              .toList();
      if (others.stream().anyMatch(live)) {
        others.stream().filter(live).filter(o -> !inTheWay.contains(o)).forEach(inTheWay::add);
        continue;
      }
      if (!others.isEmpty() && unset.stream().noneMatch(ours::isOfTheSameVersionAs)) {
        unset.add(ours);
      }
      if (!others.isEmpty() || !found.contains(ours)) {
        set.add(ours);
      }
    }
    return new PortmapPlan(List.copyOf(unset), List.copyOf(set), List.copyOf(inTheWay));
  }
}
