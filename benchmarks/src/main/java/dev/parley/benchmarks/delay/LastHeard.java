package dev.parley.benchmarks.delay;

import dev.parley.benchmarks.client.PacketStamp;
import dev.parley.benchmarks.client.PacketWatch;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.rtp.RtpPacket;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * When the last packet came with something to hear in it. One who gets the talkers' own packets
 * knows them by their stamps, one who gets a mix has to decode it: a mix goes on in silence, too.
 * The client loops write, one each listener; any thread may read.
 */
public final class LastHeard implements PacketWatch, AutoCloseable {
  /** Far below whoever talks, and above what a codec leaves of one who has just been faded out. */
  private static final double HEARD_DBOV = -45;

  private final LongSupplier clockNs;
  private final Map<Integer, Ear> ears = new TreeMap<>();

  /**
   * Nothing heard yet.
   *
   * @param forwarded numbers of those clients who get talkers' own packets
   * @param mixed of those who get a mix
   */
  public LastHeard(Set<Integer> forwarded, Set<Integer> mixed) {
    this(forwarded, mixed, RealTime::nowNs);
  }

  LastHeard(Set<Integer> forwarded, Set<Integer> mixed, LongSupplier clockNs) {
    this.clockNs = clockNs;
    forwarded.forEach(number -> ears.put(number, new Ear(false)));
    mixed.forEach(number -> ears.put(number, new Ear(true)));
  }

  /**
   * What one listener has heard.
   *
   * @param packets how many had something to hear in them
   * @param lastNs when the last of these came, by {@link #nowNs}; 0 if none has
   */
  public record Heard(long packets, long lastNs) {}

  /** What a listener has heard so far. */
  public Heard by(int listener) {
    Ear ear = ears.get(listener);
    if (ear == null) {
      throw new IllegalArgumentException("client " + listener + " is not listened at");
    }
    return ear.heard;
  }

  /** The clock that arrivals are stamped by, in nanoseconds. */
  public long nowNs() {
    return clockNs.getAsLong();
  }

  @Override
  public boolean listensAt(int client) {
    return ears.containsKey(client);
  }

  @Override
  public void onArrival(int client, RtpPacket packet, MutableDirectBuffer buffer, long arrivedNs) {
    Ear ear = ears.get(client);
    if (ear != null && ear.hears(packet, buffer)) {
      ear.heard = new Heard(ear.heard.packets() + 1, arrivedNs);
    }
  }

  /** Forgets the streams; when the client loops have ended. */
  @Override
  public void close() {
    ears.values().forEach(Ear::close);
  }

  /** At one listener. Owner: its client loop, but for what it has heard. */
  private static final class Ear {
    private final boolean isMix;
    private final byte[] payload = new byte[1_500];
    private final float[] frame = new float[OpusCodec.PACKET_SAMPLES_MAX];
    private @Nullable OpusDecoder decoder;
    private volatile Heard heard = new Heard(0, 0);

    Ear(boolean isMix) {
      this.isMix = isMix;
    }

    boolean hears(RtpPacket packet, MutableDirectBuffer buffer) {
      int offset = packet.payloadOffset();
      int length = packet.payloadLength();
      return isMix ? isLoud(buffer, offset, length) : PacketStamp.isPresent(buffer, offset, length);
    }

    /** Every packet must be decoded, whatever is wanted of it: codecs remember. */
    private boolean isLoud(MutableDirectBuffer buffer, int offset, int length) {
      if (length > payload.length) {
        return false;
      }
      OpusDecoder stream = decoder;
      if (stream == null) {
        stream = OpusCodec.best().newDecoder(1);
        decoder = stream;
      }
      buffer.getBytes(offset, payload, 0, length);
      int samples = stream.decode(payload, 0, length, frame, 0);
      double sum = 0;
      for (int i = 0; i < samples; i++) {
        sum += frame[i] * frame[i];
      }
      return samples > 0 && 10 * Math.log10(sum / samples + 1e-12) > HEARD_DBOV;
    }

    void close() {
      if (decoder != null) {
        decoder.close();
      }
    }
  }
}
