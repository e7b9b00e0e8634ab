package dev.parley.common.control;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/**
 * Whatever a frame holds, decoding answers a value; what it accepts, it can write and read again.
 */
class ControlCodecFuzzTest {
  private final ControlCodec codec = new ControlCodec();

  @FuzzTest(maxDuration = "1m")
  void anyFrameFromAMediaServerIsAValue(byte[] frame) {
    if (codec.decodeMedia(new String(frame, StandardCharsets.UTF_8))
            instanceof Decoded.Message<MediaMessage>(MediaMessage message)
        && !codec.decodeMedia(codec.encode(message)).equals(new Decoded.Message<>(message))) {
      throw new AssertionError("not the same after a round trip: " + message);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void anyFrameFromTheSessionTierIsAValue(byte[] frame) {
    if (codec.decodeSession(new String(frame, StandardCharsets.UTF_8))
            instanceof Decoded.Message<SessionMessage>(SessionMessage message)
        && !codec.decodeSession(codec.encode(message)).equals(new Decoded.Message<>(message))) {
      throw new AssertionError("not the same after a round trip: " + message);
    }
  }
}
