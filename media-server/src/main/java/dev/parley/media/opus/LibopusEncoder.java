package dev.parley.media.opus;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.parley.media.opus.OpusEncoderSettings.Application;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * libopus' encoder in memory of its own. Owned by one thread at a time.
 *
 * <p>The arena is shared because the thread that makes an encoder is often not the one that uses
 * it; it also turns a use after {@link #close} into an exception instead of a crash.
 */
final class LibopusEncoder implements OpusEncoder {
  private static final int STATE_ALIGNMENT = 16;
  private static final int FRAMES_PER_PACKET_MAX = 3;
  private static final int PACKET_CAPACITY = FRAMES_PER_PACKET_MAX * PACKET_LENGTH_MAX;

  private final Arena arena = Arena.ofShared();
  private final int channels;
  private final int frameSamples;
  private final MemorySegment state;
  private final MemorySegment frame;
  private final MemorySegment packetSegment;
  private final ByteBuffer packetBytes;
  private final int lookaheadSamples;

  LibopusEncoder(OpusEncoderSettings settings) {
    channels = settings.channels();
    frameSamples = settings.frameSamples();
    state = arena.allocate(LibopusFunctions.encoderGetSize(channels), STATE_ALIGNMENT);
    frame = arena.allocate(JAVA_FLOAT, (long) frameSamples * channels);
    packetSegment = arena.allocate(PACKET_CAPACITY);
    packetBytes = packetSegment.asByteBuffer();
    boolean isVoip = settings.application() == Application.VOIP;
    check(
        LibopusFunctions.encoderInit(
            state,
            OpusCodec.SAMPLES_PER_SECOND,
            channels,
            isVoip ? LibopusFunctions.APPLICATION_VOIP : LibopusFunctions.APPLICATION_AUDIO));
    set(
        LibopusFunctions.SET_SIGNAL,
        isVoip ? LibopusFunctions.SIGNAL_VOICE : LibopusFunctions.SIGNAL_AUTO);
    set(LibopusFunctions.SET_DTX, settings.dtx() ? 1 : 0);
    bitrate(settings.bitrateBps());
    complexity(settings.complexity());
    inBandFec(settings.inBandFec());
    expectedLoss(settings.expectedLossPercent());
    MemorySegment answer = arena.allocate(JAVA_INT);
    check(LibopusFunctions.encoderGet(state, LibopusFunctions.GET_LOOKAHEAD, answer));
    lookaheadSamples = answer.get(JAVA_INT, 0);
  }

  @Override
  public int encode(
      float[] samples, int samplesOffset, byte[] packet, int packetOffset, int packetLengthMax) {
    int length = encode(samples, samplesOffset, packetLengthMax);
    if (length > 0) {
      MemorySegment.copy(packetSegment, JAVA_BYTE, 0, packet, packetOffset, length);
    }
    return length;
  }

  @Override
  public int encode(
      float[] samples,
      int samplesOffset,
      MutableDirectBuffer packet,
      int packetOffset,
      int packetLengthMax) {
    int length = encode(samples, samplesOffset, packetLengthMax);
    if (length > 0) {
      packet.putBytes(packetOffset, packetBytes, 0, length);
    }
    return length;
  }

  private int encode(float[] samples, int samplesOffset, int packetLengthMax) {
    MemorySegment.copy(samples, samplesOffset, frame, JAVA_FLOAT, 0, frameSamples * channels);
    return LibopusFunctions.encode(
        state, frame, frameSamples, packetSegment, Math.min(packetLengthMax, PACKET_CAPACITY));
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public int frameSamples() {
    return frameSamples;
  }

  @Override
  public int lookaheadSamples() {
    return lookaheadSamples;
  }

  @Override
  public void bitrate(int bitsPerSecond) {
    set(LibopusFunctions.SET_BITRATE, bitsPerSecond);
  }

  @Override
  public void complexity(int complexity) {
    set(LibopusFunctions.SET_COMPLEXITY, complexity);
  }

  @Override
  public void expectedLoss(int percent) {
    set(LibopusFunctions.SET_PACKET_LOSS_PERCENT, percent);
  }

  @Override
  public void inBandFec(boolean enabled) {
    set(LibopusFunctions.SET_INBAND_FEC, enabled ? 1 : 0);
  }

  @Override
  public void predictionDisabled(boolean disabled) {
    set(LibopusFunctions.SET_PREDICTION_DISABLED, disabled ? 1 : 0);
  }

  @Override
  public void reset() {
    set(LibopusFunctions.RESET_STATE, 0);
  }

  @Override
  public void close() {
    arena.close();
  }

  private void set(int request, int value) {
    check(LibopusFunctions.encoderSet(state, request, value));
  }

  private void check(int answer) {
    if (answer < 0) {
      throw new IllegalArgumentException("libopus refused the encoder's setting: " + answer);
    }
  }
}
