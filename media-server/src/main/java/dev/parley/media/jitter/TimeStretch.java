package dev.parley.media.jitter;

/**
 * Makes sound a little shorter or longer without changing its pitch: overlap-add at the place where
 * the sound is most like itself (WSOLA, Verhelst and Roelands 1993), which in a voice is a period
 * of its pitch. NetEq, the jitter buffer of WebRTC, calls the two "accelerate" and "preemptive
 * expand". Owned by one thread (a mix agent); allocates nothing after its construction.
 *
 * <p>With lag L and overlap F, the first F samples are cross-faded into the F samples from L on.
 * Shortened, what follows those goes on there, so L samples are gone; lengthened, the sound up to L
 * + F is played, cross-faded into its own beginning, so L samples are there twice. Either way the
 * first sample continues what was played before, and the last what comes. The lag is sought at 6
 * kHz by normalised cross-correlation, then to the sample around the best one found: some 20 000
 * multiplications for two channels.
 */
final class TimeStretch {
  /** Least lag, 2.5 ms: a pitch of 400 Hz, or several periods of a higher one. */
  static final int LAG_MIN = 120;

  /** Greatest lag, 15 ms: a pitch of 67 Hz. */
  static final int LAG_MAX = 720;

  /** Samples a call needs at least: the greatest lag, and 5 ms to cross-fade. */
  static final int SAMPLES_MIN = 960;

  /** Likeness that anything fulfils, for sound so quiet that nobody would notice. */
  static final float ANY_LIKENESS = -1f;

  private static final int OVERLAP_MAX = 480;
  private static final int SEARCHED_MAX = LAG_MAX + OVERLAP_MAX;
  private static final int DECIMATION = 8;

  /** Of lags that fit alike the longest is taken: it moves more for the same change of sound. */
  private static final float BONUS_OF_LAG_MAX = 0.02f;

  /** Below this likeness there is no pitch to keep: noise, which cross-fades unheard... */
  private static final float NOISE_LIKENESS = 0.5f;

  /** ...into noise as loud, within 3 dB. */
  private static final double NOISE_ENERGY_RATIO_MAX = 2;

  /** Energy of an overlap below which it is digital silence. */
  private static final double NO_ENERGY = 1e-12;

  private final int channels;
  private final float[] coarse = new float[SEARCHED_MAX / DECIMATION];

  /** Energy of all samples before the one at the index, here and in the decimated sound. */
  private final double[] energyBefore = new double[SEARCHED_MAX + 1];

  private final double[] coarseEnergyBefore = new double[SEARCHED_MAX / DECIMATION + 1];
  private int searched;
  private int lag;
  private double likeness;
  private double energyRatio;

  /** For interleaved sound of {@code channels}. */
  TimeStretch(int channels) {
    this.channels = channels;
  }

  /**
   * Takes up to {@code lagLimit} samples per channel out of the first {@code count} of {@code
   * samples}.
   *
   * @param count at least {@link #SAMPLES_MIN}
   * @param likenessNeeded how alike the joined sounds must be, up to 1
   * @return how many are gone, or 0 if nothing fits
   */
  int shorten(float[] samples, int count, int lagLimit, float likenessNeeded) {
    if (!findLag(samples, count, lagLimit, likenessNeeded)) {
      return 0;
    }
    int overlap = overlapOf(lag);
    for (int i = 0; i < overlap; i++) {
      crossFade(samples, i, i, i + lag, (i + 1f) / (overlap + 1));
    }
    int rest = lag + overlap;
    System.arraycopy(
        samples, rest * channels, samples, overlap * channels, (count - rest) * channels);
    return lag;
  }

  /**
   * Puts up to {@code lagLimit} samples per channel into the first {@code count} of {@code
   * samples}, which has room for them behind.
   *
   * @return how many are more now, or 0 if nothing fits
   */
  int lengthen(float[] samples, int count, int lagLimit, float likenessNeeded) {
    if (!findLag(samples, count, lagLimit, likenessNeeded)) {
      return 0;
    }
    int overlap = overlapOf(lag);
    System.arraycopy(
        samples,
        overlap * channels,
        samples,
        (lag + overlap) * channels,
        (count - overlap) * channels);
    // Backwards, since the overlap may be longer than the lag and then is read after it.
    for (int i = overlap - 1; i >= 0; i--) {
      crossFade(samples, lag + i, lag + i, i, (i + 1f) / (overlap + 1));
    }
    return lag;
  }

