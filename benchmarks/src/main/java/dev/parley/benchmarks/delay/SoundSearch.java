package dev.parley.benchmarks.delay;

/** Finds a known sound in another, by their normalised cross-correlation. Has no state. */
final class SoundSearch {
  /** The known sound must explain a quarter of the energy there. */
  private static final double LEAST_CORRELATION = 0.5;

  /** First every fourth sample, of a sound without anything above 4 kHz. */
  private static final int COARSE = 4;

  private SoundSearch() {}

  /**
   * Where the sound begins that is most like the known one, or -1 if none is.
   *
   * @param from first place to look at
   * @param to the place after the last
   */
  static int find(float[] sound, int from, int to, float[] known) {
    int first = Math.max(0, from);
    int end = Math.min(to, sound.length - known.length + 1);
    int near = best(sound, first, end, known, COARSE);
    if (near < 0) {
      return -1;
    }
    int begin = Math.max(first, near - COARSE);
    int found = best(sound, begin, Math.min(end, near + COARSE + 1), known, 1);
    return correlation(sound, found, known, 1) >= LEAST_CORRELATION ? found : -1;
  }

  private static int best(float[] sound, int from, int to, float[] known, int step) {
    int best = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int at = from; at < to; at += step) {
      double correlation = correlation(sound, at, known, step);
      if (correlation > most) {
        most = correlation;
        best = at;
      }
    }
    return best;
  }

  private static double correlation(float[] sound, int at, float[] known, int step) {
    double product = 0;
    double soundEnergy = 0;
    double knownEnergy = 0;
    for (int i = 0; i < known.length; i += step) {
      product += sound[at + i] * known[i];
      soundEnergy += sound[at + i] * sound[at + i];
      knownEnergy += known[i] * known[i];
    }
    double energy = Math.sqrt(soundEnergy * knownEnergy);
    return energy == 0 ? 0 : product / energy;
  }
}
