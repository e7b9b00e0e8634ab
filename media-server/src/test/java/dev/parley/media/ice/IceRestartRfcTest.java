package dev.parley.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** ICE restarts of a lite agent: RFC 8445 sections 2.4, 9 and 12.1, RFC 8839 section 4.4.1.1.1. */
class IceRestartRfcTest {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long HIGH_PRIORITY = 2_130_706_431L;
  private static final long LOW_PRIORITY = 16_777_215L;
  private static final TransportAddress WIFI =
      TransportAddress.udp(new InetSocketAddress("192.0.2.1", 5000));
  private static final TransportAddress MOBILE =
      TransportAddress.udp(new InetSocketAddress("198.51.100.7", 6000));

  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessageWriter writer = new StunMessageWriter(integrity);
  private final StunMessage request = new StunMessage();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final IceCredentials first =
      IceCredentials.of("localufr", "a-password-of-24-letters", "remo");
  private final IceCredentials second =
      IceCredentials.of("nextufrg", "another-password-of-24-l", "newr");
  private final IceLiteAgent agent = new IceLiteAgent(first, IceTimes.DEFAULT, 0);

  @Test
  void restartChangesBothFragmentAndPassword() {
    SecureRandom random = new SecureRandom();

    IceCredentials one = IceCredentials.generate("remo", random);
    IceCredentials other = IceCredentials.generate("remo", random);

    assertThat(other.localFragment()).isNotEqualTo(one.localFragment());
    assertThat(other.localPassword()).isNotEqualTo(one.localPassword());
  }

  @Test
  void mediaGoesOnWhereItWentUntilThePeerNominatesInTheNewSession() {
    check(first, WIFI, HIGH_PRIORITY, true, 0);

    agent.restart(second);
    assertThat(agent.maySend()).isTrue();
    assertThat(check(second, MOBILE, LOW_PRIORITY, false, 1)).isEqualTo(IceCheckResult.NEW_ADDRESS);
    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
    assertThat(agent.credentials()).isSameAs(first);

    check(second, MOBILE, LOW_PRIORITY, true, 2);

    assertThat(agent.selectedAddress()).isEqualTo(MOBILE);
    assertThat(agent.credentials()).isSameAs(second);
    assertThat(agent.nextCredentials()).isNull();
    assertThat(agent.retiredCredentials()).isSameAs(first);
  }

  @Test
  void nominationInTheNewSessionTakesOverAtOnceWhateverItsPriority() {
    check(first, WIFI, HIGH_PRIORITY, true, 0);
    agent.restart(second);

    check(second, MOBILE, LOW_PRIORITY, true, 1);

    assertThat(agent.selectedAddress()).isEqualTo(MOBILE);
  }

  @Test
  void checksOfTheOldSessionAreTakenUntilThenAndNotAfterwards() {
    check(first, WIFI, HIGH_PRIORITY, true, 0);
    agent.restart(second);

    assertThat(check(first, WIFI, HIGH_PRIORITY, false, 1)).isEqualTo(IceCheckResult.KNOWN_ADDRESS);
    assertThat(agent.retiredCredentials()).isNull();
    check(second, WIFI, HIGH_PRIORITY, true, 2);

    assertThat(check(first, WIFI, HIGH_PRIORITY, false, 3)).isEqualTo(IceCheckResult.NOT_AUTHENTIC);
  }

  @Test
  void oldPasswordDoesNotSignForTheNewSessionNorTheNewOneForTheOld() {
    check(first, WIFI, HIGH_PRIORITY, true, 0);
    agent.restart(second);

    begin("nextufrg:newr", HIGH_PRIORITY, true);
    assertThat(judge(writer.finish(first.key()), MOBILE, 1))
        .isEqualTo(IceCheckResult.NOT_AUTHENTIC);
    begin("localufr:remo", HIGH_PRIORITY, true);
    assertThat(judge(writer.finish(second.key()), MOBILE, 1))
        .isEqualTo(IceCheckResult.NOT_AUTHENTIC);
    begin("nextufrg:remo", HIGH_PRIORITY, true);
    assertThat(judge(writer.finish(second.key()), MOBILE, 1))
        .as("the old remote fragment with the new local one")
        .isEqualTo(IceCheckResult.NOT_AUTHENTIC);
    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
  }

