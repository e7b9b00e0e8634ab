package dev.parley.benchmarks.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpPacketWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MixDelayTest {
  private static final int FRAME_SAMPLES = OpusCodec.FRAME_SAMPLES;
  private static final long FRAME_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long START_NS = TimeUnit.SECONDS.toNanos(1_000_000);
  private static final int FRAMES = 500;
  private static final int LISTENER = 1;

  /** What libopus' encoder looks ahead: 312 samples, 6.5 ms. */
  private static final double LOOK_AHEAD_MS = 6.5;

  private final AtomicLong nowNs = new AtomicLong(START_NS);
  private final MixDelay delay = new MixDelay(1, 1, nowNs::get);

  @Test
  void soundsDelayAndThePacketsDelayAddUp() {
    mix(1_000, TimeUnit.MILLISECONDS.toNanos(3), Integer.MAX_VALUE);

    double expectedMs = 1_000 / 48.0 + 3 + LOOK_AHEAD_MS;
    assertThat(delay.delayUs().getTotalCount()).isBetween(15L, 20L);
    assertThat(delay.unheard()).isZero();
    assertThat(delay.delayUs().getValueAtPercentile(50) / 1_000.0)
        .isCloseTo(expectedMs, within(0.7));
    assertThat(delay.delayUs().getMaxValue() / 1_000.0).isCloseTo(expectedMs, within(1.5));
  }

  @Test
  void noDelayButTheSecondCodecIsMeasuredAsThat() {
    mix(0, 0, Integer.MAX_VALUE);

    assertThat(delay.delayUs().getValueAtPercentile(50) / 1_000.0)
        .isCloseTo(LOOK_AHEAD_MS, within(0.7));
  }

  @Test
  void marksInPacketsThatNeverCameCountAsUnheard() {
    mix(1_000, 0, 20);

    assertThat(delay.unheard()).isPositive();
  }

  /** A mixer of one talker, which delays sound by samples and packets by time. */
  private void mix(int delaySamples, long delayNs, int lostEach) {
    float[] sound = new float[FRAMES * FRAME_SAMPLES + delaySamples];
    float[] frame = new float[OpusCodec.PACKET_SAMPLES_MAX];
    byte[] payload = new byte[OpusEncoder.PACKET_LENGTH_MAX];
    UnsafeBuffer datagram = new UnsafeBuffer(new byte[2_000]);
    RtpPacketWriter writer = new RtpPacketWriter();
    RtpPacket packet = new RtpPacket();
    delay.begin();
    try (OpusDecoder decoder = OpusCodec.best().newDecoder(1);
        OpusEncoder encoder = OpusCodec.best().newEncoder(OpusEncoderSettings.voice(1))) {
      for (int i = 0; i < FRAMES; i++) {
        nowNs.set(START_NS + i * FRAME_NS);
        delay.onSend(0, i);
        UnsafeBuffer said = delay.voice().frame(i);
        byte[] bytes = new byte[said.capacity()];
        said.getBytes(0, bytes);
        decoder.decode(bytes, 0, bytes.length, frame, 0);
        System.arraycopy(frame, 0, sound, i * FRAME_SAMPLES + delaySamples, FRAME_SAMPLES);
        int length = encoder.encode(sound, i * FRAME_SAMPLES, payload, 0, payload.length);
        writer.begin(datagram, 0, 111, false);
        writer.source(1, i & 0xFFFF, i * FRAME_SAMPLES);
        int end = writer.payload(new UnsafeBuffer(payload), 0, length);
        packet.wrap(datagram, 0, end);
        if (i % lostEach != lostEach - 1) {
          delay.onArrival(LISTENER, packet, datagram, nowNs.get() + delayNs);
        }
      }
    }
    delay.evaluate();
  }
}
