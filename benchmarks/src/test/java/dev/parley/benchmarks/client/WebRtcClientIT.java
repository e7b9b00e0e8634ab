package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebRtcClientIT {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final VoiceSource TONE = VoiceSource.tone(440, -20);

  private final DtlsClient dtls =
      new DtlsClient(
          DtlsIdentity.selfSigned(Instant.EPOCH, RANDOM),
          DtlsLimits.ofProcessors(2),
          RANDOM,
          System::nanoTime);
  private ClientLoop loop;

  @BeforeEach
  void open() throws Exception {
    loop = new ClientLoop("test");
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void connectsAndHearsItsOwnToneWithoutLoss() throws Exception {
    try (EchoMediaServer server = new EchoMediaServer(0)) {
      WebRtcClient client = start(server, 1);
      awaitReceived(client, 75);

      ClientFigures figures = client.figures().get(5, TimeUnit.SECONDS);
      double heard = client.toneDbov(440).get(5, TimeUnit.SECONDS);
      double other = client.toneDbov(660).get(5, TimeUnit.SECONDS);

      assertThat(figures.state()).isEqualTo(ClientState.CONNECTED);
      assertThat(figures.lost()).isZero();
      assertThat(figures.refused()).isZero();
      assertThat(figures.sent()).isGreaterThanOrEqualTo(figures.received());
      assertThat(figures.latencyUs().getTotalCount()).isEqualTo(figures.received());
      assertThat(heard).isBetween(-30.0, -15.0);
      assertThat(other).isLessThan(heard - 20);
      client.close().get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void lossIsCountedExactly() throws Exception {
    try (EchoMediaServer server = new EchoMediaServer(10)) {
      WebRtcClient client = start(server, 2);
      awaitReceived(client, 90);

      ClientFigures figures = client.figures().get(5, TimeUnit.SECONDS);

      assertThat(figures.lost()).isBetween(figures.received() / 9 - 1, figures.received() / 9);
      client.close().get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatWeLoseOnPurposeIsNoLossOfTheServers() throws Exception {
    try (EchoMediaServer server = new EchoMediaServer(0)) {
      ImpairedNetwork network = new ImpairedNetwork(10, 10, 5, 1);
      WebRtcClient client =
          start(
              server,
              new ClientSettings(
                  4, 1, TONE, 20, false, true, null, network, true, PacketWatch.NONE));
      awaitReceived(client, 150);

      ClientFigures figures = client.figures().get(5, TimeUnit.SECONDS);

      assertThat(figures.lost()).isZero();
      assertThat(figures.refused()).isZero();
      assertThat(figures.injected().lostOut()).isPositive();
      assertThat(figures.injected().lostIn()).isPositive();
      assertThat(figures.injected().delayed()).isPositive();
      assertThat(figures.injected().neverSent()).isBetween(1L, figures.injected().lostOut());
      // An echo sends nothing again.
      assertThat(figures.repair().asked()).isPositive();
      assertThat(figures.repair().neverCame()).isPositive();
      client.close().get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void audioGoesOnFromAnotherPort() throws Exception {
    try (EchoMediaServer server = new EchoMediaServer(0)) {
      WebRtcClient client = start(server, 3);
      awaitReceived(client, 20);
      long before = client.figures().get(5, TimeUnit.SECONDS).received();

      client.changePort(true).get(5, TimeUnit.SECONDS);

      awaitReceived(client, before + 50);
      assertThat(client.figures().get(5, TimeUnit.SECONDS).state())
          .isEqualTo(ClientState.CONNECTED);
      client.close().get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void theSocketOutlivesTheGoodbye() throws Exception {
    try (EchoMediaServer server = new EchoMediaServer(0)) {
      for (int i = 0; i < 10; i++) {
        WebRtcClient client = start(server, 200 + i);

        client.close().get(5, TimeUnit.SECONDS);
        loop.close();

        assertThat(server.hasGoodbyeWithin(5)).as("goodbye of client " + i).isTrue();
        loop = new ClientLoop("test");
      }
    }
  }

  @Test
  void manyClientsShareOneLoop() throws Exception {
    try (EchoMediaServer server = new EchoMediaServer(0)) {
      List<WebRtcClient> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(start(server, 100 + i));
      }
      for (WebRtcClient client : clients) {
        awaitReceived(client, 50);
      }

      FigureSum sum = new FigureSum();
      for (WebRtcClient client : clients) {
        sum.add(client.figures().get(5, TimeUnit.SECONDS));
      }
      ClientFigures figures = sum.figures(ClientState.CONNECTED, "", 0, 0);

      assertThat(figures.lost()).isZero();
      assertThat(figures.received()).isGreaterThanOrEqualTo(500);
      for (WebRtcClient client : clients) {
        client.close().get(5, TimeUnit.SECONDS);
      }
    }
  }

  private WebRtcClient start(EchoMediaServer server, int number) throws Exception {
    return start(server, new ClientSettings(number, 1, TONE, 20, true, true));
  }

  private WebRtcClient start(EchoMediaServer server, ClientSettings settings) throws Exception {
    WebRtcClient client = new WebRtcClient(settings, loop, dtls, settings.number());
    client.start(RemoteDescription.parse(server.answer(client.offer())));
    client.connected().get(20, TimeUnit.SECONDS);
    return client;
  }

  /** Media has no event to wait for but time: 20 ms a packet. */
  private static void awaitReceived(WebRtcClient client, long packets) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (client.figures().get(5, TimeUnit.SECONDS).received() < packets) {
      assertThat(System.nanoTime()).as("received in time").isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