  @Test
  void answersAreSignedWithThePasswordOfTheSessionThatTheCheckIsOf() {
    agent.restart(second);

    assertThat(agent.credentials(first.packedLocalFragment())).isSameAs(first);
    assertThat(agent.credentials(second.packedLocalFragment())).isSameAs(second);
    assertThat(agent.credentials(Ufrag.NONE)).isSameAs(first);
  }

  @Test
  void restartThatIsNotCarriedThroughLeavesTheSessionAsItWas() {
    check(first, WIFI, HIGH_PRIORITY, true, 0);
    agent.restart(second);

    for (long nowNs = 0; nowNs <= 60 * SECOND_NS; nowNs += 4 * SECOND_NS) {
      check(first, WIFI, HIGH_PRIORITY, false, nowNs);
      assertThat(agent.poll(nowNs)).isEqualTo(IceState.CONNECTED);
    }

    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
    assertThat(agent.credentials()).isSameAs(first);
  }

  @Test
  void anotherRestartTakesThePlaceOfOneThatWasNotCarriedThrough() {
    IceCredentials third = IceCredentials.of("thirdufr", "a-third-password-of-24-l", "anew");
    check(first, WIFI, HIGH_PRIORITY, true, 0);
    agent.restart(second);
    agent.restart(third);

    assertThat(check(second, WIFI, HIGH_PRIORITY, true, 1)).isEqualTo(IceCheckResult.NOT_AUTHENTIC);
    assertThat(check(third, MOBILE, LOW_PRIORITY, true, 2)).isEqualTo(IceCheckResult.NEW_ADDRESS);
    assertThat(agent.credentials()).isSameAs(third);
  }

  @Test
  void peerThatWasNotHeardOfIsBackByTheFirstCheckOfTheNewSession() {
    check(first, WIFI, HIGH_PRIORITY, true, 0);
    assertThat(agent.poll(20 * SECOND_NS)).isEqualTo(IceState.RECONNECTING);
    agent.restart(second);

    check(second, MOBILE, LOW_PRIORITY, false, 21 * SECOND_NS);

    assertThat(agent.poll(21 * SECOND_NS)).isEqualTo(IceState.CONNECTED);
    assertThat(agent.selectedAddress()).as("of a path that is silent").isEqualTo(MOBILE);
  }

  @Test
  void consentThatExpiresEndsTheSessionThoughARestartWasBegun() {
    check(first, WIFI, HIGH_PRIORITY, true, 0);
    agent.restart(second);

    assertThat(agent.poll(30 * SECOND_NS)).isEqualTo(IceState.CONSENT_EXPIRED);
    check(second, MOBILE, HIGH_PRIORITY, true, 31 * SECOND_NS);

    assertThat(agent.poll(31 * SECOND_NS)).isEqualTo(IceState.CONSENT_EXPIRED);
    assertThat(agent.maySend()).isFalse();
  }

  @Test
  void restartBeforeTheFirstCheckIsTakenToo() {
    agent.restart(second);

    check(second, WIFI, HIGH_PRIORITY, true, 1);

    assertThat(agent.maySend()).isTrue();
    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
  }

  private IceCheckResult check(
      IceCredentials credentials, TransportAddress from, long priority, boolean use, long nowNs) {
    String remote = credentials == first ? "remo" : credentials == second ? "newr" : "anew";
    begin(credentials.localFragment() + ":" + remote, priority, use);
    return judge(writer.finish(credentials.key()), from, nowNs);
  }

  private void begin(String username, long priority, boolean useCandidate) {
    writer
        .begin(buffer, 0, StunType.BINDING_REQUEST, 1, 2)
        .username(username.getBytes(StandardCharsets.US_ASCII))
        .priority(priority)
        .iceControlling(9);
    if (useCandidate) {
      writer.useCandidate();
    }
  }

  private IceCheckResult judge(int length, TransportAddress from, long nowNs) {
    assertThat(request.wrap(buffer, 0, length)).isEqualTo(StunParseResult.VALID);
    return agent.onBindingRequest(request, integrity, from, nowNs);
  }
}
