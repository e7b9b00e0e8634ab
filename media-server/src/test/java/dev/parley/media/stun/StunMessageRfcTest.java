package dev.parley.media.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The short-term credential vectors of RFC 5769 sections 2.1 to 2.3. */
class StunMessageRfcTest {
  private static final StunKey KEY = StunKey.ofPassword("VOkJxbRl1RmTxUk/WvJxBt");
  private static final String REQUEST =
      "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
          + "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
          + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";
  private static final String RESPONSE_IPV4 =
      "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
          + "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
          + "80280004c07d4c96";
  private static final String RESPONSE_IPV6 =
      "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
          + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
          + "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";

  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessage message = new StunMessage();

  @Test
  void requestIsReadAndAuthentic() {
    assertThat(wrap(REQUEST)).isEqualTo(StunParseResult.VALID);
    assertThat(message.type()).isEqualTo(StunType.BINDING_REQUEST);
    assertThat(message.transactionIdHigh()).isEqualTo(0xb7e7a701);
    assertThat(message.transactionIdLow()).isEqualTo(0xbc34d686fa87dfaeL);
    assertThat(message.priority()).isEqualTo(0x6e0001ffL);
    assertThat(message.hasIceControlled()).isTrue();
    assertThat(message.hasIceControlling()).isFalse();
    assertThat(message.tieBreaker()).isEqualTo(0x932ff9b151263b36L);
    assertThat(message.usernameLength()).isEqualTo(9);
    assertThat(message.usernameByte(4)).isEqualTo(':');
    assertThat(message.hasFingerprint()).isTrue();
    assertThat(message.isAuthentic(integrity, KEY)).isTrue();
    assertThat(message.isAuthentic(integrity, StunKey.ofPassword("another"))).isFalse();
  }

  @Test
  void addressesOfBothFamiliesAreRead() throws UnknownHostException {
    byte[] address = new byte[16];

    assertThat(wrap(RESPONSE_IPV4)).isEqualTo(StunParseResult.VALID);
    assertThat(message.isAuthentic(integrity, KEY)).isTrue();
    assertThat(message.getMappedAddress(address)).isEqualTo(4);
    assertThat(Arrays.copyOf(address, 4)).isEqualTo(new byte[] {(byte) 192, 0, 2, 1});
    assertThat(message.mappedPort()).isEqualTo(32853);

    assertThat(wrap(RESPONSE_IPV6)).isEqualTo(StunParseResult.VALID);
    assertThat(message.isAuthentic(integrity, KEY)).isTrue();
    assertThat(message.getMappedAddress(address)).isEqualTo(16);
    assertThat(InetAddress.getByAddress(address))
        .isEqualTo(InetAddress.getByName("2001:db8:1234:5678:11:2233:4455:6677"));
    assertThat(message.mappedPort()).isEqualTo(32853);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] bytes = HexFormat.of().parseHex(REQUEST);
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);

      StunParseResult result = message.wrap(new UnsafeBuffer(bytes), 0, bytes.length);

      // Without its fingerprint's type a message still has its signature.
      assertThat(result == StunParseResult.VALID && message.hasFingerprint()).isFalse();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  private StunParseResult wrap(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return message.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
  }
}
