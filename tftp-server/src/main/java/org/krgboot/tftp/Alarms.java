package org.krgboot.tftp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Times at which something is to be done, as {@link System#nanoTime} counts them: a binary heap
 * whose entries know their place, so that one is moved without a search and without memory. Used by
 * one thread.
 */
final class Alarms {
  private static final int NOWHERE = -1;

  /** One time, set or not. */
  static final class Alarm {
    private final Runnable task;
    private long at;
    private int place = NOWHERE;

    Alarm(Runnable task) {
      this.task = task;
    }

    boolean isSet() {
      return place != NOWHERE;
    }

    /** Only if {@link #isSet}. */
    long at() {
      return at;
    }

    void ring() {
      task.run();
    }
  }

  /** Where there is none: what was taken out is not held on to. */
  private static final Alarm NONE = new Alarm(() -> {});

  private Alarm[] heap = new Alarm[64];
  private int size;

  /** Sets it, or sets it anew. */
  void set(Alarm alarm, long at) {
    if (!alarm.isSet()) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      put(alarm, size++);
    }
    alarm.at = at;
    settle(alarm);
  }

  void cancel(Alarm alarm) {
    if (alarm.isSet()) {
      int hole = alarm.place;
      alarm.place = NOWHERE;
      Alarm last = heap[--size];
      heap[size] = NONE;
      if (last != alarm) {
        put(last, hole);
        settle(last);
      }
    }
  }

  /** The earliest; null if none is set. */
  @Nullable Alarm first() {
    return size == 0 ? null : heap[0];
  }

  /** Takes out the earliest if its time has come; null if none has. */
  @Nullable Alarm due(long now) {
    Alarm first = first();
    if (first == null || first.at - now > 0) {
      return null;
    }
    cancel(first);
    return first;
  }

  private void put(Alarm alarm, int place) {
    heap[place] = alarm;
    alarm.place = place;
  }

  /** Moves it up or down to where nothing above is later and nothing below earlier. */
  private void settle(Alarm alarm) {
    int place = alarm.place;
    while (place > 0 && isEarlier(alarm, heap[(place - 1) / 2])) {
      put(heap[(place - 1) / 2], place);
      place = (place - 1) / 2;
    }
    for (int below = 2 * place + 1; below < size; below = 2 * place + 1) {
      int earlier = below + 1 < size && isEarlier(heap[below + 1], heap[below]) ? below + 1 : below;
      if (!isEarlier(heap[earlier], alarm)) {
        break;
      }
      put(heap[earlier], place);
      place = earlier;
    }
    put(alarm, place);
  }

  private static boolean isEarlier(Alarm one, Alarm other) {
    return one.at - other.at < 0;
  }
}
