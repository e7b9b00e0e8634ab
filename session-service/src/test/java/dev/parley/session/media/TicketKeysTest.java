package dev.parley.session.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.Decoded;
import dev.parley.common.control.Hello;
import dev.parley.common.control.Quality;
import dev.parley.common.control.SessionMessage;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.TicketKey;
import dev.parley.common.control.Welcome;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.session.conference.MediaEvents;
import dev.parley.session.conference.MediaServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is told the keys of media tickets, and when. */
class TicketKeysTest {
  private static final URI DOOR = URI.create("https://ms-1.example/media");

  private final AtomicReference<String> day = new AtomicReference<>("1");
  private final LinkedServers servers =
      new LinkedServers(
          ControlServerSettings.onLoopback(
              "session-1", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
          new Random(1),
          () -> 1);

  TicketKeysTest() {
    servers.reportTo(new Nobody());
    servers.knowTicketKeys(
        region -> List.of(TicketKey.of(region.value() + "-" + day.get(), new byte[32])));
  }

  @Test
  void serverWithADoorIsToldItsRegionsKeysAndNewOnesInTime() {
    Peer open = new Peer("ms-1", DOOR);
    Peer shut = new Peer("ms-2", null);
    assertThat(keys(open)).containsExactly(List.of("eu-1"));
    assertThat(keys(shut)).containsExactly(List.of());

    servers.sweep();
    day.set("2");
    servers.sweep();
    servers.sweep();
    servers.announce(List.of(URI.create("ws://127.0.0.1:1/control")));

    assertThat(keys(open)).containsExactly(List.of("eu-1"), List.of("eu-2"), List.of("eu-2"));
    assertThat(open.heard.getLast().nodes()).hasSize(1);
    assertThat(keys(shut)).as("nothing but the nodes").containsExactly(List.of(), List.of());
  }

  @Test
  void doorIsKnownUntilTheServerIsGivenUp() {
    Peer open = new Peer("ms-1", DOOR);
    Peer shut = new Peer("ms-2", null);
    assertThat(servers.door(open.server)).isEqualTo(DOOR);
    assertThat(servers.door(shut.server)).isNull();

    open.link.onClosed();
    assertThat(servers.door(open.server)).as("may be in the clients' reach").isEqualTo(DOOR);

    servers.fence(open.server);
    assertThat(servers.door(open.server)).isNull();
  }

  private static List<List<String>> keys(Peer peer) {
    return peer.heard.stream()
        .map(welcome -> welcome.ticketKeys().stream().map(TicketKey::id).toList())
        .toList();
  }

  /** A media server at the other end of a link that takes every frame at once. */
  private final class Peer implements LinkSocket {
    final MediaServer server;
    final ServerLink link;
    final List<Welcome> heard = new ArrayList<>();
    private final ControlCodec codec = new ControlCodec();

    Peer(String name, @Nullable URI door) {
      server = new MediaServer(new ServerId(name), "one", new Region("eu"));
      link = new ServerLink(this, servers, name::equals);
      link.onText(
          codec.encode(
              new Hello(
                  1,
                  server.server(),
                  server.incarnation(),
                  server.region(),
                  "1",
                  500,
                  List.of(),
                  List.of(),
                  door)));
    }

    @Override
    public void send(String text) {
      if (codec.decodeSession(text) instanceof Decoded.Message<SessionMessage>(Welcome welcome)) {
        heard.add(welcome);
      }
      link.onSent();
    }

    @Override
    public void request() {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void abort() {}
  }

  /** What is reported is not looked at here. */
  private static final class Nobody implements MediaEvents {
    @Override
    public void onServerUp(MediaServer server, List<ConferenceSnapshot> conferences) {}

    @Override
    public void onServerLost(MediaServer server) {}

    @Override
    public void onState(MediaServer server, long sequence, StateEvent event) {}

    @Override
    public void onSpeakers(MediaServer server, Speakers speakers) {}

    @Override
    public void onQuality(MediaServer server, Quality quality) {}
  }
}
