package dev.parley.media.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import dev.parley.media.mix.ToneDetector;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** libopus' path makes no garbage per frame once warm. */
final class OpusAllocationTest {
  private static final int WARM_UP_FRAMES = 800;
  private static final int MEASURED_FRAMES = 200;

  /**
   * On a busy machine the JIT may still be at work in the first; garbage per frame would be in each
   * of them.
   */
  private static final int ROUNDS = 25;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final byte[] packet = new byte[1_276];
  private final UnsafeBuffer slot = new UnsafeBuffer(ByteBuffer.allocateDirect(1_500));
  private final float[] frame = ToneDetector.tone(440, 0.3, 960);
  private final float[] heard = new float[5_760];
  private final OpusPacket opusPacket = new OpusPacket();

  @Test
  void encodingDecodingAndConcealingAllocateNothing() {
    OpusCodec libopus = OpusCodec.libopus();
    assumeThat(libopus).isNotNull();
    OpusCodec codec = Objects.requireNonNull(libopus);
    try (OpusEncoder encoder = codec.newEncoder(OpusEncoderSettings.voice(1).withComplexity(0));
        OpusDecoder decoder = codec.newDecoder(1)) {
      run(encoder, decoder, WARM_UP_FRAMES);
      long leastBytes = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS && leastBytes >= MEASURED_FRAMES; round++) {
        long beforeBytes = thread.getCurrentThreadAllocatedBytes();
        run(encoder, decoder, MEASURED_FRAMES);
        leastBytes = Math.min(leastBytes, thread.getCurrentThreadAllocatedBytes() - beforeBytes);
      }

      assertThat(leastBytes).isLessThan(MEASURED_FRAMES);
    }
  }

  private void run(OpusEncoder encoder, OpusDecoder decoder, int frames) {
    for (int i = 0; i < frames; i++) {
      encoder.predictionDisabled((i & 63) == 0);
      encoder.encode(frame, 0, slot, 0, 1_276);
      int length = encoder.encode(frame, 0, packet, 0, packet.length);
      opusPacket.wrap(slot, 0, length);
      opusPacket.wrap(packet, 0, length);
      decoder.decode(packet, 0, length, heard, 0);
      decoder.decodeFec(packet, 0, length, heard, 0, 960);
      decoder.conceal(heard, 0, 960);
    }
  }
}
