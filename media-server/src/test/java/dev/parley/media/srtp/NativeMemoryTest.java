package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    assumeTrue(SrtpCiphers.jitsiHasOpenSsl());

    JitsiSsrcContext context =
        new JitsiTransform(true, profile, Packets.keys(profile, 8).clientWrite()).newContext();

    assertThat(context.memory().cipherCount()).isEqualTo(4);
    context.close();
    assertThat(context.memory().cipherCount()).isZero();
  }

  /**
   * Leaked, one alone would be more than a kilobyte. What malloc tells is exact, but of the whole
   * process: the compiler, too, takes some megabytes now and then, though not each time.
   */
  @Test
  void libcryptosMemoryIsFreed() {
    assumeTrue(SrtpCiphers.hasLibcrypto());
    MethodHandle mallinfo = mallinfo();
    assumeTrue(mallinfo != null);
    SrtpMasterKey key = Packets.keys(SrtpProfile.AEAD_AES_128_GCM, 8).clientWrite();
    openAndClose(key, 100);
    long leastBytes = Long.MAX_VALUE;

    for (int round = 0; round < ROUNDS; round++) {
      long beforeBytes = inUseBytes(mallinfo);
      openAndClose(key, TRANSFORMS);
      leastBytes = Math.min(leastBytes, inUseBytes(mallinfo) - beforeBytes);
    }

    assertThat(leastBytes).isLessThan(TRANSFORMS * 500L);
  }

  @Test
  void closingSenderAndReceiverClosesTheirCiphers() {
    assumeTrue(SrtpCiphers.hasLibcrypto());
    SrtpMasterKey key = Packets.keys(SrtpProfile.AEAD_AES_128_GCM, 8).clientWrite();
    GcmTransform sending = new GcmTransform(true, key);
    GcmTransform receiving = new GcmTransform(false, key);
    SrtpSender sender = new SrtpSender(sending);
    SrtpReceiver receiver = new SrtpReceiver(receiving);
    assertThat(sender.of(1)).isNotNull();
    assertThat(sending.isClosed() || receiving.isClosed()).isFalse();

    sender.close();
    sender.close();
    receiver.close();
    receiver.close();

    assertThat(sending.isClosed() && receiving.isClosed()).isTrue();
  }

  private static void openAndClose(SrtpMasterKey key, int count) {
    for (int i = 0; i < count; i++) {
      new SrtpSender(new GcmTransform(i % 2 == 0, key)).close();
    }
  }

  private static final int ROUNDS = 5;
  private static final int TRANSFORMS = 10_000;

  /** {@code struct mallinfo2}: ten counts, the eighth of bytes in use. */
  private static final StructLayout MALLINFO =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG));

  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle mallinfo() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("mallinfo2")
        .map(address -> linker.downcallHandle(address, FunctionDescriptor.of(MALLINFO)))
        .orElse(null);
  }

  private static long inUseBytes(MethodHandle mallinfo) {
    try (Arena arena = Arena.ofConfined()) {
      SegmentAllocator allocator = arena;
      MemorySegment counts = (MemorySegment) mallinfo.invokeExact(allocator);
      return counts.getAtIndex(ValueLayout.JAVA_LONG, 7);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
