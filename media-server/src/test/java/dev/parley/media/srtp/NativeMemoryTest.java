package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeMemoryTest {
  @Test
  void closesEachCipherOnce() {
    List<String> closed = new ArrayList<>();
    NativeMemory memory =
        new NativeMemory(new ArrayList<>(List.of(() -> closed.add("a"), () -> closed.add("b"))));

    memory.close();
    memory.close();

    assertThat(closed).containsExactly("a", "b");
  }

  /** Four ciphers: RTP and RTCP, and one more of each for deriving the session keys. */
  @ParameterizedTest
  @EnumSource
  void whatJitsiAllocatesIsFoundAndFreed(SrtpProfile profile) {
    assumeTrue(SrtpCiphers.implementation().equals("OpenSSL"));

    SsrcContext context = SsrcContext.create(true, profile, Packets.keys(profile, 8).clientWrite());

    assertThat(context.memory().cipherCount()).isEqualTo(4);
    context.close();
    assertThat(context.memory().cipherCount()).isZero();
  }
}
