package org.krgboot.kernel;

import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.krgboot.kernel.Stage.Room;
import org.krgboot.steps.States;
import org.krgboot.steps.Step;
import org.krgboot.steps.UndoneSteps;

/** What a kernel's place can be brought back to. */
record KernelStates(KernelPlace place) implements States<KernelAction> {
  @Override
  public boolean isThere() {
    return Files.isDirectory(place.sources());
  }

  /**
   * A part of the place that a step has changed cannot be brought back to what it was: it is made
   * anew, from the first step on that changes it.
   */
  @Override
  public int lastState(List<Step<KernelAction>> steps, int good, UndoneSteps undone) {
    Set<Room> spoilt = spoilt(undone);
    int to = good;
    for (int i = good - 1; i >= 0; i--) {
      Room room = room(steps.get(i).name());
      if (spoilt.contains(room) && room != Room.CONFIG) {
        to = i;
      }
    }
    return to;
  }

  private static Set<Room> spoilt(UndoneSteps undone) {
    return switch (undone) {
      case UndoneSteps.Any _ -> EnumSet.allOf(Room.class);
      case UndoneSteps.Named(List<String> names) -> {
        Set<Room> rooms = EnumSet.noneOf(Room.class);
        names.forEach(name -> rooms.add(room(name)));
        yield rooms;
      }
    };
  }

  static Room room(String step) {
    return Stage.ofStep(step).map(Stage::room).orElse(Room.SOURCES);
  }
}
