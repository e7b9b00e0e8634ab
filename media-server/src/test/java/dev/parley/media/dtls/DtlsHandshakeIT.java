package dev.parley.media.dtls;

import static dev.parley.media.dtls.RecordingListener.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpProfile;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DtlsHandshakeIT {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DtlsLimits LIMITS =
      new DtlsLimits(1, 64, Duration.ofSeconds(15), Duration.ofMillis(60));
  private static final DtlsIdentity SERVER_IDENTITY =
      DtlsIdentity.selfSigned(Instant.EPOCH, RANDOM);
  private static final DtlsIdentity CLIENT_IDENTITY =
      DtlsIdentity.selfSigned(Instant.EPOCH, RANDOM);

  private final DtlsServer server =
      new DtlsServer(SERVER_IDENTITY, LIMITS, RANDOM, System::nanoTime);
  private final DtlsClient client =
      new DtlsClient(CLIENT_IDENTITY, LIMITS, RANDOM, System::nanoTime);
  private final RecordingListener serverSide = new RecordingListener();
  private final RecordingListener clientSide = new RecordingListener();

  @Test
  void bothSidesExportTheSameKeysForThePreferredProfile() throws Exception {
    LossyPath toClient = LossyPath.perfect();
    LossyPath toServer = LossyPath.perfect();
    connect(toClient, toServer, CLIENT_IDENTITY.fingerprint());

    SrtpKeys keys = await(serverSide.keys);

    assertThat(keys).isEqualTo(await(clientSide.keys));
    assertThat(keys.profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
    assertThat(keys.clientWrite()).isNotEqualTo(keys.serverWrite());
    assertThat(toClient.sent()).allMatch(datagram -> datagram.length <= 1_200);
    assertThat(server.handshakesUnderWay()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void lostRepeatedAndSwappedDatagramsOnlyDelayIt(long seed) throws Exception {
    connect(LossyPath.lossy(seed), LossyPath.lossy(~seed), CLIENT_IDENTITY.fingerprint());

    assertThat(await(serverSide.keys)).isEqualTo(await(clientSide.keys));
  }

  @Test
  void certificateOtherThanTheOneInTheSdpIsRefused() throws Exception {
    connect(LossyPath.perfect(), LossyPath.perfect(), SERVER_IDENTITY.fingerprint());

    assertThat(await(serverSide.failure)).isEqualTo(DtlsFailure.WRONG_FINGERPRINT);
    assertThat(await(clientSide.failure)).isEqualTo(DtlsFailure.REFUSED_BY_PEER);
    assertThat(serverSide.keys).isCompletedExceptionally();
  }

  @Test
  void peersCloseIsNoticed() throws Exception {
    DtlsSession session =
        connect(LossyPath.perfect(), LossyPath.perfect(), CLIENT_IDENTITY.fingerprint());
    await(serverSide.keys);
    await(clientSide.keys);

    session.close();

    assertThat(await(serverSide.closed)).isTrue();
    assertThat(clientSide.closed).isNotDone();
  }

  @Test
  void lostLastFlightIsSentAgainAfterOurSideIsConnected() throws Exception {
    LossyPath toClient = LossyPath.perfect();
    DtlsSession serverSession =
        requireNonNull(
            server.accept(
                CLIENT_IDENTITY.fingerprint(),
                // Until the server says it is connected, its change of cipher and Finished are
                // lost.
                (buffer, offset, length) -> {
                  if ((buffer[offset] != 20 && buffer[offset + 4] == 0)
                      || serverSide.keys.isDone()) {
                    toClient.send(buffer, offset, length);
                  }
                },
                serverSide));
    LossyPath toServer = LossyPath.perfect();
    toServer.leadTo(serverSession);
    toClient.leadTo(
        requireNonNull(client.connect(SERVER_IDENTITY.fingerprint(), toServer, clientSide)));

    assertThat(await(clientSide.keys)).isEqualTo(await(serverSide.keys));
  }

  @Test
  void garbageBeforeTheHelloDoesNoHarm() throws Exception {
    LossyPath toClient = LossyPath.perfect();
    DtlsSession session =
        requireNonNull(server.accept(CLIENT_IDENTITY.fingerprint(), toClient, serverSide));
    Random random = new Random(11);
    for (int i = 0; i < 40; i++) {
      byte[] garbage = new byte[13 + random.nextInt(200)];
      random.nextBytes(garbage);
      garbage[0] = (byte) (20 + random.nextInt(4));
      // A record of the right length but of an epoch, version or type that is not to be.
      garbage[11] = 0;
      garbage[12] = (byte) (garbage.length - 13);
      garbage[3] = 1;
      session.offer(garbage, 0, garbage.length, i * 20_000_000L);
    }
    LossyPath toServer = LossyPath.perfect();
    toServer.leadTo(session);

    toClient.leadTo(
        requireNonNull(client.connect(SERVER_IDENTITY.fingerprint(), toServer, clientSide)));

    assertThat(await(serverSide.keys)).isEqualTo(await(clientSide.keys));
  }

  @Test
  void silentPeersHoldNoProcessorAndEndByTimeout() throws Exception {
    DtlsLimits limits = new DtlsLimits(1, 50, Duration.ofMillis(5_000), Duration.ofMillis(60));
    DtlsServer impatient = new DtlsServer(SERVER_IDENTITY, limits, RANDOM, System::nanoTime);
    List<RecordingListener> silent = new ArrayList<>();
    for (int i = 0; i < 49; i++) {
      silent.add(new RecordingListener());
      assertThat(
              impatient.accept(
                  CLIENT_IDENTITY.fingerprint(), LossyPath.perfect(), silent.getLast()))
          .isNotNull();
    }
    LossyPath toClient = LossyPath.perfect();
    LossyPath toServer = LossyPath.perfect();
    toServer.leadTo(
        requireNonNull(impatient.accept(CLIENT_IDENTITY.fingerprint(), toClient, serverSide)));
    toClient.leadTo(
        requireNonNull(client.connect(SERVER_IDENTITY.fingerprint(), toServer, clientSide)));

    await(serverSide.keys);

    for (RecordingListener listener : silent) {
      assertThat(await(listener.failure)).isEqualTo(DtlsFailure.TIMED_OUT);
    }
    assertThat(impatient.handshakesUnderWay()).isZero();
  }

  @Test
  void floodOfHellosTakesNoMoreThanThePlacesThereAre() throws Exception {
    DtlsLimits limits = new DtlsLimits(1, 10, Duration.ofMillis(500), Duration.ofMillis(200));
    DtlsServer flooded = new DtlsServer(SERVER_IDENTITY, limits, RANDOM, System::nanoTime);
    byte[][] hello = ChromiumClientHello.datagrams();
    int accepted = 0;
    int refused = 0;
    RecordingListener last = new RecordingListener();
    for (int i = 0; i < 10_000; i++) {
      RecordingListener listener = new RecordingListener();
      DtlsSession session =
          flooded.accept(CLIENT_IDENTITY.fingerprint(), (buffer, offset, length) -> {}, listener);
      if (session == null) {
        refused++;
      } else {
        accepted++;
        last = listener;
        session.offer(hello[0], 0, hello[0].length, 0);
        session.offer(hello[1], 0, hello[1].length, 0);
      }
      assertThat(flooded.handshakesUnderWay()).isLessThanOrEqualTo(10);
    }

    assertThat(refused).isPositive();
    assertThat(accepted + refused).isEqualTo(10_000);
    assertThat(await(last.failure)).isEqualTo(DtlsFailure.TIMED_OUT);
  }

  @Test
  void datagramsOfOnePeerAreBoundedPerSecond() {
    DtlsSession session =
        requireNonNull(
            server.accept(CLIENT_IDENTITY.fingerprint(), LossyPath.perfect(), serverSide));
    byte[] record = {20, -2, -3, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1};
    int taken = 0;
    for (int i = 0; i < 1_000; i++) {
      taken += session.offer(record, 0, record.length, i) ? 1 : 0;
    }

    assertThat(taken).isLessThanOrEqualTo(DtlsSession.DATAGRAMS_PER_SECOND_MAX);
    assertThat(session.offer(new byte[2_000], 0, 2_000, 0)).isFalse();
    session.close();
  }

  @Test
  void closeDuringTheHandshakeFreesItsPlaceWithoutACall() throws Exception {
    DtlsSession session =
        requireNonNull(
            server.accept(CLIENT_IDENTITY.fingerprint(), LossyPath.perfect(), serverSide));
    session.close();

    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (server.handshakesUnderWay() > 0 && System.nanoTime() < deadlineNs) {
      Thread.onSpinWait();
    }
    assertThat(server.handshakesUnderWay()).isZero();
    assertThat(serverSide.failure).isNotDone();
    assertThat(session.offer(new byte[] {20, -2, -3, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1}, 0, 14, 0))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chromiumsFragmentedPostQuantumHelloIsAnswered(boolean secondFragmentFirst) throws Exception {
    byte[][] hello = ChromiumClientHello.datagrams();
    LinkedBlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    DtlsSession session =
        requireNonNull(
            server.accept(
                CLIENT_IDENTITY.fingerprint(),
                (buffer, offset, length) ->
                    answers.add(Arrays.copyOfRange(buffer, offset, offset + length)),
                serverSide));
    byte[] first = hello[secondFragmentFirst ? 1 : 0];
    byte[] second = hello[secondFragmentFirst ? 0 : 1];

    assertThat(session.offer(first, 0, first.length, 0)).isTrue();
    assertThat(session.offer(second, 0, second.length, 0)).isTrue();

    byte[] serverHello = requireNonNull(answers.poll(10, TimeUnit.SECONDS));
    assertThat(serverHello[0]).as("a handshake record").isEqualTo((byte) 22);
    assertThat(serverHello[13]).as("a ServerHello, and no HelloVerifyRequest").isEqualTo((byte) 2);
    session.close();
  }

  private DtlsSession connect(
      LossyPath toClient, LossyPath toServer, CertificateFingerprint expectedOfClient) {
    toServer.leadTo(requireNonNull(server.accept(expectedOfClient, toClient, serverSide)));
    DtlsSession session =
        requireNonNull(client.connect(SERVER_IDENTITY.fingerprint(), toServer, clientSide));
    toClient.leadTo(session);
    return session;
  }
}
