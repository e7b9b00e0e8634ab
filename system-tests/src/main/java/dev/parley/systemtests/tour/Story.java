package dev.parley.systemtests.tour;

import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.systemtests.nodes.EventsSocket;
import java.net.URI;

/**
 * What the chapters know of each other: who has which credential, and what is where. One thread.
 */
final class Story {
  static final int ANA_HZ = 700;
  static final int BEN_HZ = 1_100;
  private static final int FORWARDED_LINES = 3;

  final TourStage stage;
  final TourLog log;

  /** Where customers and people ask. */
  final Door door;

  /** The customer's server key, with all scopes. */
  String key = "";

  /** The webhook endpoint's path. */
  String endpoint = "";

  long endpointMadeNs;

  /** The conference's path. */
  String conference = "";

  /** Ana moderates; Ben does not. */
  String anaToken = "";

  String benToken = "";
  String anaPath = "";
  String benPath = "";
  WebRtcClient ana;
  WebRtcClient benSends;
  WebRtcClient benHears;

  /** Paths of media sessions. */
  String anaSession = "";

  String benSession = "";

  /** Ana's events. */
  EventsSocket events;

  Story(TourStage stage) {
    this.stage = stage;
    log = stage.log();
    door = stage.door();
    ana = stage.cast().client(ANA_HZ, FORWARDED_LINES);
    benSends = stage.cast().client(BEN_HZ, 1);
    benHears = stage.cast().client(null, 1);
    events = EventsSocket.unconnected();
  }

  /** Everybody needs media once more, on another server. */
  void newClients() {
    ana = stage.cast().client(ANA_HZ, FORWARDED_LINES);
    benSends = stage.cast().client(BEN_HZ, 1);
    benHears = stage.cast().client(null, 1);
  }

  String conferenceId() {
    return conference.substring(conference.lastIndexOf('/') + 1);
  }

  /** A token for somebody, minted by the back end. */
  String token(String identity, String role) {
    return door.post(conference + "/tokens")
        .as(key)
        .json(
            "{\"identity\":\"%1$s\",\"name\":\"%1$s\",\"role\":\"%2$s\"}".formatted(identity, role))
        .expect(201, "a token for " + identity + ", " + role)
        .text("/token");
  }

  /** A socket for events at a node. */
  EventsSocket watch(Door node, String credential, long resumeSeq) {
    String ticket =
        node.post(conference + "/event-tickets")
            .as(credential)
            .expect(201, "a ticket for one socket, good for 30 s")
            .text("/ticket");
    return EventsSocket.connect(
        node.http(),
        URI.create("http://" + node.base().getAuthority()),
        new EventsSocket.Entrance(conferenceId(), ticket),
        resumeSeq);
  }

  /** Fails unless it is so. */
  static void require(boolean holds, String claim) {
    if (!holds) {
      throw new TourException("it is not so: " + claim);
    }
  }
}
