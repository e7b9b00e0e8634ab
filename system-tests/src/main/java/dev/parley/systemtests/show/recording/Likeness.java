package dev.parley.systemtests.show.recording;

/**
 * How like two sounds are: 1 if they are the same but for their loudness, 0 if nothing is.
 * Stateless.
 */
final class Likeness {
  private static final int FRAME = 20 * Sounds.MS;
  private static final double SECOND = 1000.0 * Sounds.MS;

  /** Places that are tried within a frame. */
  private static final int STEP = Sounds.MS;

  private Likeness() {}

  /**
   * How like a stretch of sound is to a tone of unknown phase, by their waveforms: the phase is the
   * same throughout, so that a sample too many or too few anywhere shows.
   */
  static double ofTone(float[] samples, int from, int to, int hertz) {
    double sine = 0;
    double cosine = 0;
    double energy = 0;
    for (int i = from; i < to; i++) {
      double angle = 2 * Math.PI * hertz * i / SECOND;
      sine += samples[i] * Math.sin(angle);
      cosine += samples[i] * Math.cos(angle);
      energy += (double) samples[i] * samples[i];
    }
    return energy == 0 ? 0 : Math.hypot(sine, cosine) / Math.sqrt(energy * (to - from) / 2);
  }

  /** {@link #ofTone} of stretches that each have a phase of their own: the mean of them. */
  static double ofToneByStretches(float[] samples, int from, int to, int hertz, int stretch) {
    double sum = 0;
    int count = 0;
    for (int at = from; at + stretch <= to; at += stretch) {
      sum += ofTone(samples, at, at + stretch, hertz);
      count++;
    }
    return count == 0 ? 0 : sum / count;
  }

  /**
   * How like a stretch of sound is to some of what was said again and again, by the loudness of
   * each 20 ms (Pearson). Where in it the stretch begins is found out once; from there both must
   * keep step to the end.
   */
  static double ofSpeech(float[] samples, int from, int to, float[] said) {
    double[] known = envelope(said, 0, said.length);
    double best = 0;
    for (int offset = 0; offset < FRAME; offset += STEP) {
      double[] heard = envelope(samples, from + offset, to);
      int shift = shift(heard, known);
      best = Math.max(best, correlation(heard, known, shift, heard.length));
    }
    return best;
  }

  /** {@link #ofSpeech} of stretches that each find their place for themselves: the mean. */
  static double ofSpeechByStretches(float[] samples, int from, int to, float[] said, int stretch) {
    double sum = 0;
    int count = 0;
    for (int at = from; at + stretch <= to; at += stretch) {
      sum += ofSpeech(samples, at, at + stretch, said);
      count++;
    }
    return count == 0 ? ofSpeech(samples, from, to, said) : sum / count;
  }

  /** Where what is known fits the beginning best. */
  private static int shift(double[] heard, double[] known) {
    int length = Math.min(heard.length, known.length);
    int best = 0;
    double most = -1;
    for (int shift = 0; shift < known.length; shift++) {
      double like = correlation(heard, known, shift, length);
      if (like > most) {
        most = like;
        best = shift;
      }
    }
    return best;
  }

  private static double[] envelope(float[] samples, int from, int to) {
    double[] envelope = new double[Math.max(0, to - from) / FRAME];
    for (int frame = 0; frame < envelope.length; frame++) {
      double sum = 0;
      for (int i = 0; i < FRAME; i++) {
        double sample = samples[from + frame * FRAME + i];
        sum += sample * sample;
      }
      envelope[frame] = Math.sqrt(sum / FRAME);
    }
    return envelope;
  }

  private static double correlation(double[] heard, double[] known, int shift, int length) {
    double meanHeard = 0;
    double meanKnown = 0;
    for (int i = 0; i < length; i++) {
      meanHeard += heard[i] / length;
      meanKnown += known[(i + shift) % known.length] / length;
    }
    double both = 0;
    double ofHeard = 0;
    double ofKnown = 0;
    for (int i = 0; i < length; i++) {
      double one = heard[i] - meanHeard;
      double other = known[(i + shift) % known.length] - meanKnown;
      both += one * other;
      ofHeard += one * one;
      ofKnown += other * other;
    }
    double scale = Math.sqrt(ofHeard * ofKnown);
    return scale == 0 ? 0 : both / scale;
  }
}