  /** Of alike sounds amplitudes add up, of unlike ones powers: so it stays as loud either way. */
  private void crossFade(float[] samples, int to, int from, int into, float share) {
    float alike = (float) Math.max(0, likeness);
    float rest = 1 - share;
    float gain = 1 / (float) Math.sqrt(rest * rest + share * share + 2 * alike * rest * share);
    for (int channel = 0; channel < channels; channel++) {
      samples[to * channels + channel] =
          gain
              * (rest * samples[from * channels + channel]
                  + share * samples[into * channels + channel]);
    }
  }

  private boolean findLag(float[] samples, int count, int lagLimit, float likenessNeeded) {
    assert count >= SAMPLES_MIN : count;
    searched = Math.min(count, SEARCHED_MAX) / DECIMATION * DECIMATION;
    int lagMax = Math.min(LAG_MAX, lagLimit);
    if (lagMax < LAG_MIN) {
      return false;
    }
    sumEnergy(samples);
    decimate(samples);
    int around = coarseLag(lagMax / DECIMATION) * DECIMATION;
    refine(samples, Math.max(LAG_MIN, around - DECIMATION), Math.min(lagMax, around + DECIMATION));
    return likeness >= likenessNeeded
        || (likeness < NOISE_LIKENESS
            && energyRatio <= NOISE_ENERGY_RATIO_MAX
            && energyRatio >= 1 / NOISE_ENERGY_RATIO_MAX);
  }

  private int overlapOf(int ofLag) {
    return Math.min(OVERLAP_MAX, searched - ofLag);
  }

  private void decimate(float[] samples) {
    int at = 0;
    for (int i = 0; i < searched / DECIMATION; i++) {
      float sum = 0;
      for (int k = 0; k < DECIMATION * channels; k++) {
        sum += samples[at++];
      }
      coarse[i] = sum;
      coarseEnergyBefore[i + 1] = coarseEnergyBefore[i] + sum * sum;
    }
  }

  private void sumEnergy(float[] samples) {
    int at = 0;
    for (int i = 0; i < searched; i++) {
      float energy = 0;
      for (int channel = 0; channel < channels; channel++) {
        energy += samples[at] * samples[at];
        at++;
      }
      energyBefore[i + 1] = energyBefore[i] + energy;
    }
  }

  /** The best lag in decimated samples. */
  private int coarseLag(int lagMax) {
    double best = Double.NEGATIVE_INFINITY;
    int bestLag = LAG_MIN / DECIMATION;
    for (int tried = LAG_MIN / DECIMATION; tried <= lagMax; tried++) {
      int overlap = Math.min(OVERLAP_MAX / DECIMATION, searched / DECIMATION - tried);
      double energies =
          coarseEnergyBefore[overlap]
              * (coarseEnergyBefore[tried + overlap] - coarseEnergyBefore[tried]);
      double product = product(coarse, 0, tried, overlap);
      double found = energies > 0 ? product / Math.sqrt(energies) : 0;
      found += BONUS_OF_LAG_MAX * tried * DECIMATION / LAG_MAX;
      if (found > best) {
        best = found;
        bestLag = tried;
      }
    }
    return bestLag;
  }

  /** Sets the lag in question, and how alike and how loud the sounds are that it would join. */
  private void refine(float[] samples, int from, int to) {
    likeness = Double.NEGATIVE_INFINITY;
    for (int tried = from; tried <= to; tried++) {
      int overlap = overlapOf(tried);
      double first = energyBefore[overlap];
      double second = energyBefore[tried + overlap] - energyBefore[tried];
      double found = 1;
      if (first + second > NO_ENERGY) {
        found =
            first * second > 0
                ? product(samples, 0, tried * channels, overlap * channels)
                    / Math.sqrt(first * second)
                : 0;
      }
      if (found > likeness) {
        likeness = found;
        lag = tried;
        energyRatio = first > 0 ? second / first : Double.MAX_VALUE;
      }
    }
  }

  /** Four sums, since each addition waits for the one before it. */
  private static float product(float[] samples, int a, int b, int length) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      sum0 += samples[a + i] * samples[b + i];
      sum1 += samples[a + i + 1] * samples[b + i + 1];
      sum2 += samples[a + i + 2] * samples[b + i + 2];
      sum3 += samples[a + i + 3] * samples[b + i + 3];
    }
    for (; i < length; i++) {
      sum0 += samples[a + i] * samples[b + i];
    }
    return sum0 + sum1 + sum2 + sum3;
  }
}
