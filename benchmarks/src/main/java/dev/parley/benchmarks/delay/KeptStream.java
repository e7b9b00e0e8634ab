package dev.parley.benchmarks.delay;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * All packets that one listener got of a mix, with their arrivals, to be decoded when there is time
 * for it. Owner: the client loop, then who reads it.
 */
final class KeptStream {
  private static final int FRAME_SAMPLES = OpusCodec.FRAME_SAMPLES;
  private static final int NONE = -1;

  private final List<byte[]> payloads = new ArrayList<>();
  private final List<Long> arrivalsNs = new ArrayList<>();
  private int expected = NONE;
  private long missing;

  /** What is missing before it is kept as an empty place; what comes too late is dropped. */
  void add(int sequenceNumber, byte[] payload, long arrivedNs) {
    int ahead = expected == NONE ? 0 : (short) (sequenceNumber - expected);
    if (ahead < 0) {
      return;
    }
    for (int i = 0; i < ahead; i++) {
      keep(new byte[0], 0);
      missing++;
    }
    keep(payload, arrivedNs);
    expected = sequenceNumber + 1 & 0xFFFF;
  }

  private void keep(byte[] payload, long arrivedNs) {
    payloads.add(payload);
    arrivalsNs.add(arrivedNs);
  }

  int packets() {
    return payloads.size();
  }

  /** When the packet in this place arrived, nanoseconds of {@link RealTime}; 0 if it did not. */
  long arrivedNs(int place) {
    return arrivalsNs.get(place);
  }

  long missing() {
    return missing;
  }

  /** The sound: a frame of 20 ms for each place, silence for what is missing. */
  float[] decoded() {
    float[] sound = new float[payloads.size() * FRAME_SAMPLES];
    float[] frame = new float[OpusCodec.PACKET_SAMPLES_MAX];
    try (OpusDecoder decoder = OpusCodec.best().newDecoder(1)) {
      for (int place = 0; place < payloads.size(); place++) {
        byte[] payload = payloads.get(place);
        if (payload.length > 0
            && decoder.decode(payload, 0, payload.length, frame, 0) == FRAME_SAMPLES) {
          System.arraycopy(frame, 0, sound, place * FRAME_SAMPLES, FRAME_SAMPLES);
        }
      }
    }
    return sound;
  }
}
