package dev.parley.benchmarks.media;

import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A browser's ICE check: read, and for the right one proved and answered (RFC 8489). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StunBenchmark {
  private final UnsafeBuffer check = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final UnsafeBuffer answer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final StunMessage message = new StunMessage();
  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessageWriter writer = new StunMessageWriter(integrity);
  private final StunKey key = StunKey.ofPassword("a password of 24 letters");
  private final byte[] address = {127, 0, 0, 1};
  private int length;

  /** One check, as a browser sends it. */
  @Setup
  public void write() {
    writer.begin(check, 0, StunType.BINDING_REQUEST, 1, 2);
    writer.username("abcdefgh:ijkl".getBytes(StandardCharsets.US_ASCII)).iceControlling(3);
    length = writer.priority(0x6E7F_1EFFL).finish(key);
  }

  /** Up to whose it is, which costs nothing that a stranger could ask for too often. */
  @Benchmark
  public long read() {
    if (message.wrap(check, 0, length) != StunParseResult.VALID) {
      throw new IllegalStateException();
    }
    return message.usernamePrefix();
  }

  /** The whole of a consent check: read it, prove it, answer it. */
  @Benchmark
  public int checkAndAnswer() {
    if (message.wrap(check, 0, length) != StunParseResult.VALID
        || !message.isAuthentic(integrity, key)) {
      throw new IllegalStateException();
    }
    writer.beginAnswer(answer, 0, StunType.BINDING_SUCCESS, message);
    writer.xorMappedAddress(address, 40_000);
    return writer.finish(key);
  }
}
