package org.krgboot.nfs;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.krgboot.linux.Stat;

/** The sattr3 of RFC 1813 section 2.6: what a client wants changed. */
record SetAttributes(
    OptionalInt mode,
    OptionalInt uid,
    OptionalInt gid,
    OptionalLong size,
    TimeChange access,
    TimeChange modify) {
  static final SetAttributes NONE =
      new SetAttributes(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          new TimeChange.Keep(),
          new TimeChange.Keep());

  private static final int MODE_BITS = 07777;

  /** What to do with a time stamp. */
  sealed interface TimeChange {
    record Keep() implements TimeChange {}

    record ServerTime() implements TimeChange {}

    /** Seconds are unsigned on the wire. */
    record ClientTime(long seconds, int nanos) implements TimeChange {}
  }

  static SetAttributes decode(XdrReader in) {
    OptionalInt mode = optional(in);
    return new SetAttributes(
        mode.isPresent() ? OptionalInt.of(mode.getAsInt() & MODE_BITS) : mode,
        optional(in),
        optional(in),
        in.bool() ? OptionalLong.of(in.u64()) : OptionalLong.empty(),
        time(in),
        time(in));
  }

  private static OptionalInt optional(XdrReader in) {
    return in.bool() ? OptionalInt.of(in.u32()) : OptionalInt.empty();
  }

  private static TimeChange time(XdrReader in) {
    int how = in.u32();
    return switch (how) {
      case 0 -> new TimeChange.Keep();
      case 1 -> new TimeChange.ServerTime();
      case 2 -> new TimeChange.ClientTime(Integer.toUnsignedLong(in.u32()), in.u32());
      default -> throw new MalformedException("a time_how of " + how);
    };
  }

  /** Whether a file is as wanted; of a time that the server was to choose that cannot be told. */
  boolean areThoseOf(Stat stat) {
    return mode.orElse(stat.permissions()) == stat.permissions()
        && uid.orElse(stat.uid()) == stat.uid()
        && gid.orElse(stat.gid()) == stat.gid()
        && size.orElse(stat.size()) == stat.size()
        && isAt(access, stat.access())
        && isAt(modify, stat.modify());
  }

  private static boolean isAt(TimeChange wanted, Stat.Time time) {
    return switch (wanted) {
      case TimeChange.Keep(), TimeChange.ServerTime() -> true;
      case TimeChange.ClientTime(long seconds, int nanos) ->
          time.equals(new Stat.Time(seconds, nanos));
    };
  }

  /** The same without what creation has done already. */
  SetAttributes withoutMode() {
    return new SetAttributes(OptionalInt.empty(), uid, gid, size, access, modify);
  }

  SetAttributes withoutOwner() {
    return new SetAttributes(mode, NONE.uid, NONE.gid, size, access, modify);
  }

  SetAttributes withoutSize() {
    return new SetAttributes(mode, uid, gid, NONE.size, access, modify);
  }

  SetAttributes withMode(int newMode) {
    return new SetAttributes(OptionalInt.of(newMode), uid, gid, size, access, modify);
  }

  /** Sets both times and nothing else. */
  static SetAttributes times(TimeChange access, TimeChange modify) {
    return new SetAttributes(NONE.mode, NONE.uid, NONE.gid, NONE.size, access, modify);
  }

  SetAttributes onlySize() {
    return new SetAttributes(
        NONE.mode, NONE.uid, NONE.gid, size, new TimeChange.Keep(), new TimeChange.Keep());
  }
}
