package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IceControllingAgentTest {
  private static final String PASSWORD = "a-password-of-24-letters";
  private static final InetSocketAddress SERVER = new InetSocketAddress("198.18.7.2", 36145);

  private final LocalDescription local =
      new LocalDescription(
          "ufrag123",
          PASSWORD,
          DtlsIdentity.selfSigned(Instant.EPOCH, new SecureRandom()).fingerprint(),
          1,
          "name");
  private final IceControllingAgent agent =
      new IceControllingAgent(
          RemoteDescription.parse(RemoteDescriptionTest.JANUS_OFFER),
          local,
          new SplittableRandom(1),
          0);
  private final MessageIntegrity integrity = new MessageIntegrity();
  private final UnsafeBuffer check = new UnsafeBuffer(new byte[200]);
  private final UnsafeBuffer answer = new UnsafeBuffer(new byte[200]);

  @Test
  void checkOfTheServerIsAnsweredWithItsAddress() {
    int length = writeCheck(PASSWORD);

    int answerLength = agent.writeAnswer(answer, check, length, SERVER);

    StunMessage message = new StunMessage();
    assertThat(message.wrap(answer, 0, answerLength)).isEqualTo(StunParseResult.VALID);
    assertThat(message.type()).isEqualTo(StunType.BINDING_SUCCESS);
    assertThat(message.transactionIdLow()).isEqualTo(42);
    assertThat(message.mappedPort()).isEqualTo(SERVER.getPort());
    assertThat(message.isAuthentic(integrity, StunKey.ofPassword(PASSWORD))).isTrue();
  }

  @Test
  void checkWithAWrongPasswordIsNot() {
    int length = writeCheck("another-of-twenty-letters");

    assertThat(agent.writeAnswer(answer, check, length, SERVER)).isZero();
  }

  @Test
  void answerToOurOwnCheckIsNoCheck() {
    int length =
        new StunMessageWriter(integrity)
            .begin(check, 0, StunType.BINDING_SUCCESS, 0, 42)
            .finish(StunKey.ofPassword(PASSWORD));

    assertThat(agent.writeAnswer(answer, check, length, SERVER)).isZero();
  }

  private int writeCheck(String password) {
    return new StunMessageWriter(integrity)
        .begin(check, 0, StunType.BINDING_REQUEST, 0, 42)
        .username("ufrag123:BPZI".getBytes(StandardCharsets.US_ASCII))
        .iceControlled(7)
        .priority(1)
        .finish(StunKey.ofPassword(password));
  }
}
