package dev.parley.media.stun;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class StunMessageTest {
  private static final StunKey KEY = StunKey.ofPassword("a password of 24 letters");

  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessageWriter writer = new StunMessageWriter(integrity);
  private final StunMessage message = new StunMessage();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX + 4]);

  @Property(tries = 300)
  void requestComesOutAsItWentIn(
      @ForAll int high,
      @ForAll long low,
      @ForAll @Size(max = 513) byte[] username,
      @ForAll @IntRange(max = 4) int offset) {
    boolean controlling = (high & 1) != 0;
    writer.begin(buffer, offset, StunType.BINDING_REQUEST, high, low);
    writer.username(username).priority(low);
    if (controlling) {
      writer.iceControlling(low).useCandidate();
    } else {
      writer.iceControlled(low);
    }
    int length = writer.finish(KEY);

    assertThat(message.wrap(buffer, offset, length)).isEqualTo(StunParseResult.VALID);
    assertThat(message.type()).isEqualTo(StunType.BINDING_REQUEST);
    assertThat(message.transactionIdHigh()).isEqualTo(high);
    assertThat(message.transactionIdLow()).isEqualTo(low);
    assertThat(message.priority()).isEqualTo(low & 0xFFFFFFFFL);
    assertThat(message.tieBreaker()).isEqualTo(low);
    assertThat(message.hasIceControlling()).isEqualTo(controlling);
    assertThat(message.hasIceControlled()).isEqualTo(!controlling);
    assertThat(message.hasUseCandidate()).isEqualTo(controlling);
    assertThat(message.usernameLength()).isEqualTo(username.length);
    for (int i = 0; i < username.length; i++) {
      assertThat(message.usernameByte(i)).isEqualTo(username[i] & 0xFF);
    }
    assertThat(message.isAuthentic(integrity, KEY)).isTrue();
    assertThat(message.unknownAttributeCount()).isZero();
  }

  @Property(tries = 100)
  void mappedAddressComesOutAsItWentIn(
      @ForAll @Size(16) byte[] address,
      @ForAll boolean ipv4,
      @ForAll @IntRange(max = 65535) int port,
      @ForAll long low) {
    byte[] in = ipv4 ? Arrays.copyOf(address, 4) : address;
    writer.begin(buffer, 0, StunType.BINDING_SUCCESS, 1, low).xorMappedAddress(in, port);
    int length = writer.finish(KEY);

    byte[] out = new byte[16];
    assertThat(message.wrap(buffer, 0, length)).isEqualTo(StunParseResult.VALID);
    assertThat(message.getMappedAddress(out)).isEqualTo(in.length);
    assertThat(Arrays.copyOf(out, in.length)).isEqualTo(in);
    assertThat(message.mappedPort()).isEqualTo(port);
  }

  @Test
  void errorsKeepTheirNumberAndTransaction() {
    assertThat(message.wrap(buffer, 0, request())).isEqualTo(StunParseResult.VALID);
    UnsafeBuffer answerBuffer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
    StunMessage answer = new StunMessage();
    for (StunError error : StunError.values()) {
      writer.beginAnswer(answerBuffer, 0, StunType.BINDING_ERROR, message).errorCode(error);

      assertThat(answer.wrap(answerBuffer, 0, writer.finish())).isEqualTo(StunParseResult.VALID);
      assertThat(answer.errorCode()).isEqualTo(error.code());
      assertThat(answer.transactionIdLow()).isEqualTo(2);
      assertThat(answer.hasMessageIntegrity()).isFalse();
    }
  }

  @Test
  void forgedMessageIsNotAuthentic() {
    int length = request();
    buffer.putByte(30, (byte) ~buffer.getByte(30));
    // The forger mends the fingerprint, which needs no key.
    int attributeOffset = length - 8;
    int crc = Fingerprint.of(buffer, 0, attributeOffset);
    buffer.putInt(attributeOffset + 4, crc, BIG_ENDIAN);

    assertThat(message.wrap(buffer, 0, length)).isEqualTo(StunParseResult.VALID);
    assertThat(message.isAuthentic(integrity, KEY)).isFalse();
  }

  @Test
  void attributeAfterTheSignatureDoesNotCount() {
    writer.begin(buffer, 0, StunType.BINDING_REQUEST, 1, 2).username("a:b".getBytes(US_ASCII));
    int signedLength = writer.finish(KEY) - 8;
    // USE-CANDIDATE, appended by somebody on the path.
    buffer.putInt(signedLength, 0x00250000, BIG_ENDIAN);
    int length = signedLength + 4;
    buffer.putShort(2, (short) (length - 20), BIG_ENDIAN);

    assertThat(message.wrap(buffer, 0, length)).isEqualTo(StunParseResult.VALID);
    assertThat(message.isAuthentic(integrity, KEY)).isTrue();
    assertThat(message.hasUseCandidate()).isFalse();
  }

  @Test
  void unknownAttributeThatMustBeUnderstoodIsNamed() {
    int bare = 20;
    writer.begin(buffer, 0, StunType.BINDING_REQUEST, 1, 2);
    buffer.putInt(bare, 0x7777_0000, BIG_ENDIAN);
    buffer.putInt(bare + 4, 0xF777_0000, BIG_ENDIAN);
    buffer.putShort(2, (short) 8, BIG_ENDIAN);

    assertThat(message.wrap(buffer, 0, bare + 8)).isEqualTo(StunParseResult.VALID);
    assertThat(message.unknownAttributeCount()).isEqualTo(1);
    assertThat(message.unknownAttribute(0)).isEqualTo(0x7777);
  }

  @Test
  void endlessAttributesAreRefused() {
    writer.begin(buffer, 0, StunType.BINDING_REQUEST, 1, 2);
    for (int i = 0; i < StunMessage.ATTRIBUTES_MAX; i++) {
      writer.useCandidate();
    }

    assertThat(message.wrap(buffer, 0, writer.finish()))
        .isEqualTo(StunParseResult.TOO_MANY_ATTRIBUTES);
  }

  @Test
  void everyTruncationIsRefused() {
    int length = request();
    for (int cut = 0; cut < length; cut++) {
      assertThat(message.wrap(buffer, 0, cut)).isNotEqualTo(StunParseResult.VALID);
    }
  }

  private int request() {
    writer
        .begin(buffer, 0, StunType.BINDING_REQUEST, 1, 2)
        .username("local:remote".getBytes(US_ASCII));
    return writer.priority(7).iceControlling(8).finish(KEY);
  }
}
