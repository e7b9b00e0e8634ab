package dev.parley.media.opus;

import dev.parley.media.opus.OpusEncoderSettings.Application;
import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusSignal;
import org.agrona.MutableDirectBuffer;

/**
 * Concentus' encoder behind ours: samples go through 16 bits. Makes garbage per frame. Owned by one
 * thread at a time.
 */
final class ConcentusEncoder implements OpusEncoder {
  private static final int PACKET_CAPACITY = 3 * PACKET_LENGTH_MAX;

  private final io.github.jaredmdobson.concentus.OpusEncoder encoder;
  private final int channels;
  private final int frameSamples;
  private final short[] frame;
  private final byte[] packetBytes = new byte[PACKET_CAPACITY];

  ConcentusEncoder(OpusEncoderSettings settings) {
    channels = settings.channels();
    frameSamples = settings.frameSamples();
    frame = new short[frameSamples * channels];
    boolean isVoip = settings.application() == Application.VOIP;
    try {
      encoder =
          new io.github.jaredmdobson.concentus.OpusEncoder(
              OpusCodec.SAMPLES_PER_SECOND,
              channels,
              isVoip
                  ? OpusApplication.OPUS_APPLICATION_VOIP
                  : OpusApplication.OPUS_APPLICATION_AUDIO);
    } catch (OpusException e) {
      throw new IllegalArgumentException("Concentus refused an encoder", e);
    }
    encoder.setSignalType(isVoip ? OpusSignal.OPUS_SIGNAL_VOICE : OpusSignal.OPUS_SIGNAL_AUTO);
    encoder.setUseDTX(settings.dtx());
    encoder.setBitrate(settings.bitrateBps());
    encoder.setComplexity(settings.complexity());
    encoder.setUseInbandFEC(settings.inBandFec());
    encoder.setPacketLossPercent(settings.expectedLossPercent());
  }

  @Override
  public int encode(
      float[] samples, int samplesOffset, byte[] packet, int packetOffset, int packetLengthMax) {
    int length = encode(samples, samplesOffset, packetLengthMax);
    if (length > 0) {
      System.arraycopy(packetBytes, 0, packet, packetOffset, length);
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
    for (int i = 0; i < frame.length; i++) {
      float scaled = samples[samplesOffset + i] * 32_767f;
      frame[i] = (short) Math.round(Math.max(-32_768f, Math.min(32_767f, scaled)));
    }
    try {
      return encoder.encode(
          frame, 0, frameSamples, packetBytes, 0, Math.min(packetLengthMax, PACKET_CAPACITY));
    } catch (OpusException | RuntimeException | AssertionError e) {
      return OpusError.INTERNAL_ERROR;
    }
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
    return encoder.getLookahead();
  }

  @Override
  public void bitrate(int bitsPerSecond) {
    encoder.setBitrate(bitsPerSecond);
  }

  @Override
  public void complexity(int complexity) {
    encoder.setComplexity(complexity);
  }

  @Override
  public void expectedLoss(int percent) {
    encoder.setPacketLossPercent(percent);
  }

  @Override
  public void inBandFec(boolean enabled) {
    encoder.setUseInbandFEC(enabled);
  }

  @Override
  public void predictionDisabled(boolean disabled) {
    encoder.setPredictionDisabled(disabled);
  }

  @Override
  public void reset() {
    encoder.resetState();
  }

  @Override
  public void close() {
    // Everything is on the heap.
  }
}
