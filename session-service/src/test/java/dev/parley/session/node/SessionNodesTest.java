package dev.parley.session.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.store.NodeItems;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SessionNodesTest {
  private static final MediaServer SERVER =
      new MediaServer(new ServerId("ms-1"), "one", new Region("eu"));
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final EmbeddedStore file = EmbeddedStore.inMemory();
  private final NodeItems store = new NodeItems(file.table("ops", Table.OPS.indexes()));
  private final List<MediaServer> linkedToA = new ArrayList<>();
  private final List<MediaServer> linkedToB = new ArrayList<>();
  private long nowNs;
  private final SessionNodes a = node("a", "run-a", linkedToA);
  private final SessionNodes b = node("b", "run-b", linkedToB);

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void nodesFindEachOtherAndWhereMediaServersDialThem() {
    assertThat(a.controls()).containsExactly(control("a"));

    a.run();
    b.run();
    a.run();

    assertThat(a.controls()).containsExactly(control("a"), control("b"));
    assertThat(b.controls()).containsExactly(control("a"), control("b"));
  }

  @Test
  void aNodeThatStandsStillIsGoneAfterItsLease() {
    a.run();
    b.run();
    a.run();

    pass(SessionNodes.LEASE);
    a.run();
    assertThat(a.living()).hasSize(2);
    pass(Duration.ofMillis(1));
    a.run();

    assertThat(a.controls()).containsExactly(control("a"));
    b.run();
    a.run();
    assertThat(a.living()).as("it only slept").hasSize(2);
  }

  @Test
  void aNodeThatEndsIsGoneAtOnce() {
    a.run();
    b.run();
    b.close();
    a.run();

    assertThat(a.controls()).containsExactly(control("a"));
  }

  @Test
  void aServerThatOnlyAnotherNodeSeesIsSeen() {
    linkedToB.add(SERVER);
    b.run();
    a.run();

    assertThat(a.isSeenElsewhere(SERVER, GRACE)).isTrue();
    assertThat(b.isSeenElsewhere(SERVER, GRACE)).as("not by a").isFalse();

    linkedToB.clear();
    b.run();
    for (Duration gone = Duration.ZERO; gone.compareTo(GRACE) <= 0; ) {
      assertThat(a.isSeenElsewhere(SERVER, GRACE)).isTrue();
      pass(SessionNodes.BEAT);
      gone = gone.plus(SessionNodes.BEAT);
      b.run();
      a.run();
    }

    assertThat(a.isSeenElsewhere(SERVER, GRACE)).isFalse();
  }

  @Test
  void whatADeadNodeSawCountsNoLonger() {
    linkedToB.add(SERVER);
    b.run();
    a.run();

    pass(GRACE.plus(SessionNodes.LEASE));
    a.run();

    assertThat(a.isSeenElsewhere(SERVER, GRACE)).isFalse();
  }

  @Test
  void whileTheDirectoryIsNotReadNoServerIsUnseen() {
    a.run();

    pass(SessionNodes.LEASE.plusMillis(1));

    assertThat(a.isSeenElsewhere(SERVER, GRACE)).isTrue();
  }

  @Test
  void twoOfOneNameDoNotBothBeat() {
    a.run();
    SessionNodes twin = node("a", "run-c", List.of());
    twin.run();
    a.run();

    assertThat(a.isDisplaced()).isTrue();
    assertThat(twin.isDisplaced()).isFalse();
    twin.run();
    assertThat(twin.isDisplaced()).isFalse();
    a.close();
    assertThat(store.node("a")).as("the twin's").isNotNull();
  }

  @Test
  void eachShardIsOneNodesAndBothHaveSome() {
    a.run();
    b.run();
    a.run();

    List<String> shards = IntStream.range(0, 32).mapToObj(i -> "work-" + i).toList();

    assertThat(shards).allMatch(shard -> a.isOurs(shard) != b.isOurs(shard));
    assertThat(shards).anyMatch(a::isOurs).anyMatch(b::isOurs);
  }

  private SessionNodes node(String name, String run, List<MediaServer> linked) {
    return new SessionNodes(
        store,
        new SessionNodes.Self(name, run, control(name)),
        () -> nowNs,
        () -> List.copyOf(linked));
  }

  private static URI control(String node) {
    return URI.create("ws://127.0.0.1:1/" + node);
  }

  private void pass(Duration time) {
    nowNs += time.toNanos();
  }
}
