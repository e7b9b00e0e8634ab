package dev.parley.systemtests.show.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.history.History;
import dev.parley.systemtests.nodes.Deployment;
import dev.parley.systemtests.nodes.MediaSeat;
import dev.parley.systemtests.nodes.NodeApi;
import dev.parley.systemtests.nodes.NodeSeat;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.HaProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Two session nodes behind haproxy, with DynamoDB Local on disk and Redis, two media servers, and
 * conferences of two who send each other tones without a pause.
 */
final class Scene implements AutoCloseable {
  private static final List<String> NODES = List.of("one", "two");
  private static final int MEDIA_COUNT = 2;
  private static final int FIRST_TONE_HERTZ = 400;
  private static final int TONE_STEP_HERTZ = 150;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<NodeSeat> nodes = new ArrayList<>();
  private final List<MediaSeat> media = new ArrayList<>();
  private final List<Guest> guests = new ArrayList<>();
  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final int[] tonesHertz;
  private final Path storeFolder;
  private final Deployment deployment;
  private final Guest.Engine engine;
  private final String offer;
  private final Probes probes;

  /**
   * Starts all of it, and the calls.
   *
   * @param conferences how many
   */
  Scene(Path folder, int conferences) throws Exception {
    tonesHertz = new int[2 * conferences];
    for (int i = 0; i < tonesHertz.length; i++) {
      tonesHertz[i] = FIRST_TONE_HERTZ + i * TONE_STEP_HERTZ;
    }
    try {
      storeFolder = Files.createDirectory(folder.resolve("store"));
      deployment =
          closing(
              new Deployment(folder, Deployment.Patience.USUAL, DynamoDbLocal.start(storeFolder)));
      startServers();
      HaProxy balancer = deployment.balancer(nodes.stream().map(NodeSeat::node).toList());
      NodeApi api = closing(new NodeApi(URI.create("http://127.0.0.1:" + balancer.port())));
      DtlsClient dtls = dtls();
      ClientLoop loop = closing(new ClientLoop("guests"));
      engine =
          new Guest.Engine(
              api, deployment.key(), loop, dtls, new Ears(), entry -> entries.add(entry));
      for (int i = 0; i < tonesHertz.length; i += 2) {
        String path = conference();
        guests.add(
            closing(
                new Guest(engine, new Guest.Place(path, "ana", tonesHertz[i], tonesHertz[i + 1]))));
        guests.add(
            closing(
                new Guest(engine, new Guest.Place(path, "ben", tonesHertz[i + 1], tonesHertz[i]))));
      }
      ClientSettings nobody = new ClientSettings(0, 1, VoiceSource.tone(440, -30), 20, false, true);
      offer = new WebRtcClient(nobody, loop, dtls, 1).offer();
      probes = closing(new Probes(engine, conference(), offer));
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  Deployment deployment() {
    return deployment;
  }

  List<NodeSeat> nodes() {
    return nodes;
  }

  List<MediaSeat> media() {
    return media;
  }

  List<Guest> guests() {
    return guests;
  }

  Probes probes() {
    return probes;
  }

  NodeApi api() {
    return engine.api();
  }

  String key() {
    return engine.key();
  }

  /** Of a client that will not connect. */
  String offer() {
    return offer;
  }

  /** Takes down what the history is judged by. */
  Consumer<Entry> seen() {
    return engine.seen();
  }

  /** Ends the probes; returns all that was seen. */
  History history() throws InterruptedException {
    probes.stop();
    entries.add(probes.log());
    return new History(List.copyOf(entries));
  }

  /** Lets one more come in, who is to be closed by whoever asks. */
  Guest guest(Guest.Place place) throws Exception {
    return new Guest(engine, place);
  }

  /** Makes a conference and returns its path. */
  String conference() throws IOException, InterruptedException {
    NodeApi.Reply made = api().post("/v1/conferences", key(), "{}");
    if (!made.isOk()) {
      throw new IOException("no conference: " + made);
    }
    return "/v1/conferences/" + made.body().path("id").asText();
  }

  /** Starts the store's process again, with what the one before kept. */
  void restartStore() throws IOException {
    deployment.storeIs(DynamoDbLocal.start(storeFolder));
  }

  /** Whether every guest hears the other's tone, and no other one. */
  boolean doAllHear() {
    return guests.stream().allMatch(guest -> guest.ear().hearsOnly(tonesHertz));
  }

  /**
   * How many conferences are not as they were: over, without one of their two, or with two who do
   * not hear each other, which is what a split would be.
   */
  int lostCount() throws InterruptedException {
    Set<String> lost = new HashSet<>();
    for (Guest guest : guests) {
      NodeApi.Reply roster = api().get(guest.path() + "/participants", key());
      boolean isThere = false;
      for (JsonNode one : roster.body().path("data")) {
        isThere |= one.path("id").asText().equals(guest.participant());
      }
      if (!isThere || !guest.ear().hearsOnly(tonesHertz)) {
        lost.add(guest.path());
      }
    }
    return lost.size();
  }

  /** Whether each node has a link to each media server, and every guest is on one server alone. */
  boolean areSeatsRight() {
    double seated = 0;
    for (MediaSeat seat : media) {
      seated += Math.max(0, seat.participants());
    }
    boolean areLinked = true;
    for (NodeSeat node : nodes) {
      areLinked &= deployment.metric(node.node(), "parley_media_servers") == media.size();
    }
    return areLinked && seated == guests.size();
  }

  /** How often nodes have given a media server up. */
  double lostServers() {
    double count = 0;
    for (NodeSeat node : nodes) {
      count += Math.max(0, deployment.metric(node.node(), "parley_control_servers_lost_total"));
    }
    return count;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        // What is left is closed all the same; processes end with this one at the latest.
        System.err.println("did not close: " + e);
      }
    }
  }

  /** One after the other, for each needs a processor to start. */
  private void startServers() throws IOException {
    for (String name : NODES) {
      nodes.add(closing(new NodeSeat(deployment, name)));
    }
    for (int i = 0; i < MEDIA_COUNT; i++) {
      int port = nodes.get(i % nodes.size()).linkDoor().port();
      media.add(new MediaSeat(deployment, "ms-" + (i + 1), port));
    }
    nodes.forEach(node -> deployment.awaitMediaServers(node.node(), MEDIA_COUNT));
  }

  private static DtlsClient dtls() throws IOException {
    SecureRandom random = new SecureRandom();
    return new DtlsClient(
        DtlsIdentity.selfSigned(Instant.now(), random),
        DtlsLimits.ofProcessors(1),
        random,
        System::nanoTime);
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.push(part);
    return part;
  }
}
