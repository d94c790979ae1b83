/** Times in nanoseconds, each known to 3 percent. */
final class Histogram {
  private static final int STEPS = 32;

  private final long[] counts = new long[64 * STEPS];
  private long total;

  void add(long nanos) {
    int power = 63 - Long.numberOfLeadingZeros(Math.max(nanos, STEPS));
    counts[power * STEPS + (int) (nanos >> (power - 5)) % STEPS]++;
    total++;
  }

  /** The time that this part of all stayed below, in microseconds. */
  double micros(double part) {
    long left = (long) Math.ceil(total * part);
    for (int i = 0; i < counts.length; i++) {
      left -= counts[i];
      if (left <= 0 && total > 0) {
        int power = i / STEPS;
        return (((long) STEPS + i % STEPS) << (power - 5)) / 1000.0;
      }
    }
    return 0;
  }
}
