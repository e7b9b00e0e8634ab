package dev.parley.media.stun;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class StunAllocationTest {
  private static final int WARM_UP_ROUNDS = 10_000;
  private static final int MEASURED_ROUNDS = 20_000;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunKey key = StunKey.ofPassword("a password of 24 letters");
  private final StunMessageWriter writer = new StunMessageWriter(integrity);
  private final StunMessage message = new StunMessage();
  private final UnsafeBuffer request = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final UnsafeBuffer answer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final byte[] username = "abcdefgh:remote".getBytes(US_ASCII);
  private final byte[] address = {127, 0, 0, 1};

  @Test
  void checkAndAnswerAllocateNothing() {
    assertThat(run(WARM_UP_ROUNDS)).isEqualTo(WARM_UP_ROUNDS);
    long beforeBytes = thread.getCurrentThreadAllocatedBytes();
    int authentic = run(MEASURED_ROUNDS);
    long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

    assertThat(authentic).isEqualTo(MEASURED_ROUNDS);
    assertThat(allocatedBytes).isLessThan(MEASURED_ROUNDS);
  }

  private int run(int rounds) {
    int authentic = 0;
    for (int i = 0; i < rounds; i++) {
      writer.begin(request, 0, StunType.BINDING_REQUEST, i, i).username(username).priority(i);
      int length = writer.iceControlling(i).useCandidate().finish(key);
      if (message.wrap(request, 0, length) == StunParseResult.VALID
          && message.isAuthentic(integrity, key)) {
        authentic++;
      }
      writer.beginAnswer(answer, 0, StunType.BINDING_SUCCESS, message);
      writer.xorMappedAddress(address, i & 0xFFFF).finish(key);
    }
    return authentic;
  }
}
