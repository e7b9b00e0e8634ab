package dev.parley.systemtests.show.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is unlike must be seen to be. */
final class LikenessTest {
  private static final int SECOND = 1000 * Sounds.MS;
  private static final int HERTZ = 440;

  private final float[] speech = Sounds.speech(7, 10);

  @Test
  void aToneIsLikeItselfWhateverItsPhase() {
    float[] tone = tone(4 * SECOND, 1.2);

    assertThat(Likeness.ofTone(tone, 100, tone.length, HERTZ)).isGreaterThan(0.999);
    assertThat(Likeness.ofTone(tone, 0, tone.length, HERTZ + 20)).isLessThan(0.1);
  }

  @Test
  void halfAPeriodThatIsMissingShows() {
    float[] tone = tone(4 * SECOND, 0);
    float[] cut = new float[tone.length - 54];
    System.arraycopy(tone, 0, cut, 0, 2 * SECOND);
    System.arraycopy(tone, 2 * SECOND + 54, cut, 2 * SECOND, 2 * SECOND - 54);

    assertThat(Likeness.ofTone(cut, 0, cut.length, HERTZ)).isLessThan(0.1);
    assertThat(Likeness.ofToneByStretches(cut, SECOND / 2, cut.length, HERTZ, SECOND))
        .isLessThan(0.95);
  }

  @Test
  void speechIsFoundWhereverItBegins() {
    float[] heard = new float[3 * speech.length];
    for (int i = 0; i < heard.length; i++) {
      heard[i] = speech[(i + 3 * SECOND + 333) % speech.length] / 2;
    }

    assertThat(Likeness.ofSpeech(heard, SECOND, heard.length, speech)).isGreaterThan(0.99);
  }

  @Test
  void aFifthOfASecondThatIsMissingShows() {
    float[] heard = new float[2 * speech.length];
    for (int i = 0; i < heard.length; i++) {
      int slip = i < SECOND * 5 ? 0 : SECOND / 5;
      heard[i] = speech[(i + slip) % speech.length];
    }

    assertThat(Likeness.ofSpeech(heard, 0, heard.length, speech)).isLessThan(0.95);
    assertThat(Likeness.ofSpeech(Sounds.speech(8, 20), 0, heard.length, speech)).isLessThan(0.8);
  }

  @Test
  void whatSlipsIsFoundAgainByStretchesAndWhatIsMissingShows() {
    float[] heard = new float[4 * speech.length];
    float[] halfSilent = new float[4 * speech.length];
    for (int i = 0; i < heard.length; i++) {
      int slip = i < speech.length ? 0 : SECOND / 20;
      heard[i] = speech[(i + slip) % speech.length];
      halfSilent[i] = i % SECOND < SECOND / 2 ? heard[i] : 0;
    }

    assertThat(Likeness.ofSpeech(heard, 0, heard.length, speech)).isLessThan(0.95);
    assertThat(Likeness.ofSpeechByStretches(heard, 0, heard.length, speech, speech.length))
        .isGreaterThan(0.99);
    assertThat(Likeness.ofSpeechByStretches(halfSilent, 0, heard.length, speech, speech.length))
        .isLessThan(0.8);
  }

  @Test
  void silenceIsLikeNothing() {
    float[] silence = new float[4 * SECOND];
    Arrays.fill(silence, 0);

    assertThat(Likeness.ofTone(silence, 0, silence.length, HERTZ)).isZero();
    assertThat(Likeness.ofToneByStretches(silence, 0, silence.length, HERTZ, SECOND)).isZero();
    assertThat(Likeness.ofSpeech(silence, 0, silence.length, speech)).isZero();
  }

  private static float[] tone(int length, double phase) {
    float[] tone = new float[length];
    for (int i = 0; i < length; i++) {
      tone[i] = (float) (0.1 * Math.sin(phase + 2 * Math.PI * HERTZ * i / SECOND));
    }
    return tone;
  }
}
