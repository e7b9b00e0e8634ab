package dev.parley.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.Limits;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunError;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IceLiteAgentTest {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long HIGH_PRIORITY = 2_130_706_431L;
  private static final long LOW_PRIORITY = 16_777_215L;
  private static final TransportAddress WIFI = udp("192.0.2.1", 5000);
  private static final TransportAddress RELAY = udp("198.51.100.7", 6000);
  private static final TransportAddress OVER_IPV6 = udp("2001:db8::1", 7000);

  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessageWriter writer = new StunMessageWriter(integrity);
  private final StunMessage request = new StunMessage();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);
  private final IceCredentials credentials =
      IceCredentials.of("localufr", "a-password-of-24-letters", "remo");
  private final IceLiteAgent agent = new IceLiteAgent(credentials, IceTimes.DEFAULT, 0);

  @Test
  void theFirstAuthenticCheckOpensThePath() {
    assertThat(agent.selectedAddress()).isNull();
    assertThat(agent.maySend()).isFalse();

    assertThat(check(WIFI, HIGH_PRIORITY, false, 0)).isEqualTo(IceCheckResult.NEW_ADDRESS);

    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
    assertThat(agent.maySend()).isTrue();
    assertThat(agent.isNominated()).isFalse();
    assertThat(check(WIFI, HIGH_PRIORITY, true, 1)).isEqualTo(IceCheckResult.KNOWN_ADDRESS);
    assertThat(agent.isNominated()).isTrue();
  }

  @Test
  void aCheckThatIsNotAuthenticChangesNothing() {
    begin("localufr:remo", HIGH_PRIORITY, true);
    int length = writer.finish(StunKey.ofPassword("another password, 24 long"));

    assertThat(judge(length, WIFI, 0)).isEqualTo(IceCheckResult.NOT_AUTHENTIC);
    assertThat(agent.selectedAddress()).isNull();
    assertThat(agent.poll(0)).isEqualTo(IceState.CHECKING);
  }

  @Test
  void aSignatureUnderAnotherUserNameIsNotAuthentic() {
    for (String username :
        new String[] {"localufr:other", "localufr:rem", "localufr", "localufr:remoo"}) {
      begin(username, HIGH_PRIORITY, true);

      assertThat(judge(writer.finish(credentials.key()), WIFI, 0))
          .isEqualTo(IceCheckResult.NOT_AUTHENTIC);
    }
  }

  @Test
  void anUnsignedCheckIsIncomplete() {
    begin("localufr:remo", HIGH_PRIORITY, true);

    assertThat(judge(writer.finish(), WIFI, 0)).isEqualTo(IceCheckResult.INCOMPLETE);
    assertThat(agent.maySend()).isFalse();
  }

  @Test
  void aPeerThatBelievesToBeControlledIsToldOtherwise() {
    writer
        .begin(buffer, 0, StunType.BINDING_REQUEST, 1, 2)
        .username("localufr:remo".getBytes(StandardCharsets.US_ASCII))
        .priority(1)
        .iceControlled(77);

    IceCheckResult result = judge(writer.finish(credentials.key()), WIFI, 0);

    assertThat(result).isEqualTo(IceCheckResult.ROLE_CONFLICT);
    assertThat(result.error()).isEqualTo(StunError.ROLE_CONFLICT);
    assertThat(agent.maySend()).isFalse();
  }

  @Test
  void mediaFollowsAPeerWhoseNatRebinds() {
    TransportAddress rebound = udp("192.0.2.1", 5001);
    check(WIFI, HIGH_PRIORITY, true, 0);

    check(rebound, HIGH_PRIORITY, true, 20_000_000);

    assertThat(agent.selectedAddress()).isEqualTo(rebound);
  }

  @Test
  void ofSeveralNominatedAtOnceTheBestIsTaken() {
    check(WIFI, HIGH_PRIORITY, true, 0);
    check(RELAY, LOW_PRIORITY, true, 1_000_000);

    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
  }

  @Test
  void aPeerThatMovesToAWorsePathIsFollowedAfterASecond() {
    check(RELAY, LOW_PRIORITY, false, 0);
    check(WIFI, HIGH_PRIORITY, true, 0);

    check(RELAY, LOW_PRIORITY, true, SECOND_NS - 1);
    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
    check(RELAY, LOW_PRIORITY, true, SECOND_NS);
    assertThat(agent.selectedAddress()).isEqualTo(RELAY);
  }

  @Test
  void aCheckWithoutNominationDoesNotMoveMedia() {
    check(WIFI, LOW_PRIORITY, true, 0);
    check(RELAY, HIGH_PRIORITY, false, 4 * SECOND_NS);

    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
  }

  @Test
  void aCheckWithoutNominationMovesMediaFromAPathLongSilent() {
    check(WIFI, HIGH_PRIORITY, true, 0);
    check(RELAY, LOW_PRIORITY, false, 6 * SECOND_NS);

    assertThat(agent.selectedAddress()).isEqualTo(RELAY);
  }

  @Test
  void mediaMovesMediaFromAPathJustSilent() {
    check(WIFI, HIGH_PRIORITY, true, 0);
    check(RELAY, LOW_PRIORITY, false, SECOND_NS / 2);
    agent.onAuthentic(RELAY, SECOND_NS);
    assertThat(agent.selectedAddress()).isEqualTo(WIFI);

    agent.onAuthentic(RELAY, SECOND_NS + 1);

    assertThat(agent.selectedAddress()).isEqualTo(RELAY);
  }

  @Test
  void mediaFromAnAddressWithoutACheckMovesNothing() {
    check(WIFI, HIGH_PRIORITY, true, 0);
    agent.onAuthentic(RELAY, 10 * SECOND_NS);

    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
    assertThat(agent.poll(10 * SECOND_NS)).isEqualTo(IceState.RECONNECTING);
  }

  @Test
  void silenceGoesFromReconnectingToExpiredAndStaysThere() {
    check(WIFI, HIGH_PRIORITY, true, 0);

    assertThat(agent.poll(5 * SECOND_NS - 1)).isEqualTo(IceState.CONNECTED);
    assertThat(agent.poll(5 * SECOND_NS)).isEqualTo(IceState.RECONNECTING);
    assertThat(agent.maySend()).isTrue();
    assertThat(agent.poll(30 * SECOND_NS)).isEqualTo(IceState.CONSENT_EXPIRED);
    assertThat(agent.maySend()).isFalse();
    check(WIFI, HIGH_PRIORITY, true, 31 * SECOND_NS);
    assertThat(agent.poll(31 * SECOND_NS)).isEqualTo(IceState.CONSENT_EXPIRED);
  }

  @Test
  void mediaAloneShowsPresenceButGivesNoConsent() {
    check(WIFI, HIGH_PRIORITY, true, 0);
    for (long nowNs = 0; nowNs < 30 * SECOND_NS; nowNs += SECOND_NS) {
      agent.onAuthentic(WIFI, nowNs);
      assertThat(agent.poll(nowNs)).isEqualTo(IceState.CONNECTED);
    }

    assertThat(agent.poll(30 * SECOND_NS)).isEqualTo(IceState.CONSENT_EXPIRED);
  }

  @Test
  void aCheckAfterReconnectingConnectsAgain() {
    check(WIFI, HIGH_PRIORITY, true, 0);
    agent.poll(6 * SECOND_NS);
    check(WIFI, HIGH_PRIORITY, true, 7 * SECOND_NS);

    assertThat(agent.poll(7 * SECOND_NS)).isEqualTo(IceState.CONNECTED);
  }

  @Test
  void aPeerThatNeverComesTimesOut() {
    assertThat(agent.poll(Limits.CONNECT_TIMEOUT_NS - 1)).isEqualTo(IceState.CHECKING);
    assertThat(agent.poll(Limits.CONNECT_TIMEOUT_NS)).isEqualTo(IceState.CONNECT_TIMEOUT);
  }

  @Property(tries = 200)
  void addressesStayBoundedAndTheSelectedOneIsNeverForgotten(@ForAll long seed) {
    Random random = new Random(seed);
    IceLiteAgent crowded = new IceLiteAgent(credentials, IceTimes.DEFAULT, 0);
    for (int i = 0; i < 200; i++) {
      TransportAddress from = udp("203.0.113.9", 1024 + random.nextInt(40));
      TransportAddress before = crowded.selectedAddress();
      begin("localufr:remo", random.nextInt(5), random.nextInt(4) == 0);
      read(writer.finish(credentials.key()));

      crowded.onBindingRequest(request, integrity, from, i * 100_000_000L);

      assertThat(crowded.selectedAddress()).isNotNull();
      if (before != null) {
        assertThat(crowded.forgottenAddress()).isNotEqualTo(before);
      }
      int kept = 0;
      for (int place = 0; place < crowded.addressCount(); place++) {
        kept += from.equals(crowded.address(place)) ? 1 : 0;
      }
      assertThat(kept).isEqualTo(1);
    }
  }

  @Test
  void theAnswerIsSignedAndTellsThePeerItsAddress() {
    IceAnswerWriter answers = new IceAnswerWriter(integrity);
    for (TransportAddress from : new TransportAddress[] {WIFI, OVER_IPV6}) {
      IceCheckResult result = check(from, HIGH_PRIORITY, true, 0);
      UnsafeBuffer answerBuffer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);

      int length = answers.write(answerBuffer, 0, request, result, from, credentials.key());

      StunMessage answer = new StunMessage();
      assertThat(answer.wrap(answerBuffer, 0, length)).isEqualTo(StunParseResult.VALID);
      assertThat(answer.type()).isEqualTo(StunType.BINDING_SUCCESS);
      assertThat(answer.isAuthentic(integrity, credentials.key())).isTrue();
      assertThat(answer.mappedPort()).isEqualTo(from.socketAddress().getPort());
      byte[] mapped = new byte[16];
      int mappedLength = answer.getMappedAddress(mapped);
      assertThat(java.util.Arrays.copyOf(mapped, mappedLength))
          .isEqualTo(from.socketAddress().getAddress().getAddress());
    }
  }

  @Test
  void anErrorForAStrangerIsNotSigned() {
    begin("localufr:remo", 1, false);
    read(writer.finish(StunKey.ofPassword("another password, 24 long")));
    UnsafeBuffer answerBuffer = new UnsafeBuffer(new byte[StunMessage.LENGTH_MAX]);

    int length =
        new IceAnswerWriter(integrity)
            .write(answerBuffer, 0, request, IceCheckResult.NOT_AUTHENTIC, WIFI, credentials.key());

    StunMessage answer = new StunMessage();
    assertThat(answer.wrap(answerBuffer, 0, length)).isEqualTo(StunParseResult.VALID);
    assertThat(answer.errorCode()).isEqualTo(401);
    assertThat(answer.hasMessageIntegrity()).isFalse();
  }

  @Test
  void generatedCredentialsHaveTheLengthsOfRfc8445AndPackIntoALong() {
    IceCredentials generated = IceCredentials.generate("remo", new Random(1));

    assertThat(generated.localFragment()).hasSize(8).matches("[A-Za-z0-9+/]+");
    assertThat(generated.localPassword()).hasSizeGreaterThanOrEqualTo(22).matches("[A-Za-z0-9+/]+");
    begin(generated.localFragment() + ":remo", 1, false);
    read(writer.finish(generated.key()));
    assertThat(Ufrag.addressed(request)).isEqualTo(generated.packedLocalFragment());
  }

  @Test
  void aUserNameThatCannotBeOursIsAddressedToNobody() {
    for (String username : new String[] {"", "short:remo", "12345678", "123456789:remo"}) {
      begin(username, 1, false);
      read(writer.finish());
      assertThat(Ufrag.addressed(request)).isEqualTo(Ufrag.NONE);
    }
  }

  @Test
  void aClosedAddressIsForgottenAndTheNextOneUsedIsSelected() {
    check(WIFI, HIGH_PRIORITY, true, 0);
    check(RELAY, HIGH_PRIORITY - 1, false, 1);

    agent.onClosed(WIFI);

    assertThat(agent.selectedAddress()).isNull();
    agent.onAuthentic(WIFI, 2);
    assertThat(agent.selectedAddress()).isNull();
    agent.onAuthentic(RELAY, 3);
    assertThat(agent.selectedAddress()).isEqualTo(RELAY);
    // At once, though of lower priority than the one before.
    check(OVER_IPV6, 1, true, 4);
    assertThat(agent.selectedAddress()).isEqualTo(OVER_IPV6);
    agent.onClosed(RELAY);
    assertThat(agent.selectedAddress()).isEqualTo(OVER_IPV6);
  }

  @Test
  void aConnectionAndTheSameAddressByUdpAreTwo() {
    TransportAddress byTcp = new TransportAddress(WIFI.socketAddress(), 1);
    check(WIFI, HIGH_PRIORITY, true, 0);

    assertThat(check(byTcp, 1, false, 1)).isEqualTo(IceCheckResult.NEW_ADDRESS);
    agent.onClosed(byTcp);

    assertThat(agent.selectedAddress()).isEqualTo(WIFI);
  }

  private static TransportAddress udp(String host, int port) {
    return TransportAddress.udp(new InetSocketAddress(host, port));
  }

  private IceCheckResult check(
      TransportAddress from, long priority, boolean nominates, long nowNs) {
    begin("localufr:remo", priority, nominates);
    return judge(writer.finish(credentials.key()), from, nowNs);
  }

  private void begin(String username, long priority, boolean nominates) {
    writer
        .begin(buffer, 0, StunType.BINDING_REQUEST, 1, 2)
        .username(username.getBytes(StandardCharsets.US_ASCII))
        .priority(priority)
        .iceControlling(42);
    if (nominates) {
      writer.useCandidate();
    }
  }

  private IceCheckResult judge(int length, TransportAddress from, long nowNs) {
    read(length);
    return agent.onBindingRequest(request, integrity, from, nowNs);
  }

  private void read(int length) {
    assertThat(request.wrap(buffer, 0, length)).isEqualTo(StunParseResult.VALID);
  }
}
