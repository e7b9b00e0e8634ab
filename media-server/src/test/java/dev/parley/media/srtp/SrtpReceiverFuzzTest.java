package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class SrtpReceiverFuzzTest {
  @FuzzTest
  void noPacketThrowsOrLeavesATrace(FuzzedDataProvider data) {
    SrtpProfile profile = data.pickValue(SrtpProfile.values());
    SrtpMasterKey key = Packets.keys(profile, 5).clientWrite();
    SrtpReceiver receiver =
        data.consumeBoolean()
            ? new SrtpReceiver(profile, key)
            : new SrtpReceiver(new JitsiTransform(false, profile, key));
    int offset = data.consumeInt(0, 30);
    for (int i = 0; i < 20 && data.remainingBytes() > 0; i++) {
      boolean rtcp = data.consumeBoolean();
      byte[] bytes = data.consumeBytes(data.consumeInt(0, 1_500));
      byte[] buffer = new byte[offset + bytes.length];
      System.arraycopy(bytes, 0, buffer, offset, bytes.length);

      UnprotectResult result =
          rtcp
              ? receiver.unprotectRtcp(buffer, offset, bytes.length)
              : receiver.unprotectRtp(buffer, offset, bytes.length);

      assertThat(result)
          .isIn(UnprotectResult.NOT_AUTHENTIC, UnprotectResult.MALFORMED, UnprotectResult.REPLAYED);
      assertThat(receiver.length()).isZero();
      assertThat(receiver.ssrcCount()).isZero();
    }
    receiver.close();
  }
}
