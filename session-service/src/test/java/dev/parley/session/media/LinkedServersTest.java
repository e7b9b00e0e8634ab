package dev.parley.session.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Acknowledge;
import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Decoded;
import dev.parley.common.control.Fence;
import dev.parley.common.control.Heartbeat;
import dev.parley.common.control.Hello;
import dev.parley.common.control.MediaMessage;
import dev.parley.common.control.Order;
import dev.parley.common.control.Probe;
import dev.parley.common.control.ProbeResult;
import dev.parley.common.control.Quality;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.SessionMessage;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateReport;
import dev.parley.common.control.Welcome;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaEvents;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.MediaServers;
import dev.parley.session.conference.MediaWord;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LinkedServersTest {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  private static final ParticipantId ANA = new ParticipantId("pt_1");
  private static final StateEvent EVENT = new StateEvent.ParticipantConnected(CONFERENCE, 1, ANA);
  private static final long LEASE_NS = TimeUnit.MILLISECONDS.toNanos(3500);
  private static final long DEAD_NS = TimeUnit.SECONDS.toNanos(30);

  private final AtomicLong nowNs = new AtomicLong(1);
  private final Events events = new Events();
  private final LinkedServers servers = newServers(Duration.ofSeconds(5));

  private static MediaServers.Wish anyBut(MediaServer... excluded) {
    return MediaServers.Wish.anywhere(Set.of(excluded));
  }

  @Test
  void aServerIsLiveWhileItBeats() {
    Peer peer = new Peer("ms-1", "i1");
    assertThat(servers.choose(anyBut())).isEqualTo(peer.server);

    nowNs.addAndGet(LEASE_NS + 1);
    assertThat(servers.choose(anyBut())).as("silent").isNull();

    peer.says(new Heartbeat(load(false)));
    assertThat(servers.choose(anyBut())).isEqualTo(peer.server);
    assertThat(servers.choose(anyBut(peer.server))).as("excluded").isNull();

    peer.says(new Heartbeat(load(true)));
    assertThat(servers.choose(anyBut())).as("draining").isNull();
  }

  @Test
  void helloIsAnsweredAndPassedOn() throws InterruptedException {
    Peer peer = new Peer("ms-1", "i1");

    assertThat(peer.next()).isInstanceOf(Welcome.class);
    assertThat(events.next()).isEqualTo("up ms-1 i1");
    Peer second = new Peer("ms-1", "i1");
    assertThat(second.next()).isInstanceOf(Welcome.class);
    second.breakOff();
    peer.breakOff();
    new Peer("ms-1", "i1");
    assertThat(events.next()).as("only when there was no link before").isEqualTo("up ms-1 i1");
  }

  @Test
  void aReportIsAppliedOnceAndAcknowledgedEachTime() throws InterruptedException {
    Peer peer = new Peer("ms-1", "i1");
    peer.next();
    events.next();
    peer.says(new StateReport(1, EVENT));
    assertThat(events.next()).isEqualTo("state i1 1");
    assertThat(peer.next()).isEqualTo(new Acknowledge(1));

    peer.breakOff();
    Peer again = new Peer("ms-1", "i1");
    again.next();
    events.next();
    again.says(new StateReport(1, EVENT));
    assertThat(again.next()).isEqualTo(new Acknowledge(1));
    again.says(new StateReport(2, EVENT));
    assertThat(events.next()).isEqualTo("state i1 2");
  }

  @Test
  void aReportIsAcknowledgedOnlyOnceItIsStored() throws InterruptedException {
    Peer peer = new Peer("ms-1", "i1");
    peer.next();
    events.next();
    events.failures.set(3);

    peer.says(new StateReport(1, EVENT));

    assertThat(events.next()).isEqualTo("state i1 1");
    assertThat(peer.next()).isEqualTo(new Acknowledge(1));
    assertThat(servers.counters().value(ControlCounter.REPORTS_FAILED)).isEqualTo(3);
  }

  @Test
  void anEventOfANewerVersionIsAcknowledgedOrItWouldComeForEver() throws InterruptedException {
    Peer peer = new Peer("ms-1", "i1");
    peer.next();
    events.next();

    peer.saysText("{\"type\":\"state\",\"sequence\":1,\"event\":{\"type\":\"waved\"}}");

    assertThat(peer.next()).isEqualTo(new Acknowledge(1));
    peer.says(new StateReport(2, EVENT));
    assertThat(events.next()).isEqualTo("state i1 2");
  }

  @Test
  void moreReportsThanMayBeUnacknowledgedEndTheLink() throws InterruptedException {
    Peer peer = new Peer("ms-1", "i1");
    events.next();
    events.failures.set(Integer.MAX_VALUE);
    for (int i = 1; i < 2 + 4 * ControlLimits.REPORTS_IN_FLIGHT_MAX && peer.closeCode == 0; i++) {
      peer.says(new StateReport(i, EVENT));
    }
    peer.says(new StateReport(9999, EVENT));

    assertThat(peer.closeCode).isEqualTo(4429);
  }

  @Test
  void anotherIncarnationTakesThePlaceAndTheOldOneNeverReturns() throws InterruptedException {
    Peer old = new Peer("ms-1", "i1");
    events.next();

    Peer fresh = new Peer("ms-1", "i2");

    assertThat(old.closeCode).isEqualTo(4409);
    assertThat(events.next()).isEqualTo("lost ms-1 i1");
    assertThat(events.next()).isEqualTo("up ms-1 i2");
    assertThat(new Peer("ms-1", "i1").closeCode).isEqualTo(4409);
    assertThat(servers.choose(anyBut())).isEqualTo(fresh.server);
  }

  @Test
  void withoutALinkForLongItIsGivenUpAndMayOnlyReturnAsAnother() throws InterruptedException {
    Peer peer = new Peer("ms-1", "i1");
    events.next();
    peer.breakOff();
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(29));
    servers.sweep();
    assertThat(servers.counters().value(ControlCounter.SERVERS_LOST)).isZero();

    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(2));
    sweepUntilLost(1);

    assertThat(events.next()).isEqualTo("lost ms-1 i1");
    Peer back = new Peer("ms-1", "i1");
    assertThat(back.next()).isEqualTo(new Fence());
    assertThat(back.closeCode).isEqualTo(4409);
    assertThat(servers.choose(anyBut())).isNull();
    Peer fresh = new Peer("ms-1", "i2");
    assertThat(events.next()).isEqualTo("up ms-1 i2");
    assertThat(servers.choose(anyBut())).isEqualTo(fresh.server);
  }

  @Test
  void aServerWhoseOwnMachineSaysThatNobodyListensIsGivenUpAtOnce() throws Exception {
    String address;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    Peer peer = new Peer("ms-1", "i1", List.of(address));
    events.next();

    peer.breakOff();

    assertThat(events.next()).as("without a sweep, and no time passed").isEqualTo("lost ms-1 i1");
  }

  @Test
  void aServerThatAnswersProbesOrItsClientsPraiseIsKept() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Peer peer = new Peer("ms-1", "i1", List.of("127.0.0.1:" + silent.getLocalPort()));
      Peer other = new Peer("ms-2", "i1");
      other.next();
      events.next();
      events.next();
      peer.breakOff();
      Probe probe = (Probe) other.next();
      assertThat(probe.addresses()).containsExactly("127.0.0.1:" + silent.getLocalPort());
      other.says(new ProbeResult(probe.id(), true));
      assertThat(servers.wantsTestimony()).isTrue();
      nowNs.addAndGet(TimeUnit.SECONDS.toNanos(9));
      other.says(new Heartbeat(load(false)));

      servers.testify(peer.server, new MediaWord(true, Duration.ofSeconds(1)));
      servers.testify(peer.server, MediaWord.STOPPED);
      servers.sweep();
      Peer again = new Peer("ms-1", "i1");

      assertThat(again.next()).as("nobody gave it up").isInstanceOf(Welcome.class);
      servers.sweep();
      assertThat(servers.wantsTestimony()).isFalse();
    }
  }

  @Test
  void aServerThatHangsIsGivenUpWhenAPeerGetsNoAnswerAndReadsSoWhenItGoesOn() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Peer hanging = new Peer("ms-1", "i1", List.of("127.0.0.1:" + silent.getLocalPort()));
      Peer other = new Peer("ms-2", "i1");
      hanging.next();
      other.next();
      events.next();
      events.next();
      nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(3001));
      other.says(new Heartbeat(load(false)));
      servers.sweep();
      Probe probe = (Probe) other.next();

      other.says(new ProbeResult(probe.id(), false));

      assertThat(events.next()).isEqualTo("lost ms-1 i1");
      assertThat(hanging.next()).isEqualTo(new Fence());
      assertThat(servers.choose(anyBut())).isEqualTo(other.server);
    }
  }

  /** Witnesses are asked on another thread. */
  private void sweepUntilLost(int count) {
    while (servers.counters().value(ControlCounter.SERVERS_LOST) < count) {
      servers.sweep();
      Thread.onSpinWait();
    }
  }

  @Test
  void anOrderIsAnswered() throws Exception {
    Peer peer = new Peer("ms-1", "i1");
    peer.next();
    CompletableFuture<MediaAnswer> answer = order(peer.server);
    Command command = (Command) peer.next();
    assertThat(command.epoch()).isEqualTo(7);

    peer.says(new CommandResult(command.id(), new CommandResult.NotFound()));

    assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(new MediaAnswer.NotFound());
    peer.says(new CommandResult(command.id(), new CommandResult.NotFound()));
    assertThat(servers.counters().value(ControlCounter.RESULTS_LATE)).isEqualTo(1);
  }

  @Test
  void anOrderWaitsForTheLinkToComeBackAndIsRepeatedWithTheSameId() throws Exception {
    Peer peer = new Peer("ms-1", "i1");
    peer.next();
    CompletableFuture<MediaAnswer> answer = order(peer.server);
    Command first = (Command) peer.next();
    peer.breakOff();

    Peer again = new Peer("ms-1", "i1");

    assertThat(again.next()).isInstanceOf(Welcome.class);
    assertThat(again.next()).isEqualTo(first);
    again.says(new CommandResult(first.id(), new CommandResult.Accepted("v=0", null, null)));
    assertThat(answer.get(5, TimeUnit.SECONDS))
        .isEqualTo(new MediaAnswer.Accepted("v=0", null, null));
  }

  @Test
  void anOrderMovesToAnotherLinkAtOnce() throws Exception {
    Peer one = new Peer("ms-1", "i1");
    Peer other = new Peer("ms-1", "i1");
    one.next();
    other.next();
    CompletableFuture<MediaAnswer> answer = order(one.server);
    Command command = (Command) other.next();

    other.breakOff();

    assertThat(one.next()).isEqualTo(command);
    assertThat(answer).isNotDone();
  }

  @Test
  void unknownServersOldIncarnationsAndSilenceAreUnreachableAndNotNotFound() {
    LinkedServers hasty = newServers(Duration.ofNanos(1));
    MediaServer nobody = new MediaServer(new ServerId("ms-9"), "i1", new Region("eu"));
    assertThat(hasty.order(nobody, CONFERENCE, 1, new Order.EndConference()))
        .isInstanceOf(MediaAnswer.Unreachable.class);

    Peer peer = new Peer(hasty, "ms-1", "i2");
    MediaServer old = new MediaServer(new ServerId("ms-1"), "i1", new Region("eu"));
    assertThat(hasty.order(old, CONFERENCE, 1, new Order.EndConference()))
        .isInstanceOf(MediaAnswer.Unreachable.class);

    peer.breakOff();
    nowNs.addAndGet(LEASE_NS + 1);
    assertThat(hasty.order(peer.server, CONFERENCE, 1, new Order.EndConference()))
        .isEqualTo(new MediaAnswer.Unreachable("no link"));
    hasty.close();
  }

  @Test
  void anOrderToAServerThatIsReplacedIsUnreachableAtOnce() throws Exception {
    Peer peer = new Peer("ms-1", "i1");
    peer.next();
    CompletableFuture<MediaAnswer> answer = order(peer.server);
    peer.next();

    new Peer("ms-1", "i2");

    assertThat(answer.get(5, TimeUnit.SECONDS)).isInstanceOf(MediaAnswer.Unreachable.class);
  }

  @Test
  void whatMakesNoSenseEndsTheLink() {
    for (String nonsense :
        List.of("", "[]", "{\"type\":\"heartbeat\"}", "{\"type\":\"acknowledge\",\"x\":")) {
      Peer peer = new Peer("ms-1", "i1");
      peer.saysText(nonsense);
      assertThat(peer.closeCode).as(nonsense).isEqualTo(4400);
    }
    Peer twice = new Peer("ms-1", "i1");
    twice.hello();
    assertThat(twice.closeCode).isEqualTo(4400);

    Peer mute = new Peer(servers, "ms-2", "i1", false);
    mute.says(new Heartbeat(load(false)));
    assertThat(mute.closeCode).isEqualTo(4400);
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() {
    Peer peer = new Peer(servers, "ms-1", "i1", false);
    peer.allowed = "ms-2";

    peer.hello();

    assertThat(peer.closeCode).isEqualTo(4403);
    assertThat(servers.statuses()).isEmpty();
  }

  @Test
  void noHelloAndNoTakingEndTheLinkInTime() {
    Peer silent = new Peer(servers, "ms-1", "i1", false);
    Peer stuck = new Peer("ms-2", "i1");
    stuck.takes = false;
    stuck.link.acknowledge(1);

    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(6));
    long fiveNs = TimeUnit.SECONDS.toNanos(5);
    silent.link.closeIfSilent(nowNs.get(), fiveNs, fiveNs);
    stuck.link.closeIfSilent(nowNs.get(), fiveNs, fiveNs);

    assertThat(silent.closeCode).isEqualTo(4408);
    assertThat(stuck.closeCode).isEqualTo(-1);
  }

  @Test
  void serversAreToldOfEachNodeThatComesAndGoes() throws InterruptedException {
    Peer early = new Peer("ms-1", "i1");
    assertThat(((Welcome) early.next()).nodes()).isEmpty();
    List<URI> nodes =
        List.of(URI.create("ws://127.0.0.1:1/control"), URI.create("ws://127.0.0.1:2/control"));

    servers.announce(nodes);
    servers.announce(nodes);
    servers.announce(nodes.subList(0, 1));

    Welcome first = (Welcome) early.next();
    assertThat(first.nodes()).isEqualTo(nodes);
    assertThat(first.node()).isEqualTo("session-1");
    assertThat(((Welcome) early.next()).nodes()).as("once each").containsExactly(nodes.getFirst());
    Peer late = new Peer("ms-2", "i1");
    assertThat(((Welcome) late.next()).nodes()).containsExactly(nodes.getFirst());
  }

  @Test
  void aServerThatAnotherNodeSeesIsNotGivenUp() throws InterruptedException {
    AtomicBoolean isSeen = new AtomicBoolean(true);
    servers.knowOthers((_, _) -> isSeen.get());
    Peer peer = new Peer("ms-1", "i1");
    events.next();
    peer.breakOff();
    assertThat(servers.linked()).isEmpty();

    nowNs.addAndGet(DEAD_NS + 1);
    servers.sweep();
    assertThat(servers.counters().value(ControlCounter.SERVERS_LOST)).isZero();
    isSeen.set(false);
    sweepUntilLost(1);

    assertThat(events.next()).isEqualTo("lost ms-1 i1");
  }

  @Test
  void speakersArePassedOn() throws InterruptedException {
    Peer peer = new Peer("ms-1", "i1");
    events.next();

    peer.says(new Speakers(CONFERENCE, 1, null, List.of()));

    assertThat(events.next()).isEqualTo("speakers cf_1");
  }

  private LinkedServers newServers(Duration orderTimeout) {
    ControlServerSettings usual =
        ControlServerSettings.onLoopback(
            "session-1", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    LinkedServers made =
        new LinkedServers(
            new ControlServerSettings(
                usual.node(),
                usual.address(),
                null,
                List.of(),
                usual.heartbeat(),
                usual.lease(),
                usual.deadAfter(),
                orderTimeout),
            new Random(1),
            nowNs::get);
    made.reportTo(events);
    return made;
  }

  private CompletableFuture<MediaAnswer> order(MediaServer server) {
    CompletableFuture<MediaAnswer> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> answer.complete(servers.order(server, CONFERENCE, 7, new Order.EndConference())));
    return answer;
  }

  private static ServerLoad load(boolean draining) {
    return new ServerLoad(0.1, 0, 0, 0, 0, 0, draining);
  }

  /** A media server at the other end of a link. */
  private final class Peer implements LinkSocket {
    final MediaServer server;
    final ServerLink link;
    private final ControlCodec codec = new ControlCodec();
    private final BlockingQueue<SessionMessage> heard = new LinkedBlockingQueue<>();
    volatile int closeCode;
    boolean takes = true;
    String allowed;

    Peer(String name, String incarnation) {
      this(servers, name, incarnation);
    }

    Peer(String name, String incarnation, List<String> probes) {
      this(servers, name, incarnation, false);
      hello(probes);
    }

    Peer(LinkedServers to, String name, String incarnation) {
      this(to, name, incarnation, true);
    }

    Peer(LinkedServers to, String name, String incarnation, boolean saysHello) {
      server = new MediaServer(new ServerId(name), incarnation, new Region("eu"));
      allowed = name;
      link = new ServerLink(this, to, called -> called.equals(allowed));
      if (saysHello) {
        hello();
      }
    }

    void hello() {
      hello(List.of());
    }

    void hello(List<String> probes) {
      says(
          new Hello(
              1,
              server.server(),
              server.incarnation(),
              server.region(),
              "1",
              500,
              List.of(),
              probes));
    }

    void says(MediaMessage message) {
      saysText(codec.encode(message));
    }

    void saysText(String text) {
      link.onText(text);
    }

    void breakOff() {
      link.onClosed();
    }

    SessionMessage next() throws InterruptedException {
      SessionMessage message = heard.poll(10, TimeUnit.SECONDS);
      assertThat(message).as("a message in time").isNotNull();
      return message;
    }

    @Override
    public void send(String text) {
      if (codec.decodeSession(text) instanceof Decoded.Message<SessionMessage>(var message)) {
        heard.add(message);
      }
      if (takes) {
        link.onSent();
      }
    }

    @Override
    public void request() {}

    @Override
    public void close(int code, String reason) {
      closeCode = code;
    }

    @Override
    public void abort() {
      closeCode = -1;
    }
  }

  /** The conferences' side. */
  private static final class Events implements MediaEvents {
    final AtomicInteger failures = new AtomicInteger();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Nullable String next() throws InterruptedException {
      return told.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void onServerUp(MediaServer server, List<ConferenceSnapshot> conferences) {
      told.add("up " + server.server() + " " + server.incarnation());
    }

    @Override
    public void onServerLost(MediaServer server) {
      told.add("lost " + server.server() + " " + server.incarnation());
    }

    @Override
    public void onState(MediaServer server, long sequence, StateEvent event) {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("the store does not answer");
      }
      told.add("state " + server.incarnation() + " " + sequence);
    }

    @Override
    public void onSpeakers(MediaServer server, Speakers speakers) {
      told.add("speakers " + speakers.conference());
    }

    @Override
    public void onQuality(MediaServer server, Quality quality) {
      told.add("quality " + quality.conference());
    }
  }
}
