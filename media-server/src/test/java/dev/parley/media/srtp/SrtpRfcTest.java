package dev.parley.media.srtp;

import static dev.parley.media.srtp.SrtpProfile.AEAD_AES_128_GCM;
import static dev.parley.media.srtp.SrtpProfile.SRTP_AES128_CM_HMAC_SHA1_80;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The vectors of RFC 3711 appendix B and RFC 7714 §16 and 17. Those of RFC 7714 give session keys,
 * which no master key is known for: they prove {@link ReferenceSrtp} here and our own in {@link
 * GcmSsrcContextTest}, and {@link SrtpPropertiesTest} proves that whole senders agree. The last
 * four are whole packets as libsrtp protects them.
 */
class SrtpRfcTest {
  private static final byte[] RFC3711_KEY = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
  private static final byte[] RFC3711_SALT = hex("0EC675AD498AFEEBB6960B3AABE6");
  static final byte[] RFC7714_KEY = hex("000102030405060708090a0b0c0d0e0f");
  static final byte[] RFC7714_SALT = hex("517569642070726f2071756f");

  @Test
  void rfc3711AppendixB3KeyDerivation() throws Exception {
    assertThat(ReferenceSrtp.derive(RFC3711_KEY, RFC3711_SALT, ReferenceSrtp.RTP_ENCRYPTION, 16))
        .isEqualTo(hex("C61E7A93744F39EE10734AFE3FF7A087"));
    assertThat(ReferenceSrtp.derive(RFC3711_KEY, RFC3711_SALT, ReferenceSrtp.RTP_SALT, 14))
        .isEqualTo(hex("30CBBC08863D8C85D49DB34A9AE1"));
    assertThat(
            ReferenceSrtp.derive(RFC3711_KEY, RFC3711_SALT, ReferenceSrtp.RTP_AUTHENTICATION, 94))
        .isEqualTo(
            hex(
                "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCE"
                    + "E049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25"
                    + "6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2"));
  }

  @Test
  void rfc3711AppendixB3SessionKeys() {
    SessionKeys keys = new SessionKeys(new SrtpMasterKey(RFC3711_KEY, RFC3711_SALT));

    assertThat(keys.derive(SessionKeys.RTP_ENCRYPTION, 16))
        .isEqualTo(hex("C61E7A93744F39EE10734AFE3FF7A087"));
    assertThat(keys.derive(SessionKeys.RTP_SALT, 14))
        .isEqualTo(hex("30CBBC08863D8C85D49DB34A9AE1"));
  }

  @Test
  void rfc7714Section16RtpEncryption() throws Exception {
    assertThat(ReferenceSrtp.gcmRtp(RFC7714_KEY, RFC7714_SALT, rfc7714RtpClear(), 12, 0))
        .isEqualTo(rfc7714RtpProtected());
  }

  @Test
  void rfc7714Section17RtcpEncryption() throws Exception {
    assertThat(ReferenceSrtp.gcmRtcp(RFC7714_KEY, RFC7714_SALT, rfc7714RtcpClear(), 0x5d4))
        .isEqualTo(rfc7714RtcpProtected());
  }

  static byte[] rfc7714RtpClear() {
    return hex(
        "8040f17b8041f8d35501a0b2"
            + "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573");
  }

  static byte[] rfc7714RtpProtected() {
    return hex(
        "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a"
            + "51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
  }

  static byte[] rfc7714RtcpClear() {
    return hex(
        "81c8000d4d6172734e5450314e545032525450200000042a0000e930"
            + "4c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
  }

  static byte[] rfc7714RtcpProtected() {
    return hex(
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
            + "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4");
  }

  @Test
  void libsrtpCounterModeRtp() {
    assertUnprotectsRtp(
        SRTP_AES128_CM_HMAC_SHA1_80,
        new SrtpMasterKey(RFC3711_KEY, RFC3711_SALT),
        "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
  }

  @Test
  void libsrtpCounterModeRtcp() {
    assertUnprotectsRtcp(
        SRTP_AES128_CM_HMAC_SHA1_80,
        new SrtpMasterKey(RFC3711_KEY, RFC3711_SALT),
        "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");
  }

  @Test
  void libsrtpGcmRtp() {
    assertUnprotectsRtp(
        AEAD_AES_128_GCM,
        new SrtpMasterKey(RFC7714_KEY, hex("a0a1a2a3a4a5a6a7a8a9aaab")),
        "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392");
  }

  @Test
  void libsrtpGcmRtcp() {
    assertUnprotectsRtcp(
        AEAD_AES_128_GCM,
        new SrtpMasterKey(RFC7714_KEY, hex("a0a1a2a3a4a5a6a7a8a9aaab")),
        "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001");
  }

  private static void assertUnprotectsRtp(
      SrtpProfile profile, SrtpMasterKey key, String protectedHex) {
    byte[] packet = hex(protectedHex);
    SrtpReceiver receiver = new SrtpReceiver(profile, key);

    assertThat(receiver.unprotectRtp(packet, 0, packet.length)).isEqualTo(UnprotectResult.OK);

    assertThat(Arrays.copyOf(packet, receiver.length()))
        .isEqualTo(hex("800f1234decafbadcafebabeabababababababababababababababab"));
    receiver.close();
  }

  private static void assertUnprotectsRtcp(
      SrtpProfile profile, SrtpMasterKey key, String protectedHex) {
    byte[] packet = hex(protectedHex);
    SrtpReceiver receiver = new SrtpReceiver(profile, key);

    assertThat(receiver.unprotectRtcp(packet, 0, packet.length)).isEqualTo(UnprotectResult.OK);

    assertThat(Arrays.copyOf(packet, receiver.length()))
        .isEqualTo(hex("81c8000bcafebabeabababababababababababababababab"));
    receiver.close();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
